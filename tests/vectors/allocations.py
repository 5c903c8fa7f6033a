"""The cases of a file of allocations: steps are played on our loan, and what they expect is compared."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from core.errors import Refusal
from core.lending.loan_state import (
    ChargeState,
    LoanState,
    Standing,
    Transaction,
    balances_after,
    paid_charges,
)
from core.lending.model import Portion
from core.lending.repayment_rules import TrancheRule
from core.lending.rows import Row
from tests.vectors.allocation_play import Play
from tests.vectors.allocation_terms import Fields, Unsupported
from tests.vectors.outcome import OK, Adapter, Case, Json, Outcome, differs, steps_in, unsupported

_Cells = dict[str, str]

_STATUSES = MappingProxyType(
    {
        "active": Standing.ACTIVE,
        "overpaid": Standing.OVERPAID,
        "closed_obligations_met": Standing.CLOSED,
        "closed (obligations met)": Standing.CLOSED,
    }
)
"""Others belong to the loan's application."""

_UNCOMPARED = frozenset({"principal_balance", "overpayment"})
"""Columns of transactions that were not verified when the vectors were made."""


def run(case: Case) -> Outcome:
    """Play the case; the first difference ends it. Raises FaultyCase, and KeyError for a field that isn't there."""
    try:
        steps = steps_in(case)
        play = Play.of(case)
        for number, step in enumerate(steps, start=1):
            difference = difference_of(play, step)
            if difference:
                return differs(f"step {number} {step['op']}: {difference}")
    except Unsupported as what:
        return unsupported(str(what))
    except Refusal as refusal:
        return differs(f"refused: {refusal}")
    return OK


def difference_of(play: Play, step: Fields) -> str:
    """Do what a step does, or the first difference from what it expects."""
    expectation = _EXPECTATIONS.get(str(step["op"]))
    if expectation is None:
        play.act(step)
        return ""
    return next(iter(expectation(play, step)), "")


def _expect_schedule(play: Play, step: Fields) -> Iterator[str]:
    state = play.state if play.log else play.proposed
    given = step["disbursements"]
    assert isinstance(given, list)
    lent = [[day.isoformat(), state.money(amount).plain()] for day, amount in state.disbursed]
    if given and given != lent:
        yield f"disbursements: {lent}, expected {given}"
    balances = balances_after(state, tranche_before_its_day=play.rules.tranche is TrancheRule.WHOLE_SCHEDULE)
    ours = [
        _row_cells(state, number, row, balance)
        for number, (row, balance) in enumerate(zip(state.rows, balances, strict=True), start=1)
    ]
    yield from _table(step, ours)


def _row_cells(state: LoanState, number: int, row: Row, balance: int) -> _Cells:
    amounts = {
        "balance_after": balance,
        "principal": row.due.principal,
        "interest": row.due.interest,
        "fees": row.due.fee,
        "penalties": row.due.penalty,
        "due": row.due.total,
        "paid": row.paid.total,
        "in_advance": row.in_advance,
        "late": row.late,
        "waived": row.waived.total,
        "outstanding": row.outstanding,
    }
    return {
        "n": str(number),
        "days": str(row.days),
        "due_date": row.due_on.isoformat(),
        "paid_date": row.settled_on.isoformat() if row.settled_on else "None",
        **{name: state.money(amount).plain() for name, amount in amounts.items()},
    }


def _expect_totals(play: Play, step: Fields) -> Iterator[str]:
    state = play.state if play.log else play.proposed
    rows = [_row_cells(state, 0, row, 0) for row in state.rows]
    totals = step["totals"]
    assert isinstance(totals, dict)
    for name, expected in totals.items():
        ours = state.money(sum(_minor(row[name]) for row in rows)).plain()
        if ours != str(expected):
            yield f"total {name} {ours}, expected {expected}"


def _minor(amount: str) -> int:
    """Digits without their point, whatever the sign."""
    return int(amount.replace(".", ""))


