"""What does each row ask when interest follows the principal from day to day?

The instalment that was agreed stays; a row's interest is that of the principal during its period, rounded once, and
its principal is the rest of the instalment. Principal falls when it is paid; what isn't paid when due goes on earning
until the day of looking; rows ahead are taken to be paid when due. Interest that doesn't fit passes to the next row;
the last unpaid row takes what is left. A row never asks less than was paid on it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from core.lending.interest_factors import factor
from core.lending.loan_state import LoanState
from core.lending.repayment_rules import RepaymentInterest, RepaymentRules
from core.lending.rounding import rounded
from core.lending.rows import Parts, Row, RowKind
from core.lending.terms import Amortisation, Terms
from core.lending.tranches import laid_out, period_of, with_schedule

_NOTHING = Fraction(0)


def runs_by_day(state: LoanState, terms: Terms, rules: RepaymentRules) -> bool:
    """Whether interest depends on the days of payment; without any interest it doesn't."""
    return rules.is_by_day and bool(state.plan) and bool(terms.annual_rate or state.rates)


def seen_from(state: LoanState, terms: Terms, rules: RepaymentRules, *, on: date) -> LoanState:
    """The rows as they are expected to come, on a business date."""
    if not runs_by_day(state, terms, rules):
        return state
    looked_on = on if state.written_off_on is None else min(on, state.written_off_on)
    return _laid(state, _Walk(state, terms, rules, looked_on), on=on)


def asked_on(state: LoanState, terms: Terms, rules: RepaymentRules, *, on: date) -> LoanState:
    """The rows as a payment of that day finds them: interest up to the day, or to the end of the running period.

    Rows that have not begun ask their instalment as principal; together they may ask more principal than is
    left, so what can be taken is bounded by that.
    """
    if not runs_by_day(state, terms, rules):
        return state
    last_day = on
    if rules.interest is RepaymentInterest.BY_DAY_TO_PERIOD_END:
        running = (row.due_on for row in state.rows if row.kind is RowKind.INSTALMENT and row.starts_on < on)
        last_day = max((due_on for due_on in running), default=on)
        last_day = max(on, last_day)
    asked = _laid(state, _Walk(state, terms, rules, on, last_day=last_day), on=on)
    return replace(asked, principal_bound=principal_left(state))


def principal_left(state: LoanState) -> int:
    """Principal of instalments that is lent or due again and not paid; it is what earns interest."""
    left = state.lent
    for row in state.rows:
        if row.kind is RowKind.INSTALMENT:
            left += row.reopened.principal - row.paid.principal
        else:
            left -= row.due.principal - row.reopened.principal
    return left


def with_new_rate(
    state: LoanState, terms: Terms, rules: RepaymentRules, from_due: date, *, on: date
) -> LoanState:
    """The plan with another instalment for open rows due from a date on, found from what is really left on them.

    The changed rate is among the state's rates already.
    """
    rows = _instalments(state)
    changing = [index for index, row in enumerate(rows) if row.due_on >= from_due and _is_open(row)]
    if not changing:
        return state
    first = changing[0]
    walk = _Walk(state, terms, rules, on)
    earlier = walk.rows()
    unpaid_before = 0
    for _ in range(first):
        before = next(earlier)
        unpaid_before += before.principal - before.row.paid.principal
    opening = principal_left(state) - unpaid_before + sum(rows[index].paid.principal for index in changing)
    periods = [period_of(rows[index]) for index in changing]
    usual = factor(terms, periods[0], rates=state.rates, pauses=state.pauses, is_first=not first)
    extra = walk.exact_cost(rows[first], is_first=not first) + walk.carried - opening * usual
    laid = laid_out(state, terms, periods, opening, first_index=first, extra=extra)
    instalment = laid[0].principal + laid[0].interest
    plan = list(state.plan)
    for index, one in zip(changing, laid, strict=True):
        due = Parts(interest=one.interest, principal=instalment - one.interest)
        plan[index] = replace(plan[index], due=due)
    return replace(state, plan=tuple(plan))


def instalments_of(plan: Sequence[Row], terms: Terms) -> list[int]:
    """What each row was agreed to ask; the last one's own figure holds only what rounding left over."""
    agreed = [row.due.principal + row.due.interest for row in plan]
    is_level = terms.amortisation is Amortisation.EQUAL_INSTALMENTS and terms.grace.principal < len(plan) - 1
    if is_level and len(agreed) > 1:
        agreed[-1] = agreed[-2]
    return agreed


@dataclass(slots=True)
class _Asked:
    """What one row turns out to ask, with what was re-opened."""

    row: Row
    principal: int
    interest: int
    is_last: bool
    """The last row that is open."""


