"""What does a disbursement do to a loan's rows: the first one, a later tranche, and its down payment?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from core.lending.charges import capitalised
from core.lending.day_count import nominal_part_of_year
from core.lending.events import Disbursement
from core.lending.interest_factors import factor
from core.lending.loan_state import LoanState
from core.lending.model import Instalment, InstalmentKind
from core.lending.periods import Period, periods_of
from core.lending.repayment_rules import TrancheRule
from core.lending.rounding import rounded, to_multiple
from core.lending.rows import Parts, Row, RowKind
from core.lending.schedule import down_payment, spread_of
from core.lending.schedule_charges import with_charges
from core.lending.spread import Row as Laid
from core.lending.spread import Spread, lay_out
from core.lending.terms import InterestMethod, Terms

_NOTHING = Fraction(0)


def disburse(state: LoanState, terms: Terms, rule: TrancheRule, what: Disbursement) -> LoanState:
    """The rows after an amount was paid out; rows keep what was paid on them."""
    on, amount = what.on, what.amount.minor
    if not state.disbursed:
        amount += sum(each.total.minor for each in capitalised(terms))
    back = down_payment(terms, amount)
    net = amount - back
    if not state.disbursed:
        rows = _first_rows(terms, what, net=net)
    elif rule is TrancheRule.WHOLE_SCHEDULE:
        rows = _whole_schedule(state, terms, on=on, added=net)
    else:
        rows = _later_rows(state, terms, on=on, added=net)
    if terms.down_payment:
        rows = _with_down_payment(rows, rule, on=on, amount=back)
    return replace(state, rows=rows, disbursed=(*state.disbursed, (on, amount)))


def laid_out(
    state: LoanState,
    terms: Terms,
    periods: Sequence[Period],
    opening: int,
    *,
    first_index: int = 0,
    extra: Fraction = Fraction(0),
) -> list[Laid]:
    """A balance over periods by the terms, rates and pauses of the loan; `extra` is interest of the first period.

    `first_index` is the place of the first period in the loan: grace that is over is not given again.
    """
    spread = spread_of(terms, opening, periods, rows_before=first_index)
    if state.rates or state.pauses:
        spread = _with_changed_cost(spread, state, terms, periods, first_index)
    if extra:
        spread = replace(spread, extra_interest=(extra, *(_NOTHING for _ in periods[1:])))
    return lay_out(_in_whole_multiples(spread))


def period_of(row: Row) -> Period:
    """The time a row covers."""
    return Period(row.starts_on, row.due_on, row.is_moved)


def scheduled_principal(row: Row) -> int:
    """What the schedule asks of principal, without what was re-opened."""
    return row.due.principal - row.reopened.principal


def with_schedule(row: Row, *, principal: int, interest: int, on: date) -> Row:
    """The row with another schedule; charges and what was re-opened stay, and interest paid is not given back."""
    asked = max(interest + row.reopened.interest, row.paid.interest)
    due = Parts(row.due.penalty, row.due.fee, asked, principal + row.reopened.principal)
    return row.owing(due, on=on)


def not_below_paid(principals: Sequence[int], paid: Sequence[int]) -> list[int]:
    """Raise each to what was paid already and take the difference from the others, last first."""
    held = [max(each, floor) for each, floor in zip(principals, paid, strict=True)]
    excess = sum(held) - sum(principals)
    for index in reversed(range(len(held))):
        less = min(excess, held[index] - paid[index])
        held[index] -= less
        excess -= less
    return held


def _first_rows(terms: Terms, what: Disbursement, *, net: int) -> tuple[Row, ...]:
    """The agreed schedule with the charges of the terms. Raises ContradictoryTerms, DatesOutOfOrder."""
    periods = periods_of(terms, what.on, first_due_on=what.first_due_on, due_dates=what.due_dates)
    state = LoanState(currency=terms.principal.currency)
    plain = [
        Instalment.without_charges(
            number, period.due_on, state.money(one.principal), state.money(one.interest)
        )
        for number, (period, one) in enumerate(
            zip(periods, laid_out(state, terms, periods, net), strict=True), start=1
        )
    ]
    by_number = dict(enumerate(periods, start=1))
    beside = Period(min(what.on, periods[-1].due_on), what.on, is_moved=False)
    return tuple(
        _row_of(each, by_number.get(each.number, beside)).settled(on=what.on)
        for each in with_charges(terms, what.on, plain, None)
    )


def _row_of(each: Instalment, period: Period) -> Row:
    due = Parts(each.penalties.minor, each.fees.minor, each.interest.minor, each.principal.minor)
    if each.kind is InstalmentKind.REGULAR:
        return Row(RowKind.INSTALMENT, period.starts_on, period.due_on, due, is_moved=period.is_moved)
    is_fee = each.kind is InstalmentKind.DISBURSEMENT_FEE
    kind = RowKind.DISBURSEMENT_FEE if is_fee else RowKind.EXTRA
    return Row(kind, min(period.starts_on, each.due_on), each.due_on, due)


def _whole_schedule(state: LoanState, terms: Terms, *, on: date, added: int) -> tuple[Row, ...]:
    places = [index for index, row in enumerate(state.rows) if row.kind is RowKind.INSTALMENT]
    opening = added + sum(scheduled_principal(state.rows[index]) for index in places)
    laid = laid_out(state, terms, [period_of(state.rows[index]) for index in places], opening)
    return _replaced(state.rows, places, laid, on=on)


def _later_rows(state: LoanState, terms: Terms, *, on: date, added: int) -> tuple[Row, ...]:
    places = [
        index for index, row in enumerate(state.rows) if row.kind is RowKind.INSTALMENT and row.due_on > on
    ]
    if not places:
        last = max(state.rows, key=lambda row: row.due_on)
        extra = Row(kind=RowKind.EXTRA, starts_on=last.due_on, due_on=on, due=Parts(principal=added))
        return (*state.rows, extra)
    periods = [period_of(state.rows[index]) for index in places]
    opening = sum(scheduled_principal(state.rows[index]) for index in places)
    before = factor(terms, periods[0], rates=state.rates, pauses=state.pauses, until=on)
    instalments = sum(row.kind is RowKind.INSTALMENT for row in state.rows)
    laid = laid_out(
        state,
        terms,
        periods,
        opening + added,
        first_index=instalments - len(places),
        extra=-added * before,
    )
    return _replaced(state.rows, places, laid, on=on)


def _replaced(
    rows: Sequence[Row], places: Sequence[int], laid: Sequence[Laid], *, on: date
) -> tuple[Row, ...]:
    paid = [max(0, rows[index].paid.principal - rows[index].reopened.principal) for index in places]
    principals = not_below_paid([one.principal for one in laid], paid)
    changed = {
        index: with_schedule(rows[index], principal=principal, interest=one.interest, on=on)
        for index, principal, one in zip(places, principals, laid, strict=True)
    }
    return tuple(changed.get(index, row) for index, row in enumerate(rows))


def _with_down_payment(rows: tuple[Row, ...], rule: TrancheRule, *, on: date, amount: int) -> tuple[Row, ...]:
    """Behind the rows of its day, or before them but behind other down payments."""
    if rule is TrancheRule.LATER_ROWS:
        place = sum(row.due_on <= on for row in rows)
    else:
        place = sum(
            row.due_on < on or (row.due_on == on and row.kind is RowKind.DOWN_PAYMENT) for row in rows
        )
    row = Row(kind=RowKind.DOWN_PAYMENT, starts_on=on, due_on=on, due=Parts(principal=amount)).settled(on=on)
    return (*rows[:place], row, *rows[place:])


def _with_changed_cost(
    spread: Spread, state: LoanState, terms: Terms, periods: Sequence[Period], first_index: int
) -> Spread:
    """The same where the rate was changed or interest pauses."""
    factors = (
        usual and factor(terms, period, rates=state.rates, pauses=state.pauses, is_first=place == 0)
        for place, (usual, period) in enumerate(zip(spread.factors, periods, strict=True), start=first_index)
    )
    rate = state.rates[-1].annual_rate if state.rates else terms.annual_rate
    nominal = rate * nominal_part_of_year(terms.day_count, terms.frequency)
    return replace(spread, factors=tuple(factors), nominal_factor=nominal)


def _in_whole_multiples(spread: Spread) -> Spread:
    """So little may be paid out that an instalment is below its multiple; the last row then takes it all."""
    if spread.opening >= spread.rounding.instalment_multiple * spread.repaying:
        return spread
    usual = rounded(Fraction(spread.opening, spread.repaying), spread.rounding.mode)
    return replace(
        spread, instalment=to_multiple(usual, spread.rounding), method=InterestMethod.DECLINING_BALANCE
    )