def _expect_transactions(play: Play, step: Fields) -> Iterator[str]:
    state = play.state
    gone = {line.event for line in play.reversed}
    lines = play.transactions
    expected = [row for row in _rows(step) if not row["type"].startswith("accrual")]
    if not step.get("includes_accruals") and not any(row["type"] == "disbursement" for row in expected):
        lines = [line for line in lines if line.kind != "disbursement"]
    ours = [_line_cells(state, line, is_reversed=line.event in gone) for line in lines]
    yield from _compared(expected, ours, _UNCOMPARED)


def _line_cells(state: LoanState, line: Transaction, *, is_reversed: bool) -> _Cells:
    parts = line.parts
    amounts = {
        "amount": line.amount,
        "principal": parts.principal,
        "interest": parts.interest,
        "fees": parts.fee,
        "penalties": parts.penalty,
    }
    return {
        "date": line.on.isoformat(),
        "type": line.kind,
        **{name: state.money(amount).plain() for name, amount in amounts.items()},
        "reversed": str(is_reversed),
    }


def _expect_charges(play: Play, step: Fields) -> Iterator[str]:
    state = play.state
    paid = paid_charges(state)
    entered = sorted(state.charges, key=lambda charge: charge.event)
    ours = [_charge_cells(state, charge, paid[charge.event]) for charge in entered]
    yield from _compared(_rows(step), ours, frozenset({"name", "payable_at", "calculation"}))


def _charge_cells(state: LoanState, charge: ChargeState, paid: int) -> _Cells:
    amounts = {
        "due": charge.amount,
        "paid": paid,
        "waived": charge.waived,
        "outstanding": charge.amount - charge.waived - paid,
    }
    return {
        "is_penalty": str(charge.portion is Portion.PENALTY),
        "due_as_of": charge.due_on.isoformat(),
        **{name: state.money(amount).plain() for name, amount in amounts.items()},
    }


def _expect_outstanding(play: Play, step: Fields) -> Iterator[str]:
    yield from _amount("outstanding", play, play.state.outstanding.total, step)


def _expect_overpaid(play: Play, step: Fields) -> Iterator[str]:
    yield from _amount("overpaid", play, play.state.overpaid, step)


def _amount(name: str, play: Play, minor: int, step: Fields) -> Iterator[str]:
    ours = play.state.money(minor).plain()
    if ours != str(step["amount"]):
        yield f"{name} {ours}, expected {step['amount']}"


def _expect_status(play: Play, step: Fields) -> Iterator[str]:
    expected = _STATUSES.get(str(step["status"]))
    ours = play.state.standing
    if expected is not None and ours is not expected:
        yield f"status {ours}, expected {expected}"


def _table(step: Fields, ours: list[_Cells]) -> Iterator[str]:
    yield from _compared(_rows(step), ours, frozenset())


def _rows(step: Fields) -> list[_Cells]:
    columns, rows = step["columns"], step["rows"]
    assert isinstance(columns, list)
    assert isinstance(rows, list)
    return [
        {str(name): _text(value) for name, value in zip(columns, row, strict=True)}
        for row in rows
        if isinstance(row, list)
    ]


def _text(value: Json) -> str:
    return str(value)


def _compared(expected: list[_Cells], ours: list[_Cells], unread: frozenset[str]) -> Iterator[str]:
    for number, (theirs, mine) in enumerate(zip(expected, ours, strict=False), start=1):
        for name, value in theirs.items():
            says_nothing = name in unread or (name == "reversed" and value == "None")
            if not says_nothing and mine.get(name) != value:
                yield f"row {number} {name} {mine.get(name)}, expected {value}"
    if len(expected) != len(ours):
        yield f"{len(ours)} rows, expected {len(expected)}"


_EXPECTATIONS: Mapping[str, Callable[[Play, Fields], Iterator[str]]] = {
    "expect_schedule": _expect_schedule,
    "expect_schedule_totals": _expect_totals,
    "expect_transactions": _expect_transactions,
    "expect_charges": _expect_charges,
    "expect_outstanding": _expect_outstanding,
    "expect_overpaid": _expect_overpaid,
    "expect_status": _expect_status,
}

ADAPTER = Adapter(run=run, convention_of=lambda case: f"tier {case.get('tier')} {case.get('cls')}")
