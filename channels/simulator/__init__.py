"""Where is the browser phone? A page and its files; the demo mounts them, production does not.

The page runs in the browser and calls the same endpoints as the operators' gateways and, for SMS and
M-Pesa prompts, the sandbox's handset. Nothing here knows a member or a loan.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from channels.networks import Network

_FOLDER = Path(__file__).parent / "assets"

# The page holds no inline script or style and fetches from its own host only, so the policy can be this short.
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # Revalidated by ETag at every load: the files keep their names when they change.
    "Cache-Control": "no-cache",
}


class _Assets(StaticFiles):
    """The simulator's own files, each with the page's headers."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response


def routes(networks: Mapping[str, Network]) -> list[BaseRoute]:
    """The phone at `/` and its files under `/simulator/`; it offers these networks."""
    offered = _manners(networks.values())
    assets = _Assets(directory=_FOLDER)

    async def page(request: Request) -> Response:
        return await assets.get_response("phone.html", request.scope)

    async def manners(_: Request) -> Response:
        return Response(offered, media_type="application/json", headers=dict(_HEADERS))

    return [
        Route("/", page),
        Route("/simulator/networks.json", manners),
        Mount("/simulator", assets, name="simulator"),
    ]


def _manners(networks: Iterable[Network]) -> bytes:
    """The profiles as the page reads them, in the order in which they are offered."""
    return msgspec.json.encode(list(networks))
