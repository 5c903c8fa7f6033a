from dataclasses import replace
from datetime import date

import pytest

from core.errors import CurrencyMismatch
from core.lending.allocation import after_payment, allocate, owed
from core.lending.model import (
    Allocation,
    Instalment,
    InstalmentState,
    InterestChargedThrough,
    Owed,
    Portion,
)
from core.lending.products import DEVELOPMENT, EMERGENCY
from core.money import Currency, Money

_BEFORE_ALL = date(2026, 1, 10)
_FIRST_DUE = date(2026, 1, 31)
_SECOND_DUE = date(2026, 2, 28)
_THIRD_DUE = date(2026, 3, 31)
_FOURTH_DUE = date(2026, 4, 30)


def _kes(text: str) -> Money:
    return Money.parse(text)


def _loan() -> tuple[InstalmentState, ...]:
    """1,000.00 of principal every month end, with interest of 40.00, 30.00, 20.00 and 10.00."""
    due_dates = (_FIRST_DUE, _SECOND_DUE, _THIRD_DUE, _FOURTH_DUE)
    return tuple(
        InstalmentState.untouched(
            Instalment.without_charges(number, due_on, _kes("1,000"), _kes(f"{50 - 10 * number}"))
        )
        for number, due_on in enumerate(due_dates, start=1)
    )


def _recognised_until(day: date, loan: tuple[InstalmentState, ...]) -> tuple[InstalmentState, ...]:
    """As the day-close leaves it: interest that fell due is in the books as receivable."""
    return tuple(
        replace(state, interest_recognised=state.instalment.interest) if state.due_on <= day else state
        for state in loan
    )


def _paid(parts: tuple[Allocation, ...]) -> list[tuple[int, str, str]]:
    """Number, interest and principal of each part."""
    return [(part.number, str(part.interest), str(part.principal)) for part in parts]


def _pay(loan: tuple[InstalmentState, ...], amount: str, today: date) -> tuple[InstalmentState, ...]:
    return after_payment(loan, allocate(loan, _kes(amount), today, DEVELOPMENT).parts)


def test_overdue_instalments_are_paid_oldest_first_and_interest_before_principal() -> None:
    result = allocate(_loan(), _kes("1,050"), _SECOND_DUE, DEVELOPMENT)

    assert _paid(result.parts) == [(1, "40.00", "1,000.00"), (2, "10.00", "0.00")]
    assert not result.excess
    assert not result.clears


def test_a_product_may_pay_principal_before_interest() -> None:
    order = (Portion.PRINCIPAL, Portion.INTEREST, Portion.FEE, Portion.PENALTY)
    product = replace(DEVELOPMENT, allocation_order=order)

    result = allocate(_loan(), _kes("1,010"), _FIRST_DUE, product)

    assert _paid(result.parts) == [(1, "10.00", "1,000.00")]


def test_an_instalment_due_today_counts_as_due() -> None:
    assert owed(_loan(), _FIRST_DUE, DEVELOPMENT).due_now == _kes("1,040")


def test_after_what_is_due_the_running_instalment_is_paid() -> None:
    result = allocate(_loan(), _kes("1,500"), _FIRST_DUE, DEVELOPMENT)

    assert _paid(result.parts) == [(1, "40.00", "1,000.00"), (2, "30.00", "430.00")]


def test_what_remains_repays_later_principal_and_leaves_its_interest_scheduled() -> None:
    loan = _loan()

    result = allocate(loan, _kes("3,000"), _FIRST_DUE, DEVELOPMENT)

    assert _paid(result.parts) == [
        (1, "40.00", "1,000.00"),
        (2, "30.00", "1,000.00"),
        (3, "0.00", "930.00"),
    ]
    third = after_payment(loan, result.parts)[2]
    assert third.unpaid(Portion.INTEREST) == _kes("20")
    assert third.unpaid_total == _kes("90")


def test_principal_paid_ahead_lowers_a_later_instalment_to_its_interest() -> None:
    loan = _pay(_loan(), "3,070", _FIRST_DUE)

    when_due = owed(loan, _THIRD_DUE, DEVELOPMENT)

    assert when_due.due_now == _kes("20")
    assert when_due.to_clear == _kes("1,030")


def test_clearing_early_charges_interest_up_to_the_running_instalment() -> None:
    result = allocate(_loan(), _kes("4,070"), _FIRST_DUE, DEVELOPMENT)

    assert _paid(result.parts)[-2:] == [(3, "0.00", "1,000.00"), (4, "0.00", "1,000.00")]
    assert result.clears
    assert not result.excess


