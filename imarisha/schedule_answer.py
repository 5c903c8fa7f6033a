"""What does a schedule look like as JSON? Rows and totals of a request, in the shape of the vector files."""

from datetime import date
from typing import NotRequired, TypedDict

from core.lending.model import Instalment, InstalmentKind
from core.lending.schedule import schedule
from imarisha.schedule_pay_outs import disbursed_on, later_tranches
from imarisha.schedule_request import ScheduleRequest
from imarisha.schedule_terms import Scale, terms_of, working_days_of


class _Amounts(TypedDict):
    principal: str
    interest: str
    fees: str
    penalties: str
    total: str


class AnswerRow(TypedDict):
    """One row; `kind` is there where the row is special."""

    n: int
    due_date: str | None
    principal: str
    interest: str
    fees: str
    penalties: str
    total: str
    balance_after: str
    kind: NotRequired[str]


class Answer(TypedDict):
    """All rows and the sums of their columns."""

    rows: list[AnswerRow]
    totals: _Amounts


# A request without dates is laid out over equal periods from some day, which its answer doesn't show.
_SOME_DAY = date(2001, 1, 1)


def answer(request: ScheduleRequest) -> Answer:
    """The schedule of a request.

    Raises WrongRequest, UnknownConvention, ContradictoryTerms, DatesOutOfOrder, AmountNotPositive,
    BeforeDisbursement.
    """
    scale = Scale(request.currency.code, request.currency.decimals)
    start = disbursed_on(request)
    rows = schedule(
        terms_of(request, scale),
        start or _SOME_DAY,
        due_dates=request.due_dates,
        working_days=working_days_of(request),
        tranches=later_tranches(request, scale),
        as_of=request.as_of,
    )
    return Answer(rows=_rows(rows, scale, has_dates=start is not None), totals=_sums(rows, scale))


def _rows(rows: tuple[Instalment, ...], scale: Scale, *, has_dates: bool) -> list[AnswerRow]:
    answered: list[AnswerRow] = []
    balance = sum(row.principal.minor for row in rows)
    for row in rows:
        balance -= row.principal.minor
        amounts = _sums((row,), scale)
        shown: AnswerRow = {
            "n": row.number,
            "due_date": row.due_on.isoformat() if has_dates else None,
            "principal": amounts["principal"],
            "interest": amounts["interest"],
            "fees": amounts["fees"],
            "penalties": amounts["penalties"],
            "total": amounts["total"],
            "balance_after": scale.written(balance),
        }
        if row.kind is not InstalmentKind.REGULAR:
            shown["kind"] = row.kind
        answered.append(shown)
    return answered


def _sums(rows: tuple[Instalment, ...], scale: Scale) -> _Amounts:
    return _Amounts(
        principal=scale.written(sum(row.principal.minor for row in rows)),
        interest=scale.written(sum(row.interest.minor for row in rows)),
        fees=scale.written(sum(row.fees.minor for row in rows)),
        penalties=scale.written(sum(row.penalties.minor for row in rows)),
        total=scale.written(sum(row.total.minor for row in rows)),
    )
