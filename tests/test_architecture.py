"""Does the code keep the shape we agreed on? Sizes, floats, the clock, a sentence for every refusal.

Import rules are import-linter's, run by `make check`. Each list of exceptions fails on a new one and on a stale one.
"""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from core.errors import ImarishaError, Refusal, Trouble
from dialogs.catalogue import LANGUAGES

ROOT = Path(__file__).parents[1]
PRODUCT = ("core", "dialogs", "nlu", "channels", "integrations", "imarisha")

FILE_LINES_MAX = 400
LONG_FILES = frozenset(
    {
        "imarisha/institution.py",  # a list of people
        "tests/dialogs/test_calls.py",
        "tests/dialogs/test_turns.py",
        "tests/test_repayment.py",
    }
)

FUNCTION_LINES_MAX = 60
LONG_FUNCTIONS = frozenset({"migrations/versions/20261121_foundation.py upgrade"})  # a list of tables

# Seconds, never money.
FILES_WITH_FLOATS = frozenset({"core/db/pool.py"})

_BY_STAFF = "refusal.members.pin_locked_by_staff"


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_no_file_is_longer_than_four_hundred_lines_but_those_named_here() -> None:
    every = files(*PRODUCT, "migrations", "tests")

    long = {
        named(path) for path in every if len(path.read_text(encoding="utf-8").splitlines()) > FILE_LINES_MAX
    }

    assert len(every) > 200
    assert long == LONG_FILES


def test_no_function_is_longer_than_sixty_lines_but_those_named_here() -> None:
    long = {
        f"{named(path)} {function.name}"
        for path in files(*PRODUCT, "migrations", "tests")
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION_LINES_MAX
    }

    assert long == LONG_FUNCTIONS


def test_no_money_is_a_float() -> None:
    def is_float(node: ast.AST) -> bool:
        is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
        return is_literal or (isinstance(node, ast.Name) and node.id == "float")

    with_floats = {
        named(path) for path in files("core") if any(is_float(node) for node in ast.walk(tree(path)))
    }

    assert with_floats == FILES_WITH_FLOATS


def test_the_machine_s_date_and_time_are_read_in_one_place() -> None:
    def reads_the_time(node: ast.AST) -> bool:
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            return False
        return (node.value.id, node.attr) in {
            ("datetime", "now"),
            ("datetime", "utcnow"),
            ("datetime", "today"),
            ("date", "today"),
            ("time", "time"),
        }

    readers = {
        named(path) for path in files(*PRODUCT) if any(reads_the_time(node) for node in ast.walk(tree(path)))
    }

    assert readers == {"core/clock.py"}


def test_every_file_says_what_question_it_answers() -> None:
    silent = [
        named(path)
        for path in files(*PRODUCT, "migrations")
        if tree(path).body and ast.get_docstring(tree(path)) is None
    ]

    assert silent == []


def test_no_file_is_named_after_nothing() -> None:
    empty_words = {
        "utils",
        "util",
        "helpers",
        "helper",
        "manager",
        "managers",
        "common",
        "misc",
        "base",
        "data",
    }

    assert [named(path) for path in files(*PRODUCT) if path.stem in empty_words] == []


def kinds(kind: type[ImarishaError]) -> Iterator[type[ImarishaError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from kinds(narrower)


def texts(language: str) -> set[str]:
    """The keys of a language, read without our own loader."""

    def flat(table: dict[str, object], prefix: str) -> Iterator[str]:
        for name, entry in table.items():
            if isinstance(entry, dict):
                yield from flat(entry, f"{prefix}{name}.")
            elif entry:
                yield f"{prefix}{name}"

    content = (ROOT / "dialogs" / "texts" / f"{language}.toml").read_text(encoding="utf-8")
    return set(flat(tomllib.loads(content), ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_sentence_in_every_language(language: str) -> None:
    wanted = {f"refusal.{kind.code}" for kind in kinds(Refusal)} | {_BY_STAFF}

    assert len(wanted) > 15
    assert wanted - texts(language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_kept_for_a_refusal_that_is_gone(language: str) -> None:
    known = {f"refusal.{kind.code}" for kind in kinds(Refusal)} | {_BY_STAFF}

    assert {key for key in texts(language) if key.startswith("refusal.")} - known == set()


def test_every_code_is_one_error_s_own() -> None:
    ours = [kind for kind in kinds(ImarishaError) if kind.__module__.startswith("core.errors.")]

    codes = [kind.code for kind in ours]

    assert len(set(codes)) == len(codes)
    assert all(issubclass(kind, Refusal | Trouble) for kind in ours if kind is not ImarishaError)