def test_clearing_before_the_first_due_date_charges_the_first_interest_only() -> None:
    assert owed(_loan(), _BEFORE_ALL, DEVELOPMENT).to_clear == _kes("4,040")


def test_clearing_a_flat_loan_early_charges_all_of_its_interest() -> None:
    short_of_it = allocate(_loan(), _kes("4,099.99"), _BEFORE_ALL, EMERGENCY)
    exactly = allocate(_loan(), _kes("4,100"), _BEFORE_ALL, EMERGENCY)

    assert owed(_loan(), _BEFORE_ALL, EMERGENCY).to_clear == _kes("4,100")
    assert not short_of_it.clears
    assert exactly.clears
    assert _paid(exactly.parts)[-1] == (4, "10.00", "1,000.00")


def test_later_interest_of_a_flat_loan_is_paid_after_all_principal() -> None:
    result = allocate(_loan(), _kes("4,065"), _BEFORE_ALL, EMERGENCY)

    assert _paid(result.parts) == [
        (1, "40.00", "1,000.00"),
        (2, "25.00", "1,000.00"),
        (3, "0.00", "1,000.00"),
        (4, "0.00", "1,000.00"),
    ]


def test_once_everything_is_overdue_both_rules_ask_the_same() -> None:
    after_the_end = date(2026, 6, 1)

    assert owed(_loan(), after_the_end, DEVELOPMENT).to_clear == _kes("4,100")
    assert owed(_loan(), after_the_end, EMERGENCY).to_clear == _kes("4,100")


def test_what_is_above_clearing_is_excess() -> None:
    result = allocate(_loan(), _kes("5,000"), _FIRST_DUE, DEVELOPMENT)

    assert result.excess == _kes("930")
    assert result.clears


def test_paying_a_cleared_loan_again_is_all_excess() -> None:
    loan = _pay(_loan(), "4,070", _FIRST_DUE)

    result = allocate(loan, _kes("100"), _FIRST_DUE, DEVELOPMENT)

    assert result.parts == ()
    assert result.excess == _kes("100")
    assert result.clears


def test_paying_nothing_pays_nothing() -> None:
    result = allocate(_loan(), Money.zero(), _FIRST_DUE, DEVELOPMENT)

    assert (result.parts, result.excess, result.clears) == ((), Money.zero(), False)


def test_a_negative_payment_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not negative"):
        allocate(_loan(), Money(-1), _FIRST_DUE, DEVELOPMENT)


def test_a_payment_in_another_currency_is_refused() -> None:
    with pytest.raises(CurrencyMismatch):
        allocate(_loan(), Money(100, Currency.USD), _FIRST_DUE, DEVELOPMENT)


def test_a_loan_without_instalments_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one instalment"):
        owed((), _FIRST_DUE, DEVELOPMENT)
    with pytest.raises(ValueError, match="at least one instalment"):
        allocate((), _kes("1"), _FIRST_DUE, DEVELOPMENT)


def test_instalments_may_come_in_any_order() -> None:
    shuffled = _loan()[::-1]

    assert owed(shuffled, _SECOND_DUE, DEVELOPMENT) == owed(_loan(), _SECOND_DUE, DEVELOPMENT)
    assert allocate(shuffled, _kes("3,000"), _SECOND_DUE, DEVELOPMENT) == allocate(
        _loan(), _kes("3,000"), _SECOND_DUE, DEVELOPMENT
    )


def test_interest_in_the_books_is_credited_there_and_the_rest_is_income_at_once() -> None:
    loan = _recognised_until(_FIRST_DUE, _loan())

    first, second = allocate(loan, _kes("1,070"), _FIRST_DUE, DEVELOPMENT).parts

    assert (first.interest_receivable, first.interest_income) == (_kes("40"), _kes("0"))
    assert (second.interest_receivable, second.interest_income) == (_kes("0"), _kes("30"))


def test_only_what_is_still_receivable_is_credited_there() -> None:
    """30.00 were paid and taken to income before the due date, the other 10.00 on it."""
    paid_ahead = _pay(_loan(), "30", _BEFORE_ALL)
    assert paid_ahead[0].interest_recognised == _kes("30")
    on_due_date = _recognised_until(_FIRST_DUE, paid_ahead)

    (part,) = allocate(on_due_date, _kes("10"), _FIRST_DUE, DEVELOPMENT).parts

    assert on_due_date[0].interest_receivable == _kes("10")
    assert (part.interest_receivable, part.interest_income) == (_kes("10"), _kes("0"))


