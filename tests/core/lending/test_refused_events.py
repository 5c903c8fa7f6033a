"""What cannot have happened to a loan is refused, and nothing changes."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from core.errors import (
    AmountNotPositive,
    AmountTooLarge,
    BeforeDisbursement,
    ChargebackTooLarge,
    ContradictoryTerms,
    CurrencyMismatch,
    DatesOutOfOrder,
    NoInstalmentDue,
    NotReversible,
    Refusal,
    UnknownLoanEvent,
)
from core.lending.events import (
    ChargeAdded,
    Chargeback,
    ChargeWaived,
    DisbursementUndone,
    Happening,
    InterestPause,
    LoanEvent,
    Payment,
    PercentOfLoan,
    ReAge,
    Reschedule,
    Reversal,
)
from core.lending.model import Portion
from core.lending.orders import interest_of_oldest_row_then_principal
from core.lending.repayment_rules import EventOrder, RepaymentInterest, RepaymentRules
from core.lending.replay import AMOUNT_MAX_MINOR, followed_by, replay
from core.lending.terms import MONTHLY
from core.money import Currency, Money
from tests.core.lending.story import (
    APRIL,
    FEB,
    MARCH,
    PAID_OUT,
    RULES,
    TERMS,
    TODAY,
    after,
    kes,
    log_of,
    paid,
)


@pytest.mark.parametrize(
    ("happenings", "refusal"),
    [
        ([paid(date(2025, 12, 31), "1")], BeforeDisbursement),
        ([paid(FEB, "0")], AmountNotPositive),
        ([ChargeAdded(FEB, Portion.FEE, PercentOfLoan(Fraction(0)))], AmountNotPositive),
        ([Payment(FEB, Money(AMOUNT_MAX_MINOR + 1))], AmountTooLarge),
        ([Payment(FEB, Money(1, Currency.USD))], CurrencyMismatch),
        ([Reversal(of=99)], UnknownLoanEvent),
        ([paid(FEB, "1"), Reversal(of=2), Reversal(of=2)], NotReversible),
        ([paid(FEB, "1"), Reversal(of=2), Reversal(of=3)], NotReversible),
        ([paid(FEB, "1"), Chargeback(FEB, kes("1"), 2), Reversal(of=2)], NotReversible),
        ([paid(FEB, "1"), Chargeback(FEB, kes("2"), 2)], ChargebackTooLarge),
        ([Chargeback(FEB, kes("2"), 9)], UnknownLoanEvent),
        ([ChargeWaived(FEB, 9)], UnknownLoanEvent),
        ([Reversal(of=1), DisbursementUndone()], UnknownLoanEvent),
        ([Reschedule(FEB, from_due=date(2026, 3, 2), new_due=APRIL)], NoInstalmentDue),
        ([Reschedule(FEB, from_due=date(2027, 1, 1), extra_instalments=1)], NoInstalmentDue),
        ([Reschedule(FEB, from_due=MARCH, new_due=FEB)], DatesOutOfOrder),
        ([ReAge(date(2026, 1, 1) - timedelta(days=1), MONTHLY, 2)], BeforeDisbursement),
        ([InterestPause(MARCH, FEB)], DatesOutOfOrder),
    ],
)
def test_what_cannot_have_happened_is_refused(happenings: list[Happening], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        after(*happenings)


def test_a_payment_on_a_loan_that_was_never_paid_out_is_refused() -> None:
    with pytest.raises(BeforeDisbursement) as refused:
        replay(TERMS, RULES, (LoanEvent(1, PAID_OUT, paid(FEB, "1")),), as_of=TODAY)

    assert refused.value.disbursed_on is None


def test_a_payment_before_the_loan_was_paid_out_is_refused_in_any_order_of_events() -> None:
    rules = RepaymentRules(event_order=EventOrder.SCHEDULE_THEN_CHARGES_THEN_MONEY)

    with pytest.raises(BeforeDisbursement) as refused:
        after(paid(date(2025, 12, 31), "1"), rules=rules)

    assert refused.value.disbursed_on == PAID_OUT


def test_a_log_that_goes_back_is_refused() -> None:
    first, second = log_of(paid(FEB, "1"))

    with pytest.raises(DatesOutOfOrder):
        replay(TERMS, RULES, (second, first), as_of=TODAY)
    with pytest.raises(DatesOutOfOrder):
        replay(TERMS, RULES, (first, replace(second, entered_on=date(2025, 1, 1))), as_of=TODAY)


def test_a_refused_event_changes_nothing() -> None:
    log = log_of(paid(FEB, "60"))
    state = replay(TERMS, RULES, log, as_of=TODAY)

    with pytest.raises(BeforeDisbursement):
        followed_by(state, TERMS, RULES, log, LoanEvent(3, TODAY, paid(date(2025, 1, 1), "1")), as_of=TODAY)

    assert state == replay(TERMS, RULES, log, as_of=TODAY)


def test_interest_by_day_needs_an_order_that_reaches_all_of_it() -> None:
    with pytest.raises(ContradictoryTerms):
        RepaymentRules(order=interest_of_oldest_row_then_principal(), interest=RepaymentInterest.BY_DAY)