@dataclass(slots=True)
class _Walk:
    """Row after row: what one leaves open decides what the next one costs."""

    state: LoanState
    terms: Terms
    rules: RepaymentRules
    on: date
    """The day of looking."""
    last_day: date | None = None
    """Interest counts up to this day; up to the end when None."""
    falls: list[tuple[date, int]] = field(default_factory=list)
    """When principal that is unpaid is taken to be paid."""
    carried: int = 0
    """Interest that did not fit so far."""

    def rows(self) -> Iterator[_Asked]:
        rows = _instalments(self.state)
        agreed = instalments_of(self.state.plan, self.terms)
        places = [index for index, row in enumerate(rows) if _is_open(row)]
        last = places[-1] if places else len(rows) - 1
        left = principal_left(self.state)
        for index, (row, instalment) in enumerate(zip(rows, agreed, strict=True)):
            asks = instalment + row.reopened.principal + row.reopened.interest
            cost = rounded(self.exact_cost(row, is_first=not index), self.terms.rounding.mode)
            interest = self._interest(row, asks, cost, is_last=index == last)
            unpaid = max(0, asks - interest - row.paid.principal) if _is_open(row) else 0
            if self.last_day is not None and row.starts_on >= self.on:
                unpaid = max(unpaid, left) if index == last else unpaid
            else:
                unpaid = left if index == last else min(unpaid, left)
            left = max(0, left - unpaid)
            self.falls.append((self._falls_on(row), unpaid))
            yield _Asked(row, row.paid.principal + unpaid, interest, is_last=index == last)

    def _interest(self, row: Row, asks: int, cost: int, *, is_last: bool) -> int:
        due = cost + self.carried + row.reopened.interest
        fits = due if is_last else min(due, asks)
        if not _is_open(row) or (not is_last and row.paid.principal > max(0, asks - due)):
            fits = row.paid.interest
        interest = max(fits, row.paid.interest)
        self.carried = due - interest
        return interest

    def _falls_on(self, row: Row) -> date:
        if row.due_on < self.on and self.rules.overdue_principal_earns:
            return self.last_day or self.on
        return row.due_on

    def exact_cost(self, row: Row, *, is_first: bool) -> Fraction:
        """Interest of the principal during the row's period."""
        end = row.due_on if self.last_day is None else min(row.due_on, self.last_day)
        if end <= row.starts_on:
            return _NOTHING
        period = period_of(row)
        days = {day for day, _ in (*self.state.moves, *self.falls) if row.starts_on < day < end}
        return sum(
            (
                self._balance(first)
                * factor(
                    self.terms,
                    period,
                    rates=self.state.rates,
                    pauses=self.state.pauses,
                    since=first,
                    until=until,
                    is_first=is_first,
                )
                for first, until in pairwise([row.starts_on, *sorted(days), end])
            ),
            start=_NOTHING,
        )

    def _balance(self, night: date) -> int:
        moved = sum(amount for day, amount in self.state.moves if day <= night)
        return moved - sum(amount for day, amount in self.falls if day <= night)


def _is_open(row: Row) -> bool:
    """A row that was settled stays so: what its period costs beyond that passes on."""
    return row.open.principal + row.open.interest > 0


def _laid(state: LoanState, walk: _Walk, *, on: date) -> LoanState:
    """The rows as the walk finds them; interest that no later row could take falls to the last open one."""
    asked = list(walk.rows())
    for one in asked:
        one.interest += max(0, walk.carried) if one.is_last else 0
    coming = iter(asked)
    rows = []
    for row in state.rows:
        if row.kind is not RowKind.INSTALMENT:
            rows.append(row)
            continue
        one = next(coming)
        principal = one.principal - row.reopened.principal
        interest = one.interest - row.reopened.interest
        rows.append(with_schedule(row, principal=principal, interest=interest, on=on))
    return replace(state, rows=tuple(rows), principal_bound=None)


def noted(before: LoanState, after: LoanState, rules: RepaymentRules, *, on: date) -> LoanState:
    """The state with the principal that an event moved, for the interest of the days behind it.

    Where overdue principal doesn't earn, a late payment counts from the due date.
    """
    moves: Counter[date] = Counter()
    moves[on] = principal_left(after) - principal_left(before)
    rows = zip(_instalments(before), _instalments(after), strict=False)
    for earlier, later in rows:
        late = later.paid.principal - earlier.paid.principal
        if late and on > later.due_on and not rules.overdue_principal_earns:
            moves[on] += late
            moves[later.due_on] -= late
    return replace(after, moves=(*after.moves, *((day, amount) for day, amount in moves.items() if amount)))


def _instalments(state: LoanState) -> list[Row]:
    return [row for row in state.rows if row.kind is RowKind.INSTALMENT]
