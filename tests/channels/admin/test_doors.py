"""Does every route say who may come in, and does it hold to it?"""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from channels.admin.application import create_admin
from channels.admin.doors import Needs, anybody
from core.staff.permissions import Permission
from tests.channels.admin.conftest import V1, Person, fresh_key
from tests.world import World

OPEN = {"POST /v1/sign-in", "POST /v1/refresh", "GET /v1/demo/second-factor"}
ABOUT_ONESELF = {
    "POST /v1/sign-out",
    "GET /v1/me",
    "GET /v1/me/sessions",
    "POST /v1/me/password",
    "POST /v1/me/recovery-codes",
}
# The permission is that of the action which is decided on.
BY_ACTION = {
    "POST /v1/approvals/{request_id}/approve",
    "POST /v1/approvals/{request_id}/reject",
    "POST /v1/approvals/{request_id}/withdraw",
}
GIVEN_ONCE = {"POST /v1/sign-in", "POST /v1/refresh", "POST /v1/sign-out"} | {
    path for path in ABOUT_ONESELF if path.startswith("POST")
}


def application(world: World) -> FastAPI:
    return create_admin(world.system.admin)


def routes(app: FastAPI) -> dict[str, RouteContext]:
    """Every route of the API by method and path, those of included routers too."""
    return {
        f"{method} {context.path}": context
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
        for method in context.original_route.methods or ()
    }


def calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from calls(inner)


def doors(route: RouteContext) -> list[Permission | str | None]:
    """What the route asks for: a permission, None for any of staff, "open"."""
    asked: list[Permission | str | None] = []
    for call in calls(route.dependant):
        if isinstance(call, Needs):
            asked.append(call.permission)
        elif call is anybody:
            asked.append("open")
    return asked


def test_every_route_says_who_may_come_in(world: World) -> None:
    found = routes(application(world))
    assert len(found) > 25

    asked = {name: doors(route) for name, route in found.items()}

    assert {name for name, doors in asked.items() if len(doors) != 1} == set()
    assert {name for name, doors in asked.items() if doors == ["open"]} == OPEN
    assert {name for name, doors in asked.items() if doors == [None]} == ABOUT_ONESELF | BY_ACTION


def test_every_permission_opens_something(world: World) -> None:
    by_routes = {door for route in routes(application(world)).values() for door in doors(route)}
    by_actions = {action.approve for action in world.system.admin.actions.values()}

    assert set(Permission) - by_routes - by_actions == set()


def test_every_write_is_done_once(world: World) -> None:
    for name, route in routes(application(world)).items():
        if name.startswith("POST") and name not in GIVEN_ONCE:
            assert "Idempotency-Key" in _headers(route.dependant), name


def _headers(dependant: Dependant) -> Iterator[str]:
    yield from (header.alias for header in dependant.header_params)
    for inner in dependant.dependencies:
        yield from _headers(inner)


async def test_without_a_token_no_route_opens(world: World) -> None:
    for name in routes(application(world)):
        if name in OPEN:
            continue
        method, path = name.split(" ")
        filled = path.replace("{", "").replace("}", "").replace("job_id", "1")

        answer = await world.http.request(method, f"/admin{filled}", headers=fresh_key(), json={})

        assert answer.status_code == 401, name
        assert answer.json()["code"] == "staff.token_refused"


async def test_a_teller_does_not_come_in_where_tellers_do_not(teller: Person) -> None:
    for method, path in [
        ("GET", "/audit"),
        ("GET", "/work/incidents"),
        ("GET", "/work/failed-jobs"),
        ("POST", "/work/incidents/pay_1/close"),
        ("POST", "/work/failed-jobs/1/retry"),
        ("GET", "/staff"),
        ("POST", "/staff/stf_1/unlock"),
        ("POST", "/staff/stf_1/sessions/end"),
    ]:
        answer = await (teller.get(path) if method == "GET" else teller.post(path, {"reason": "because"}))
        assert answer.status_code == 403, path
        assert answer.json()["code"] == "staff.not_permitted"


async def test_a_body_that_is_too_long_is_refused(world: World) -> None:
    answer = await world.http.post(f"{V1}/sign-in", content=b'{"email": "' + b"x" * 70_000 + b'"}')

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_that_is_not_as_described_is_refused_without_repeating_it(world: World) -> None:
    secret = b'{"email": "a@b", "password": "secret-word"}'

    for content in (b"", b"{", b"[]", b"null", b'{"email": 1}', b"\xff\xfe", secret):
        answer = await world.http.post(
            f"{V1}/sign-in", content=content, headers={"content-type": "application/json"}
        )
        assert answer.status_code == 422, content
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"]
        assert "secret-word" not in answer.text


async def test_a_misspelt_field_is_named(teller: Person) -> None:
    answer = await teller.post("/members", {"firstname": "Jane"})

    fields = {each["field"] for each in answer.json()["errors"]}
    assert {"body.firstname", "body.first_name"} <= fields


async def test_nothing_on_the_way_may_keep_an_answer_but_the_documentation(
    world: World, teller: Person
) -> None:
    answers = [await teller.get("/me"), await teller.get("/audit"), await world.http.get(f"{V1}/nothing")]

    assert [answer.headers["cache-control"] for answer in answers] == ["no-store"] * 3
    assert (await world.http.get("/admin/docs")).headers["cache-control"] == "no-cache"


async def test_an_unknown_path_and_a_wrong_method_are_problems_too(world: World) -> None:
    unknown = await world.http.get(f"{V1}/nothing")
    wrong = await world.http.delete(f"{V1}/me")

    assert (unknown.status_code, unknown.json()["code"]) == (404, "http.404")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "http.405")
    assert wrong.headers["allow"] == "GET"


async def test_the_description_names_every_route_and_fetches_nothing(world: World) -> None:
    described = (await world.http.get("/admin/openapi.json")).json()

    assert described["openapi"].startswith("3.1")
    assert "/admin/v1/members/{member_id}" in {
        f"{described.get('servers', [{'url': ''}])[0]['url']}{path}" for path in described["paths"]
    }
    schemas = described["components"]["schemas"]
    assert {"Problem", "FieldProblem"} <= schemas.keys()
    assert "HTTPValidationError" not in str(described)


async def test_the_page_of_the_description_is_all_our_own(world: World) -> None:
    page = await world.http.get("/admin/docs")

    assert page.status_code == 200
    assert "://" not in page.text
    for path in ("ui/swagger-ui-bundle.js", "ui/swagger-ui.css", "ui/favicon.png", "own/docs.js"):
        assert f"docs/{path}" in page.text
        file = await world.http.get(f"/admin/docs/{path}")
        assert file.status_code == 200
        assert "default-src 'self'" in file.headers["content-security-policy"]
