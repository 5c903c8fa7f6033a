"""Does every text and number of every route have to be one that we could store and show?"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.admin.plain_text import TEXT_MAX, fault_of
from tests.channels.admin.conftest import V1, Person, fresh_key
from tests.world import World

FAULTY = ["a\0b", "\u202eevil", "tab\there", "x" * (TEXT_MAX + 1)]
NUMBERS = ["9" * 25, "-1", "1e5", "\u00b2"]


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), max_size=TEXT_MAX))
def test_what_shows_is_taken(text: str) -> None:
    assert fault_of(text) is None


@given(st.text(), st.characters(categories=["Cc", "Cs"]) | st.sampled_from("\u202e\u2066\u200f"), st.text())
def test_what_does_not_show_is_refused_wherever_it_stands(before: str, hidden: str, after: str) -> None:
    assert fault_of(before + hidden + after) is not None


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def filled(path: str, name: str = "", text: str = "") -> str:
    for part in ("{", "}"):
        path = path.replace(part, "\0" if part == "{" else "\1")
    parts = path.split("\0")
    out = [parts[0]]
    for part in parts[1:]:
        parameter, rest = part.split("\1")
        out.append((quote(text, safe="") if parameter == name else "1") + rest)
    return "/admin" + "".join(out)


async def test_no_route_takes_a_faulty_text_in_its_path_or_query(world: World, admin: Person) -> None:
    described = (await world.http.get("/admin/openapi.json")).json()
    asked = 0
    for method, path, operation in operations(described):
        for parameter in operation.get("parameters", ()):
            where, name = parameter["in"], parameter["name"]
            if where not in {"path", "query"}:
                continue
            kinds = [each.get("type") for each in parameter["schema"].get("anyOf", [parameter["schema"]])]
            for text in FAULTY + (NUMBERS if "integer" in kinds else []):
                answer = await world.http.request(
                    method,
                    filled(path, name, text) if where == "path" else filled(path),
                    params={name: text} if where == "query" else None,
                    headers={**admin.headers, **fresh_key()},
                )
                assert answer.status_code == 422, (method, path, name, text)
                assert f"{where}.{name}" in {each["field"] for each in answer.json()["errors"]}
                asked += 1
    assert asked > 100


def texts(
    schema: dict[str, Any], schemas: dict[str, Any], place: str = "body"
) -> Iterator[tuple[str, Callable[[str], object]]]:
    """The place of each text in a body, and how to send one there."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    for choice in schema.get("anyOf", ()):
        yield from texts(choice, schemas, place)
    if schema.get("type") == "string":
        yield place, str
    for name, inner in schema.get("properties", {}).items():
        for where, send in texts(inner, schemas, f"{place}.{name}"):
            yield where, partial(_in_field, name, send)
    if schema.get("type") == "array":
        # A list of plain texts is refused as a whole.
        inside = place if schema["items"].get("type") == "string" else f"{place}.0"
        for where, send in texts(schema["items"], schemas, inside):
            yield where, partial(_in_list, send)


def _in_field(name: str, send: Callable[[str], object], text: str) -> object:
    return {name: send(text)}


def _in_list(send: Callable[[str], object], text: str) -> object:
    return [send(text)]


async def test_no_route_takes_a_faulty_text_in_its_body(world: World, admin: Person) -> None:
    described = (await world.http.get("/admin/openapi.json")).json()
    schemas = described["components"]["schemas"]
    asked = 0
    for method, path, operation in operations(described):
        body = operation.get("requestBody")
        if body is None:
            continue
        for place, send in texts(body["content"]["application/json"]["schema"], schemas):
            for text in FAULTY:
                answer = await world.http.request(
                    method, filled(path), json=send(text), headers={**admin.headers, **fresh_key()}
                )
                assert answer.status_code == 422, (path, place, text)
                assert place in {each["field"] for each in answer.json()["errors"]}, (path, place, text)
                asked += 1
    assert asked > 50


@pytest.mark.parametrize("path", ["/demo/second-factor?email=%00", "/demo/second-factor?email=a&other=%00"])
async def test_strangers_are_refused_too(world: World, path: str) -> None:
    assert (await world.http.get(V1 + path)).status_code == 422
