"""Is the browser phone served whole, from this host alone? And does it speak the gateway's form as we do?"""

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from channels import simulator
from channels.networks import PLAYED, Network
from core.phone import Msisdn
from imarisha import gateway

ASSETS = Path(simulator.__file__).parent / "assets"
FILES = sorted(path.name for path in ASSETS.iterdir())
SCRIPTS = [name for name in FILES if name.endswith(".js")]
# The name of a language, not an address that is fetched.
SVG_NAMESPACE = "http://www.w3.org/2000/svg"


def _client() -> httpx.AsyncClient:
    app = Starlette(routes=simulator.routes(PLAYED))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://society")


def _text(name: str) -> str:
    return (ASSETS / name).read_text("utf-8")


class _Page(HTMLParser):
    """What the page refers to, and what a strict policy would forbid."""

    def __init__(self) -> None:
        super().__init__()
        self.references: list[str] = []
        self.classes: set[str] = set()
        self.ids: set[str] = set()
        self.forbidden: list[str] = []
        self._in_script = False
        self.feed(_text("phone.html"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.references += [given[name] for name in ("src", "href") if name in given]
        self.classes |= set(given.get("class", "").split())
        self.ids |= {given["id"]} if "id" in given else set()
        self.forbidden += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.forbidden += [tag] if tag == "style" else []
        self._in_script = tag == "script"

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.forbidden.append("inline script")
        self._in_script = False


def _assert_strict(response: httpx.Response) -> None:
    assert response.headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cache-control"] == "no-cache"


async def test_the_page_stands_at_the_root_with_strict_headers() -> None:
    async with _client() as client:
        response = await client.get("/")

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    _assert_strict(response)


@pytest.mark.parametrize("name", FILES)
async def test_every_file_is_served_with_its_type_and_strict_headers(name: str) -> None:
    kind = {".html": "html", ".css": "css", ".js": "javascript", ".svg": "svg"}[Path(name).suffix]

    async with _client() as client:
        response = await client.get(f"/simulator/{name}")

    assert response.status_code == 200
    assert kind in response.headers["content-type"]
    assert response.text == _text(name)
    _assert_strict(response)


async def test_a_file_that_did_not_change_is_not_sent_again() -> None:
    async with _client() as client:
        first = await client.get("/simulator/phone.js")
        again = await client.get("/simulator/phone.js", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/simulator/none.js", "/simulator/", "/simulator/..%2F__init__.py"])
async def test_nothing_else_is_served(path: str) -> None:
    async with _client() as client:
        assert (await client.get(path)).status_code == 404


async def test_the_page_takes_no_posts() -> None:
    async with _client() as client:
        assert (await client.post("/")).status_code == 405
        assert (await client.post("/simulator/phone.js")).status_code == 405


def test_the_page_holds_nothing_inline() -> None:
    assert _Page().forbidden == []


def test_references_of_the_page_resolve() -> None:
    references = [reference for reference in _Page().references if not reference.startswith("#")]

    assert references
    for reference in references:
        assert reference.removeprefix("/simulator/") in FILES, reference


@pytest.mark.parametrize("name", SCRIPTS)
def test_imports_of_a_script_resolve_to_what_is_exported(name: str) -> None:
    for names, module in re.findall(r"import \{([^}]*)\} from \"\./([^\"]+)\"", _text(name)):
        for imported in names.split(","):
            exported = rf"export (?:async )?(?:function|class|const) {imported.strip()}\b"
            assert re.search(exported, _text(module)), f"{imported} from {module}"


@pytest.mark.parametrize("name", FILES)
def test_no_file_names_another_host(name: str) -> None:
    text = _text(name).replace(SVG_NAMESPACE, "")

    assert "://" not in text
    assert not re.search(r"""(?:src|href|url\(|from|import\(|fetch\()\s*=?\s*["'(]//""", text)
    assert "@import" not in text
    assert "url(" not in text


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_a_script_looks_for_stands_in_the_page(name: str) -> None:
    page = _Page()
    script = _text(name)

    for found in re.findall(r"(?:this\.#?at|screen\.at|\bon)\(\"([a-z-]+)\"", script):
        assert found in page.classes, found
    for found in re.findall(r"(?<![.#\w])at\(\"([a-z-]+)\"\)", script):
        assert found in page.ids, found
    for found in re.findall(r"querySelector\(\"\.([a-z-]+)\"\)", script):
        assert found in page.classes, found


def test_browser_and_terminal_call_the_same_gateway() -> None:
    script = _text("gateway.js")

    assert f'SERVICE_CODE = "{gateway.SERVICE_CODE}"' in script
    assert f'CONNECTION_PROBLEM = "{gateway.CONNECTION_PROBLEM}"' in script
    assert f'PATH = "{gateway.USSD_PATH}"' in script
    assert f'STEP_HEADER = "{gateway.STEP_HEADER}"' in script
    assert f"ANSWER_SECONDS = {gateway.ANSWER_SECONDS_MAX};" in script


async def test_the_page_is_told_the_networks_with_their_manners() -> None:
    async with _client() as client:
        response = await client.get("/simulator/networks.json")

    told = response.json()
    assert [each["code"] for each in told] == list(PLAYED)
    assert {name for each in told for name in each} == set(Network.__struct_fields__)
    _assert_strict(response)
    script = _text("gateway.js") + _text("handset.js")
    for manner in Network.__struct_fields__:
        assert re.search(rf"\b{manner}\b", script), manner


def test_people_of_the_phone_book_have_real_numbers_once() -> None:
    numbers = re.findall(r'number: "([^"]+)"', _text("people.js"))

    assert numbers == sorted(set(numbers))
    assert [Msisdn.parse(number).e164 for number in numbers] == numbers


def test_every_kind_of_file_is_packed_into_a_wheel() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))

    packed = project["tool"]["setuptools"]["package-data"]["*"]

    assert {f"*{Path(name).suffix}" for name in FILES} <= set(packed)