def test_interest_partly_in_the_books_is_divided() -> None:
    loan = (replace(_loan()[0], interest_recognised=_kes("15")), *_loan()[1:])

    (part,) = allocate(loan, _kes("40"), _BEFORE_ALL, DEVELOPMENT).parts

    assert (part.interest_receivable, part.interest_income) == (_kes("15"), _kes("25"))


def test_before_the_first_due_date_nothing_is_due() -> None:
    assert owed(_loan(), _BEFORE_ALL, DEVELOPMENT) == Owed(
        due_now=Money.zero(),
        next_due=_kes("1,040"),
        next_due_on=_FIRST_DUE,
        days_late=0,
        to_clear=_kes("4,040"),
    )


def test_arrears_count_from_the_oldest_instalment_not_fully_paid() -> None:
    loan = _pay(_loan(), "1,039.99", _FIRST_DUE)

    late = owed(loan, date(2026, 3, 12), DEVELOPMENT)

    assert late.days_late == 40
    assert late.due_now == _kes("1,030.01")
    assert (late.next_due, late.next_due_on) == (_kes("1,020"), _THIRD_DUE)


@pytest.mark.parametrize(("today", "days"), [(_FIRST_DUE, 0), (date(2026, 2, 1), 1)])
def test_the_due_date_itself_is_not_late(today: date, days: int) -> None:
    assert owed(_loan(), today, DEVELOPMENT).days_late == days


def test_on_the_due_date_the_next_instalment_is_the_one_after_it() -> None:
    today = owed(_loan(), _FIRST_DUE, DEVELOPMENT)

    assert (today.next_due, today.next_due_on) == (_kes("1,030"), _SECOND_DUE)


def test_paying_what_was_overdue_ends_the_arrears() -> None:
    today = date(2026, 3, 12)

    assert owed(_pay(_loan(), "2,070", today), today, DEVELOPMENT).days_late == 0


def test_a_running_instalment_already_paid_is_not_asked_for_again() -> None:
    loan = _pay(_loan(), "1,040", _BEFORE_ALL)

    ahead = owed(loan, _BEFORE_ALL, DEVELOPMENT)

    assert (ahead.next_due, ahead.next_due_on) == (_kes("1,030"), _SECOND_DUE)
    assert ahead.to_clear == _kes("3,000")


def test_a_loan_paid_to_the_end_asks_nothing() -> None:
    loan = _pay(_loan(), "4,100", _FOURTH_DUE)

    assert owed(loan, _FOURTH_DUE, DEVELOPMENT) == Owed(
        due_now=Money.zero(), next_due=Money.zero(), next_due_on=None, days_late=0, to_clear=Money.zero()
    )


def test_a_part_that_pays_more_than_is_unpaid_cannot_be_credited() -> None:
    too_much = Allocation(1, _kes("1,000.01"), Money.zero(), Money.zero())

    with pytest.raises(ValueError, match="contradict"):
        after_payment(_loan(), [too_much])


@pytest.mark.parametrize(
    ("principal_paid", "interest_paid", "interest_recognised"),
    [(-1, 0, 0), (100_001, 0, 0), (0, -1, 0), (0, 1, 0), (0, 0, 4_001), (0, 4_001, 4_001)],
)
def test_a_state_that_contradicts_its_instalment_cannot_be_built(
    principal_paid: int, interest_paid: int, interest_recognised: int
) -> None:
    with pytest.raises(ValueError, match="contradict"):
        InstalmentState(
            _loan()[0].instalment,
            principal_paid=Money(principal_paid),
            interest_paid=Money(interest_paid),
            interest_recognised=Money(interest_recognised),
        )


def test_penalties_and_fees_are_owed_by_nobody_yet() -> None:
    first = _loan()[0]

    assert not first.unpaid(Portion.PENALTY)
    assert not first.unpaid(Portion.FEE)


def test_the_demo_products_treat_early_settlement_differently() -> None:
    assert DEVELOPMENT.interest_charged_through is InterestChargedThrough.CURRENT_PERIOD
    assert EMERGENCY.interest_charged_through is InterestChargedThrough.WHOLE_TERM
