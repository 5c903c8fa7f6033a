"""Logs of loans of every kind for the properties: terms, rules and what happened, in order of entry."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from core.lending.events import (
    BalanceRefund,
    ChargeAdded,
    Chargeback,
    Disbursement,
    Happening,
    InterestPause,
    LoanEvent,
    Payment,
    ReAge,
    ReAmortise,
    Reschedule,
    Reversal,
    UnpaidCharges,
    WriteOff,
)
from core.lending.model import Portion
from core.lending.orders import (
    CHARGES_AND_INTEREST_ACROSS_ROWS,
    PENALTY_FEE_INTEREST_PRINCIPAL,
    Order,
    RowsIn,
    Sharing,
    due_then_ahead,
    interest_of_oldest_row_then_principal,
    leaves_out,
    portion_wise,
    row_by_row,
    row_wise,
)
from core.lending.repayment_rules import EventOrder, RepaymentInterest, RepaymentRules, TrancheRule
from core.lending.rounding_terms import InstalmentBasis, Rounding, RoundingMode
from core.lending.terms import (
    MONTHLY,
    THIRTY_360,
    WEEKLY,
    DayCount,
    Frequency,
    InterestMethod,
    PeriodLength,
    PeriodUnit,
    Terms,
    YearLength,
)
from core.money import Money

PAID_OUT = date(2026, 1, 31)

_ALL = (Portion.PENALTY, Portion.FEE, Portion.INTEREST, Portion.PRINCIPAL)
_STEPS = tuple(
    (standing, portion)
    for standing in (RowsIn.PAST_DUE, RowsIn.DUE_TODAY, RowsIn.AHEAD)
    for portion in (Portion.INTEREST, Portion.PENALTY, Portion.FEE, Portion.PRINCIPAL)
)
NEAREST_FIRST: tuple[Order, ...] = (
    PENALTY_FEE_INTEREST_PRINCIPAL,
    row_by_row(Portion.PRINCIPAL, Portion.INTEREST, Portion.PENALTY, Portion.FEE),
    due_then_ahead(_ALL, (Portion.PRINCIPAL, Portion.PENALTY, Portion.FEE, Portion.INTEREST)),
    CHARGES_AND_INTEREST_ACROSS_ROWS,
    row_wise(_STEPS, Sharing.NEAREST_FIRST),
    portion_wise(_STEPS, Sharing.NEAREST_FIRST),
)
ORDERS: tuple[Order, ...] = (
    *NEAREST_FIRST,
    row_wise(_STEPS, Sharing.FARTHEST_FIRST),
    row_wise(_STEPS, Sharing.EQUAL_SHARES),
    portion_wise(_STEPS, Sharing.EQUAL_SHARES),
    interest_of_oldest_row_then_principal(),
)

_ACTUAL = DayCount(PeriodLength.ACTUAL_DAYS, YearLength.ACTUAL)

terms = st.builds(
    Terms,
    principal=st.integers(100, 10_000_000).map(Money),
    annual_rate=st.sampled_from([Fraction(0), Fraction(7, 100), Fraction(12, 100), Fraction(36, 100)]),
    instalments=st.integers(1, 8),
    method=st.sampled_from([InterestMethod.DECLINING_BALANCE, InterestMethod.FLAT]),
    frequency=st.sampled_from([MONTHLY, WEEKLY, Frequency(10, PeriodUnit.DAYS)]),
    day_count=st.sampled_from([THIRTY_360, _ACTUAL]),
    instalment_basis=st.just(InstalmentBasis.ACTUAL_PERIODS),
    rounding=st.builds(Rounding, mode=st.just(RoundingMode.HALF_EVEN), corrections=st.integers(0, 3)),
    down_payment=st.sampled_from([Fraction(0), Fraction(1, 4)]),
)


@st.composite
def rules(draw: st.DrawFn, orders: tuple[Order, ...] = ORDERS) -> RepaymentRules:
    """Rules of every kind with one of these orders; interest by day where the order reaches everything."""
    order = draw(st.sampled_from(orders))
    scheduled = st.just(RepaymentInterest.SCHEDULED)
    return RepaymentRules(
        order=order,
        event_order=draw(st.sampled_from(EventOrder)),
        tranche=draw(st.sampled_from(TrancheRule)),
        interest=draw(scheduled if leaves_out(order) else st.sampled_from(RepaymentInterest)),
        overdue_principal_earns=draw(st.booleans()),
    )


@dataclass(frozen=True)
class Log:
    """A loan and what happened to it."""

    terms: Terms
    rules: RepaymentRules
    events: tuple[LoanEvent, ...]
    as_of: date

    def with_more(self, what: Happening) -> "Log":
        """One more event, entered last."""
        event = LoanEvent(self.events[-1].number + 1, self.as_of, what)
        return replace(self, events=(*self.events, event))

    def without(self, number: int) -> "Log":
        return replace(self, events=tuple(event for event in self.events if event.number != number))

    def payments(self) -> list[LoanEvent]:
        return [event for event in self.events if isinstance(event.what, Payment)]


days = st.integers(0, 300).map(lambda after: PAID_OUT + timedelta(days=after))
amounts = st.one_of(st.integers(1, 500), st.integers(1, 3_000_000)).map(Money)
payments = st.builds(Payment, on=days, amount=amounts)
charges = st.builds(
    ChargeAdded, due_on=days, portion=st.sampled_from([Portion.PENALTY, Portion.FEE]), amount=amounts
)
refunds = st.builds(BalanceRefund, on=days, amount=amounts)
tranches = st.builds(Disbursement, on=days, amount=amounts)


_rates = st.one_of(st.none(), st.sampled_from([Fraction(0), Fraction(4, 100), Fraction(24, 100)]))
restructures: st.SearchStrategy[Happening] = st.one_of(
    st.builds(
        ReAge,
        starts_on=days,
        frequency=st.sampled_from([MONTHLY, WEEKLY]),
        instalments=st.integers(1, 5),
        charges=st.sampled_from(UnpaidCharges),
    ),
    st.builds(ReAmortise, on=days),
    st.builds(Reschedule, on=days, from_due=days, extra_instalments=st.integers(0, 3), annual_rate=_rates),
    st.builds(WriteOff, on=days),
    days.map(lambda day: InterestPause(day, day + timedelta(days=20))),
)


@st.composite
def logs(
    draw: st.DrawFn,
    *,
    orders: tuple[Order, ...] = ORDERS,
    happenings: st.SearchStrategy[Happening] | None = None,
    max_size: int = 6,
) -> Log:
    """A loan that was paid out, and up to so many other things; a payment may be charged back or reversed."""
    agreed = draw(terms)
    usual = st.one_of(payments, payments, charges, tranches, refunds)
    rest = draw(st.lists(usual if happenings is None else happenings, max_size=max_size))
    last = PAID_OUT + timedelta(days=300)
    first = LoanEvent(1, PAID_OUT, Disbursement(PAID_OUT, agreed.principal))
    events = [first, *(LoanEvent(number, last, what) for number, what in enumerate(rest, start=2))]
    log = Log(agreed, draw(rules(orders)), tuple(events), last)
    if happenings is None and log.payments() and draw(st.booleans()):
        paid = draw(st.sampled_from(log.payments()))
        assert isinstance(paid.what, Payment)
        amount = Money(draw(st.integers(1, paid.what.amount.minor)))
        back: st.SearchStrategy[Happening] = st.just(Chargeback(last, amount, paid.number))
        log = log.with_more(draw(st.one_of(back, st.just(Reversal(paid.number)))))
    return log
