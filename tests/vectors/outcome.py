"""What came of running one case of a vector file through the core?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Verdict(StrEnum):
    """How ours compares with what the case expects."""

    OK = "ok"
    DIFFERS = "differs"
    UNSUPPORTED = "unsupported"

    FAULTY = "faulty"
    """The case can't be run, or expects nothing that could be compared."""


class FaultyCase(Exception):
    """The case is broken in itself, and how."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, with the first difference, what isn't supported, or what is broken."""

    verdict: Verdict
    detail: str = ""


OK = Outcome(Verdict.OK)


def differs(first_difference: str) -> Outcome:
    return Outcome(Verdict.DIFFERS, first_difference)


def unsupported(what: str) -> Outcome:
    return Outcome(Verdict.UNSUPPORTED, what)


def faulty(what: str) -> Outcome:
    return Outcome(Verdict.FAULTY, what)


Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Case: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Adapter:
    """How the cases of one file format are run, and by which field of theirs results are counted.

    `run` may raise FaultyCase, and whatever comes of reading a case that is broken.
    """

    run: Callable[[Case], Outcome]
    convention_of: Callable[[Case], str]

    def outcome_of(self, case: Json) -> Outcome:
        """What comes of anything that stands where a case should: never an exception."""
        if not isinstance(case, dict):
            return faulty("not an object")
        try:
            return self.run(case)
        except FaultyCase as error:
            return faulty(str(error))
        except KeyError as error:
            return faulty(f"no field {error}")
        except Exception as error:  # noqa: BLE001 (what breaks on one case must not keep the others from being run)
            return faulty(" ".join(f"{type(error).__name__} {error}".split()))


def object_in(case: Case, name: str) -> dict[str, Json]:
    """A field that has to be an object with something in it. Raises FaultyCase."""
    value = case.get(name)
    if not isinstance(value, dict) or not value:
        raise FaultyCase(f"{name} is not there" if name not in case else f"{name} is no object with fields")
    return value


def list_in(case: Case, name: str) -> list[dict[str, Json]]:
    """A field that has to be a list of objects. Raises FaultyCase."""
    value = case.get(name)
    if not isinstance(value, list):
        raise FaultyCase(f"{name} is not there" if name not in case else f"{name} is no list")
    objects = [each for each in value if isinstance(each, dict)]
    if len(objects) != len(value):
        raise FaultyCase(f"{name} has more than objects")
    return objects


def steps_in(case: Case) -> list[dict[str, Json]]:
    """The steps of a case that expects something. Raises FaultyCase."""
    steps = list_in(case, "steps")
    if not all(isinstance(step.get("op"), str) for step in steps):
        raise FaultyCase("a step has no op")
    if not any(str(step["op"]).startswith("expect") for step in steps):
        raise FaultyCase("no step expects anything")
    return steps
