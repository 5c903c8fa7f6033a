"""Cases of loan schedules: terms in, rows and totals out, compared figure by figure.

The rows are made by what `imarisha schedule` prints; only dates that a case declares as given are taken from it.
"""

from typing import cast

import msgspec

from core.errors import Refusal
from imarisha.schedule_answer import Answer, answer
from imarisha.schedule_request import ScheduleRequest, UnknownConvention, WrongRequest
from tests.vectors.outcome import OK, Adapter, Case, Json, Outcome, differs, unsupported

_SPECIAL = ("down_payment", "disbursement_fee")


def run(case: Case) -> Outcome:
    """OK, the first difference, or what isn't supported."""
    try:
        answered = answer(request_of(case))
    except (UnknownConvention, msgspec.ValidationError) as error:
        return unsupported(str(error))
    except (Refusal, WrongRequest) as error:
        return differs(f"refused: {error}")
    difference = first_difference(_object(case["expected"]), answered)
    return OK if difference is None else differs(difference)


def request_of(case: Case) -> ScheduleRequest:
    """The request of a case: all of it but what it expects. Raises msgspec.ValidationError."""
    request = {name: value for name, value in case.items() if name != "expected"}
    if _object(case["terms"]).get("due_dates_given"):
        rows = cast("list[dict[str, Json]]", _object(case["expected"])["rows"])
        request["due_dates"] = [row["due_date"] for row in rows if row.get("kind") not in _SPECIAL]
    return msgspec.convert(request, ScheduleRequest)


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


def _object(value: Json) -> dict[str, Json]:
    assert isinstance(value, dict)
    return value


ADAPTER = Adapter(run=run, convention_of=lambda case: str(case.get("convention")))
