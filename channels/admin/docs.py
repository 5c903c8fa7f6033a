"""Where do people read what the API offers? A page of our own host: nothing on it is fetched from elsewhere."""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_OWN: Final = Path(__file__).parent / "assets"
# Swagger UI sets styles on elements and draws with data URLs; scripts come from this host only.
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class _Assets(StaticFiles):
    """Files of the page, each with its headers."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response


def routes() -> list[BaseRoute]:
    """The page at /docs and its files. Swagger UI's own come with the package fastapi-offline."""
    own = _Assets(directory=_OWN)
    with resources.as_file(resources.files("fastapi_offline") / "static") as folder:
        swagger_ui = _Assets(directory=folder)

    async def page(request: Request) -> Response:
        return await own.get_response("docs.html", request.scope)

    return [
        Mount("/docs/ui", swagger_ui, name="swagger-ui"),
        Mount("/docs/own", own, name="docs-own"),
        Route("/docs", page),
    ]


def describe(app: FastAPI, problem_schema: Mapping[str, object], field_schema: Mapping[str, object]) -> None:
    """Have the OpenAPI description hold the problem document that every route refers to."""
    plain = app.openapi

    def described() -> dict[str, object]:
        description: dict[str, object] = plain()
        components = description.setdefault("components", {})
        if isinstance(components, dict):
            schemas = components.setdefault("schemas", {})
            schemas |= {"Problem": dict(problem_schema), "FieldProblem": dict(field_schema)}
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
        return description

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way to extend the description
