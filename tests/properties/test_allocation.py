from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.lending.allocation import after_payment, allocate, owed
from core.lending.model import AllocationResult, InstalmentState, InterestChargedThrough, Portion, Product
from core.lending.products import DEVELOPMENT
from core.money import Money
from tests.properties.loans import amounts, recognised, running_loans

_Running = tuple[tuple[InstalmentState, ...], date, Product]


def _total(result: AllocationResult) -> Money:
    return sum((part.total for part in result.parts), start=Money.zero())


@given(running_loans(), amounts)
def test_parts_and_excess_make_up_the_payment(running: _Running, amount: Money) -> None:
    loan, today, product = running

    result = allocate(loan, amount, today, product)

    assert _total(result) + result.excess == amount


@given(running_loans(), amounts)
def test_no_part_is_negative_empty_or_above_what_is_unpaid(running: _Running, amount: Money) -> None:
    loan, today, product = running

    result = allocate(loan, amount, today, product)

    unpaid = {state.number: state for state in loan}
    assert [part.number for part in result.parts] == sorted({part.number for part in result.parts})
    assert result.excess >= Money.zero()
    for part in result.parts:
        assert part.total > Money.zero()
        assert Money.zero() <= part.principal <= unpaid[part.number].unpaid(Portion.PRINCIPAL)
        assert Money.zero() <= part.interest <= unpaid[part.number].unpaid(Portion.INTEREST)
        assert Money.zero() <= part.interest_receivable <= unpaid[part.number].interest_receivable
        assert part.interest_income >= Money.zero()


@given(running_loans())
def test_paying_exactly_what_clears_the_loan_leaves_nothing_owed(running: _Running) -> None:
    loan, today, product = running
    to_clear = owed(loan, today, product).to_clear

    result = allocate(loan, to_clear, today, product)

    after = after_payment(loan, result.parts)
    assert result.clears
    assert not result.excess
    assert not owed(after, today, product).to_clear
    assert not owed(after, today, product).due_now
    assert not any(state.unpaid(Portion.PRINCIPAL) for state in after)


@given(running_loans(), amounts)
def test_a_payment_clears_the_loan_when_it_reaches_what_is_owed_and_not_before(
    running: _Running, amount: Money
) -> None:
    loan, today, product = running
    to_clear = owed(loan, today, product).to_clear

    result = allocate(loan, amount, today, product)

    assert result.clears == (amount >= to_clear)
    assert result.excess == max(amount - to_clear, Money.zero())


@given(running_loans(), amounts, st.integers(0, 100))
def test_paying_in_two_parts_on_one_day_is_paying_once(running: _Running, amount: Money, share: int) -> None:
    loan, today, product = running
    first, second = amount.split([share, 100 - share])

    once = allocate(loan, amount, today, product)
    early = allocate(loan, first, today, product)
    halfway = after_payment(loan, early.parts)
    late = allocate(halfway, second, today, product)

    assert after_payment(halfway, late.parts) == after_payment(loan, once.parts)
    assert early.excess + late.excess == once.excess
    assert late.clears == once.clears


@given(running_loans(), amounts)
def test_a_payment_lowers_what_clears_the_loan_by_just_what_it_paid(running: _Running, amount: Money) -> None:
    loan, today, product = running

    result = allocate(loan, amount, today, product)

    after = owed(after_payment(loan, result.parts), today, product)
    assert owed(loan, today, product).to_clear - after.to_clear == _total(result)


@given(running_loans(), amounts)
def test_nothing_goes_ahead_while_something_due_is_unpaid(running: _Running, amount: Money) -> None:
    loan, today, product = running

    parts = allocate(loan, amount, today, product).parts

    due = {state.number for state in loan if state.due_on <= today}
    if owed(after_payment(loan, parts), today, product).due_now:
        assert {part.number for part in parts} <= due


@given(running_loans(products=(DEVELOPMENT,)), amounts)
def test_early_principal_leaves_later_interest_scheduled(running: _Running, amount: Money) -> None:
    loan, today, product = running
    parts = {part.number: part for part in allocate(loan, amount, today, product).parts}

    later = [state for state in loan if state.due_on > today][1:]
    assert not any(parts[state.number].interest for state in later if state.number in parts)


@given(running_loans())
def test_what_is_owed_hangs_together(running: _Running) -> None:
    loan, today, product = running

    asked = owed(loan, today, product)

    unpaid = sum((state.unpaid_total for state in loan), start=Money.zero())
    assert Money.zero() <= asked.due_now <= asked.to_clear <= unpaid
    assert (asked.next_due_on is None) == (not asked.next_due)
    assert asked.next_due_on is None or asked.next_due_on > today
    assert asked.days_late == 0 or asked.due_now
    if product.interest_charged_through is InterestChargedThrough.WHOLE_TERM:
        assert asked.to_clear == unpaid


@given(running_loans(), amounts)
def test_all_interest_reaches_income_once_whether_paid_before_or_after_it_fell_due(
    running: _Running, amount: Money
) -> None:
    loan, today, product = running
    result = allocate(loan, amount, today, product)

    after = after_payment(loan, result.parts)

    end = max(state.due_on for state in loan)
    closed_at_the_end = sum(
        (state.interest_recognised for state in recognised(after, end)), start=Money.zero()
    )
    assert closed_at_the_end == sum((state.instalment.interest for state in loan), start=Money.zero())
    at_once = sum((part.interest_income for part in result.parts), start=Money.zero())
    before = sum((state.interest_recognised for state in loan), start=Money.zero())
    assert sum((state.interest_recognised for state in after), start=Money.zero()) == before + at_once
