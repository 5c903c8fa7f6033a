"""What do a new due date, more rows, another rate, re-amortising and re-ageing do to a running loan's rows?

Rows with nothing due stay, with the date of the change, so that a member sees what happened.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from core.errors import DatesOutOfOrder, NoInstalmentDue
from core.lending.events import ReAge, Reschedule, UnpaidCharges
from core.lending.interest_factors import RateChange
from core.lending.loan_charges import with_row_for_charge
from core.lending.loan_state import (
    LoanState,
    Transaction,
    TransactionKind,
    paid_charges,
    row_for_charge,
)
from core.lending.periods import further_periods
from core.lending.rounding import rounded, to_multiple
from core.lending.rounding_terms import Rounding
from core.lending.rows import NOTHING, Parts, Row, RowKind
from core.lending.terms import Terms
from core.lending.tranches import laid_out, not_below_paid, period_of, scheduled_principal, with_schedule


def reschedule(state: LoanState, terms: Terms, change: Reschedule, *, on: date) -> LoanState:
    """Dates move, rows are added, the rate changes; then principal and interest are laid out again.

    Raises NoInstalmentDue where no instalment falls due on the date that is to move, DatesOutOfOrder.
    """
    changed = state
    if change.new_due is not None:
        changed = _moved(changed, terms, change.from_due, change.new_due)
    if change.extra_instalments:
        changed = _longer(changed, terms, change.extra_instalments, on=on)
    if change.annual_rate is not None:
        rates = (*changed.rates, RateChange(change.from_due, change.annual_rate))
        changed = replace(changed, rates=tuple(sorted(rates, key=lambda rate: rate.starts_on)))
    only_dates = not change.extra_instalments and change.annual_rate is None
    if only_dates and not terms.annual_rate:
        return changed
    from_due = change.new_due or change.from_due
    return _laid_out_again(changed, terms, from_due, on=on)


def re_amortise(state: LoanState, rounding: Rounding, *, event: int, on: date) -> LoanState:
    """Unpaid principal of rows due by the day moves to the later instalments in equal shares."""
    later = [index for index, row in enumerate(state.rows) if _is_later_instalment(row, on)]
    lifted = sum(row.open.principal for row in state.rows if row.due_on <= on)
    if not lifted or not later:
        return state
    shares = dict(zip(later, _equal_shares(lifted, len(later), rounding), strict=True))
    rows = tuple(
        _without_principal(row, on=on) if row.due_on <= on else _with_more(row, shares.get(index, 0), on=on)
        for index, row in enumerate(state.rows)
    )
    moved = replace(state, rows=rows)
    return moved.noting(
        Transaction(event, on, TransactionKind.RE_AMORTISE.value, lifted, parts=Parts(principal=lifted))
    )


def re_age(state: LoanState, terms: Terms, change: ReAge, *, event: int, on: date) -> LoanState:
    """Unpaid principal moves to new instalments; the running row ends that day and keeps what was paid ahead."""
    lifted = sum(row.open.principal for row in state.rows)
    if not lifted:
        return state
    kept = _ended(state, on=on)
    begin = kept[-1].due_on if kept else on
    aged = replace(state, rows=(*kept, *_new_rows(begin, terms, change, lifted, on=on)))
    aged = _with_moved_charges(aged, state, terms, len(kept), change.charges, on=on)
    return aged.noting(
        Transaction(event, on, TransactionKind.RE_AGE.value, lifted, parts=Parts(principal=lifted))
    )


def _moved(state: LoanState, terms: Terms, from_due: date, new_due: date) -> LoanState:
    places = [index for index, row in enumerate(state.rows) if row.kind is RowKind.INSTALMENT]
    first = next((index for index in places if state.rows[index].due_on == from_due), None)
    if first is None:
        raise NoInstalmentDue(on=from_due)
    if new_due <= state.rows[first].starts_on:
        raise DatesOutOfOrder(first=state.rows[first].starts_on, second=new_due)
    following = [index for index in places if index > first]
    periods = further_periods(terms, new_due, len(following))
    rows = list(state.rows)
    rows[first] = replace(rows[first], due_on=new_due, is_moved=True)
    for index, period in zip(following, periods, strict=True):
        rows[index] = replace(
            rows[index], starts_on=period.starts_on, due_on=period.due_on, is_moved=period.is_moved
        )
    return replace(state, rows=tuple(rows))


def _longer(state: LoanState, terms: Terms, count: int, *, on: date) -> LoanState:
    instalments = [row for row in state.rows if row.kind is not RowKind.EXTRA]
    extras = [row for row in state.rows if row.kind is RowKind.EXTRA]
    more = [
        Row(
            kind=RowKind.INSTALMENT,
            starts_on=period.starts_on,
            due_on=period.due_on,
            due=NOTHING,
            is_moved=period.is_moved,
        ).settled(on=on)
        for period in further_periods(terms, instalments[-1].due_on, count)
    ]
    return replace(state, rows=(*instalments, *more, *extras))


def _laid_out_again(state: LoanState, terms: Terms, from_due: date, *, on: date) -> LoanState:
    """What is scheduled from a row on, spread again over that row and those behind it."""
    instalments = [index for index, row in enumerate(state.rows) if row.kind is RowKind.INSTALMENT]
    places = [index for index in instalments if state.rows[index].due_on >= from_due]
    if not places:
        raise NoInstalmentDue(on=from_due)
    opening = sum(scheduled_principal(state.rows[index]) for index in places)
    periods = [period_of(state.rows[index]) for index in places]
    laid = laid_out(state, terms, periods, opening, first_index=len(instalments) - len(places))
    paid = [max(0, state.rows[i].paid.principal - state.rows[i].reopened.principal) for i in places]
    principals = not_below_paid([row.principal for row in laid], paid)
    rows = list(state.rows)
    for index, principal, row in zip(places, principals, laid, strict=True):
        rows[index] = with_schedule(rows[index], principal=principal, interest=row.interest, on=on)
    return replace(state, rows=tuple(rows))


def _is_later_instalment(row: Row, on: date) -> bool:
    return row.kind is RowKind.INSTALMENT and row.due_on > on


def _without_principal(row: Row, *, on: date) -> Row:
    return row.owing(row.due.minus(Parts(principal=row.open.principal)), on=on)


def _with_more(row: Row, principal: int, *, on: date) -> Row:
    return row.owing(row.due.plus(Parts(principal=principal)), on=on) if principal else row


def _equal_shares(total: int, count: int, rounding: Rounding) -> list[int]:
    """Rounded as instalments are; the last one takes the rest."""
    usual = to_multiple(rounded(Fraction(total, count), rounding.mode), rounding)
    shares: list[int] = []
    left = total
    for _ in range(count - 1):
        shares.append(min(usual, left))
        left -= shares[-1]
    return [*shares, left]


def _ended(state: LoanState, *, on: date) -> tuple[Row, ...]:
    """Rows due by the day without their unpaid principal, and the running row cut to end there."""
    ended = [_without_principal(row, on=on) for row in state.rows if row.due_on <= on]
    running = [row for row in state.rows if row.due_on > on]
    if not running:
        return tuple(ended)
    paid, reopened, in_advance = NOTHING, NOTHING, 0
    for row in running:
        paid, reopened = paid.plus(row.paid), reopened.plus(row.reopened)
        in_advance += row.in_advance
    first = running[0]
    if first.starts_on < on or paid.total or reopened.total:
        cut = Row(
            kind=RowKind.INSTALMENT,
            starts_on=first.starts_on,
            due_on=max(on, first.starts_on),
            due=paid,
            is_moved=True,
            paid=paid,
            reopened=reopened,
            in_advance=in_advance,
            settled_on=on,
        )
        ended.append(cut)
    return tuple(ended)


def _new_rows(start: date, terms: Terms, change: ReAge, principal: int, *, on: date) -> tuple[Row, ...]:
    rhythm = replace(terms, frequency=change.frequency)
    following = further_periods(rhythm, change.starts_on, change.instalments - 1)
    due_dates = (change.starts_on, *(period.due_on for period in following))
    shares = _equal_shares(principal, change.instalments, terms.rounding)
    starts = (start, *due_dates[:-1])
    return tuple(
        Row(kind=RowKind.INSTALMENT, starts_on=begin, due_on=due_on, due=Parts(principal=share)).settled(
            on=on
        )
        for begin, due_on, share in zip(starts, due_dates, shares, strict=True)
    )


def _with_moved_charges(
    aged: LoanState, before: LoanState, terms: Terms, kept: int, rule: UnpaidCharges, *, on: date
) -> LoanState:
    """Unpaid charges of rows that ended or vanished: with the cut row, on the new row of their date, or spread."""
    if rule is UnpaidCharges.SPREAD:
        unpaid = NOTHING
        for row in before.rows:
            unpaid = unpaid.plus(Parts(row.open.penalty, row.open.fee)) if row.due_on > on else unpaid
        return _with_spread_charges(aged, unpaid, kept, Rounding(mode=terms.rounding.mode), on=on)
    state, paid = aged, paid_charges(before)
    for charge in before.charges:
        home = row_for_charge(before.rows, charge.due_on)
        left = charge.amount - charge.waived - paid.get(charge.event, 0)
        if home is None or before.rows[home].due_on <= on or not left:
            continue
        state, index = with_row_for_charge(state, charge.due_on)
        target = state.rows[index]
        parts = Parts.only(charge.portion, left)
        state = state.with_row(index, target.owing(target.due.plus(parts), on=on))
    return state


def _with_spread_charges(
    state: LoanState, running: Parts, kept: int, plain: Rounding, *, on: date
) -> LoanState:
    rows = list(state.rows)
    unpaid = running
    for index in range(kept):
        row = rows[index]
        lifted = Parts(row.open.penalty, row.open.fee)
        unpaid = unpaid.plus(lifted)
        rows[index] = row.owing(row.due.minus(lifted), on=on)
    count = len(rows) - kept
    penalties = _equal_shares(unpaid.penalty, count, plain)
    fees = _equal_shares(unpaid.fee, count, plain)
    for index, penalty, fee in zip(range(kept, len(rows)), penalties, fees, strict=True):
        rows[index] = rows[index].owing(rows[index].due.plus(Parts(penalty, fee)), on=on)
    return replace(state, rows=tuple(rows))
