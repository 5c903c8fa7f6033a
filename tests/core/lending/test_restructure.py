"""What restructuring, interest by day, write-off and settlement do to a loan."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.errors import (
    CurrencyMismatch,
    TopUpTooSmall,
)
from core.lending.events import (
    Disbursement,
    InterestPause,
    LoanEvent,
    Payment,
    PaymentKind,
    ReAge,
    ReAmortise,
    Reschedule,
    UnpaidCharges,
    WriteOff,
)
from core.lending.loan_state import Standing
from core.lending.model import InterestChargedThrough, Portion
from core.lending.orders import product_order
from core.lending.quotes import settlement_quote, top_up_quote
from core.lending.repayment_rules import AfterWriteOff, RepaymentInterest, RepaymentRules
from core.lending.replay import replay
from core.lending.rows import Parts
from core.lending.terms import MONTHLY
from core.money import Currency, Money
from tests.core.lending.story import (
    AT_A_PRICE,
    BY_DAY,
    FEB,
    MARCH,
    MAY,
    PAID_OUT,
    RULES,
    TERMS,
    TODAY,
    after,
    fee,
    kes,
    log_of,
    paid,
    still_open,
)


def test_a_loan_written_off_may_still_be_recovered() -> None:
    recovered = paid(date(2026, 9, 1), "150", PaymentKind.RECOVERY)
    state = after(WriteOff(date(2026, 8, 1)), recovered)

    assert state.written_off_on == date(2026, 8, 1)
    assert [line.kind for line in state.transactions[1:]] == ["charge_off", "recovery"]
    assert state.transactions[1].parts == Parts(principal=40_000)
    assert state.outstanding.principal == 25_000


def test_after_a_write_off_interest_may_end() -> None:
    rules = replace(BY_DAY, after_write_off=AfterWriteOff.ZERO_INTEREST)

    interest = [row.due.interest for row in after(WriteOff(FEB), terms=AT_A_PRICE, rules=rules).rows]

    assert interest == [400, 0, 0, 0]


def test_moving_a_due_date_moves_those_behind_it() -> None:
    state = after(Reschedule(FEB, from_due=MARCH, new_due=date(2026, 3, 20)))

    assert [row.due_on.isoformat() for row in state.rows][1:] == ["2026-03-20", "2026-04-20", "2026-05-20"]
    assert still_open(state) == ["100.00"] * 4


def test_more_instalments_make_the_later_ones_smaller() -> None:
    state = after(paid(FEB, "100"), Reschedule(FEB, from_due=MARCH, extra_instalments=3))

    assert still_open(state) == ["0.00", *["50.00"] * 6]


def test_a_new_rate_counts_from_a_date_on() -> None:
    change = Reschedule(FEB, from_due=MARCH, annual_rate=Fraction(24, 100))

    dearer = [row.due.interest for row in after(change, terms=AT_A_PRICE).rows]

    usual = [row.due.interest for row in after(terms=AT_A_PRICE).rows]
    assert dearer[0] == usual[0]
    assert all(now > then for now, then in zip(dearer[1:], usual[1:], strict=True))


def test_re_amortising_moves_what_is_overdue_to_later_rows() -> None:
    state = after(paid(FEB, "40"), ReAmortise(date(2026, 3, 10)))

    assert still_open(state) == ["0.00", "0.00", "180.00", "180.00"]
    assert state.rows[0].settled_on == date(2026, 3, 10)
    assert after(ReAmortise(TODAY)) == after()


def test_re_ageing_gives_new_rows_and_keeps_what_was_paid_ahead() -> None:
    change = ReAge(date(2026, 3, 10), MONTHLY, 3)
    first = LoanEvent(1, PAID_OUT, Disbursement(PAID_OUT, TERMS.principal))
    events = (first, LoanEvent(2, PAID_OUT, paid(PAID_OUT, "130")), LoanEvent(3, date(2026, 2, 10), change))

    state = replay(TERMS, RULES, events, as_of=TODAY)

    assert [row.due.principal for row in state.rows] == [10_000, 3_000, 9_000, 9_000, 9_000]
    assert state.rows[1].due_on == date(2026, 2, 10)
    assert after(paid(FEB, "400"), change) == after(paid(FEB, "400"))


@pytest.mark.parametrize(
    ("rule", "fees"), [(UnpaidCharges.STAY, [0, 1_000, 0]), (UnpaidCharges.SPREAD, [0, 500, 500])]
)
def test_re_ageing_takes_unpaid_charges_along(rule: UnpaidCharges, fees: list[int]) -> None:
    change = ReAge(date(2026, 1, 20), MONTHLY, 2, charges=rule)
    events = (
        LoanEvent(1, PAID_OUT, Disbursement(PAID_OUT, TERMS.principal)),
        LoanEvent(2, PAID_OUT, fee(date(2026, 1, 15), "10")),
        LoanEvent(3, date(2026, 1, 10), change),
    )

    state = replay(TERMS, RULES, events, as_of=TODAY)

    assert [row.due.fee for row in state.rows] == fees


def test_interest_by_day_follows_the_principal() -> None:
    early = after(paid(date(2026, 1, 16), "100"), terms=AT_A_PRICE, rules=BY_DAY)
    on_time = after(paid(FEB, "100"), terms=AT_A_PRICE, rules=BY_DAY)

    assert sum(row.due.interest for row in early.rows) < sum(row.due.interest for row in on_time.rows)


def test_a_pause_costs_no_interest() -> None:
    pause = InterestPause(FEB, MAY)

    interest = [row.due.interest for row in after(pause, terms=AT_A_PRICE, rules=BY_DAY).rows]

    assert interest[1:] == [0, 0, 0]


@pytest.mark.parametrize(
    ("through", "quoted"),
    [
        (InterestChargedThrough.CURRENT_PERIOD, Parts(interest=400, principal=40_000)),
        (InterestChargedThrough.WHOLE_TERM, Parts(interest=1_005, principal=40_000)),
    ],
)
def test_what_clears_a_loan_is_a_rule_of_the_product(through: InterestChargedThrough, quoted: Parts) -> None:
    rules = RepaymentRules(order=product_order((*Portion,), through))
    day = date(2026, 1, 10)

    quote = settlement_quote(AT_A_PRICE, rules, log_of(), on=day, today=TODAY)
    later = after(Payment(day, Money(quote.total)), terms=AT_A_PRICE, rules=rules)

    assert quote == quoted
    assert later.standing is Standing.CLOSED


def test_interest_to_date_or_to_the_end_of_the_period_clears_a_loan_by_day() -> None:
    to_end = RepaymentRules(interest=RepaymentInterest.BY_DAY_TO_PERIOD_END)
    day = date(2026, 1, 16)

    to_date = settlement_quote(AT_A_PRICE, BY_DAY, log_of(), on=day, today=day)
    to_period_end = settlement_quote(AT_A_PRICE, to_end, log_of(), on=day, today=day)

    assert to_date == Parts(interest=194, principal=40_000)
    assert to_period_end == Parts(interest=400, principal=40_000)


def test_a_new_loan_may_clear_the_old_one_and_leaves_the_rest() -> None:
    quote = top_up_quote(TERMS, RULES, log_of(paid(FEB, "100")), new_loan=kes("1,000"), on=MARCH)

    assert (quote.clears_old, quote.paid_out) == (Parts(principal=30_000), 70_000)
    with pytest.raises(TopUpTooSmall):
        top_up_quote(TERMS, RULES, log_of(), new_loan=kes("399.99"), on=MARCH)
    with pytest.raises(CurrencyMismatch):
        top_up_quote(TERMS, RULES, log_of(), new_loan=Money(50_000, Currency.USD), on=MARCH)


def test_a_new_rate_on_a_loan_that_is_paid_changes_nothing() -> None:
    change = Reschedule(MAY, from_due=MAY, annual_rate=Fraction(24, 100))
    settled = settlement_quote(AT_A_PRICE, BY_DAY, log_of(), on=FEB, today=FEB)

    state = after(Payment(FEB, Money(settled.total)), change, terms=AT_A_PRICE, rules=BY_DAY)

    assert state.standing is Standing.CLOSED
