"""Cases of loan schedules: terms in, rows and totals out, compared figure by figure.

The rows are made by what `imarisha schedule` prints; only dates that a case declares as given are taken from it.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import cast

import msgspec

from core.errors import Refusal
from imarisha.schedule_answer import Answer, answer
from imarisha.schedule_request import ScheduleRequest, UnknownConvention, WrongRequest
from tests.vectors.outcome import (
    OK,
    Adapter,
    Case,
    FaultyCase,
    Json,
    Outcome,
    differs,
    list_in,
    object_in,
    unsupported,
)

# Spot checks are rounded for the comparison alone, so they are calculated on a far finer scale than they are shown.
_SPOT_CHECKS: dict[str, dict[str, Json]] = {
    "FR-CEIL": {
        "currency": {"code": "XXX", "decimals": 8},
        "rounding": {"installment_multiple": "1", "installment_mode": "ceiling"},
    }
}
# A value or field of a convention that isn't ours; every other error of form is the case's own.
_NOT_KNOWN_TO_US = ("Invalid enum value", "Object contains unknown field")
_NO_FIGURES = frozenset({"n", "due_date", "kind"})
_SPECIAL = ("down_payment", "disbursement_fee")


def run(case: Case) -> Outcome:
    """OK, the first difference, or what isn't supported. Raises FaultyCase."""
    expected = _expected(case)
    try:
        answered = answer(request_of(case))
    except UnknownConvention as error:
        return unsupported(str(error))
    except msgspec.ValidationError as error:
        if str(error).startswith(_NOT_KNOWN_TO_US):
            return unsupported(str(error))
        raise FaultyCase(str(error)) from error
    except (Refusal, WrongRequest) as error:
        return differs(f"refused: {error}")
    compare = first_difference_of_spots if case.get("partial") else first_difference
    difference = compare(expected, answered)
    return OK if difference is None else differs(difference)


def request_of(case: Case) -> ScheduleRequest:
    """The request of a case: all of it but what it expects. Raises msgspec.ValidationError, UnknownConvention."""
    request = {name: value for name, value in case.items() if name != "expected"}
    if case.get("partial"):
        label = str(case.get("convention"))
        if label not in _SPOT_CHECKS:
            raise UnknownConvention(label)
        request |= _SPOT_CHECKS[label]
    if object_in(case, "terms").get("due_dates_given"):
        rows = list_in(_expected(case), "rows")
        request["due_dates"] = [row["due_date"] for row in rows if row.get("kind") not in _SPECIAL]
    return msgspec.convert(request, ScheduleRequest)


def _expected(case: Case) -> dict[str, Json]:
    """What a case expects, with figures to compare. Raises FaultyCase."""
    expected = object_in(case, "expected")
    rows = list_in(expected, "rows")
    if not case.get("partial"):
        object_in(expected, "totals")
    totals = expected.get("totals")
    listed = [*rows, totals if isinstance(totals, dict) else {}]
    if all(value is None for part in listed for name, value in part.items() if name not in _NO_FIGURES):
        raise FaultyCase("expected has no figures")
    return expected


def first_difference(expected: dict[str, Json], answered: Answer) -> str | None:
    """The first field in which the rows or the totals differ; all their fields are compared."""
    rows = cast("list[dict[str, Json]]", expected["rows"])
    ours = cast("list[dict[str, Json]]", answered["rows"])
    for number, (theirs, our) in enumerate(zip(rows, ours, strict=False), start=1):
        for field in [*theirs, *(name for name in our if name not in theirs)]:
            if theirs.get(field) != our.get(field):
                return f"row {number} {field}: expected {theirs.get(field)}, ours {our.get(field)}"
    if len(rows) != len(ours):
        return f"rows: expected {len(rows)}, ours {len(ours)}"
    totals = cast("dict[str, Json]", answered["totals"])
    for field, value in _object(expected["totals"]).items():
        if totals.get(field) != value:
            return f"totals {field}: expected {value}, ours {totals.get(field)}"
    return None


def first_difference_of_spots(expected: dict[str, Json], answered: Answer) -> str | None:
    """The first field of a listed row, or of the totals, that differs by whole units; fields not given don't count."""
    by_number = {row["n"]: cast("dict[str, Json]", row) for row in answered["rows"]}
    rows = cast("list[dict[str, Json]]", expected["rows"])
    spots = [(f"row {row['n']}", row, by_number.get(cast("int", row["n"]), {})) for row in rows]
    spots.append(
        ("totals", _object(expected.get("totals") or {}), cast("dict[str, Json]", answered["totals"]))
    )
    for name, theirs, ours in spots:
        for field, value in theirs.items():
            if value is not None and _whole(value) != _whole(ours.get(field)):
                return f"{name} {field}: expected {value}, ours {ours.get(field)}"
    return None


def _whole(value: Json) -> object:
    """An amount in whole units; anything else as it is."""
    if not isinstance(value, str) or "." not in value:
        return Decimal(value) if isinstance(value, str) and value.isdigit() else value
    return Decimal(value).quantize(Decimal(1), ROUND_HALF_UP)


def _object(value: Json) -> dict[str, Json]:
    assert isinstance(value, dict)
    return value


ADAPTER = Adapter(run=run, convention_of=lambda case: str(case.get("convention")))
