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


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, with the first difference or what isn't supported."""

    verdict: Verdict
    detail: str = ""


OK = Outcome(Verdict.OK)


def differs(first_difference: str) -> Outcome:
    return Outcome(Verdict.DIFFERS, first_difference)


def unsupported(what: str) -> Outcome:
    return Outcome(Verdict.UNSUPPORTED, what)


Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Case: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Adapter:
    """How the cases of one file format are run, and by which field of theirs results are counted."""

    run: Callable[[Case], Outcome]
    convention_of: Callable[[Case], str]
