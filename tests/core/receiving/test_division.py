"""Is money that came divided as the payer said, or as it is due, without losing a cent?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from core.payments.model import Purpose
from core.payments.references import Wanted
from core.receiving.division import Holdings, Intention, LoanAsks, PaymentPart, divide

OLD = LoanAsks("lon_old", due=Money(100_00), to_clear=Money(500_00))
NEW = LoanAsks("lon_new", due=Money(50_00), to_clear=Money(300_00))
HELD = Holdings(loans=(OLD, NEW), savings="acc_savings", deposits="acc_deposits", shares="acc_shares")
ANYTHING = Intention()


def loan(loan_id: str, minor: int) -> PaymentPart:
    return PaymentPart(Purpose.LOAN_REPAYMENT, loan_id, Money(minor))


def saved(account: str, minor: int) -> PaymentPart:
    return PaymentPart(Purpose.SAVINGS, account, Money(minor))


@pytest.mark.parametrize(
    ("minor", "asked", "parts"),
    [
        (60_00, ANYTHING, (loan("lon_old", 60_00),)),
        (120_00, ANYTHING, (loan("lon_old", 100_00), loan("lon_new", 20_00))),
        (
            200_00,
            ANYTHING,
            (loan("lon_old", 100_00), loan("lon_new", 50_00), saved("acc_savings", 50_00)),
        ),
        (200_00, Intention(Wanted.SAVINGS), (saved("acc_savings", 200_00),)),
        (200_00, Intention(Wanted.DEPOSITS), (saved("acc_deposits", 200_00),)),
        (
            200_00,
            Intention(Wanted.SHARES),
            (PaymentPart(Purpose.SHARES, "acc_shares", Money(200_00)),),
        ),
        (200_00, Intention(Wanted.LOAN), (loan("lon_old", 150_00), loan("lon_new", 50_00))),
        (
            900_00,
            Intention(Wanted.LOAN),
            (loan("lon_old", 500_00), loan("lon_new", 300_00), saved("acc_savings", 100_00)),
        ),
        (200_00, Intention(Wanted.LOAN, loan_place=2), (loan("lon_new", 200_00),)),
        (200_00, Intention(Wanted.LOAN, loan_place=9), (saved("acc_savings", 200_00),)),
        (200_00, Intention(Wanted.LOAN, loan_place=0), (saved("acc_savings", 200_00),)),
        (
            400_00,
            Intention(Wanted.LOAN, loan_id="lon_new"),
            (loan("lon_new", 300_00), saved("acc_savings", 100_00)),
        ),
    ],
)
def test_money_goes_where_it_is_meant_or_due(
    minor: int, asked: Intention, parts: tuple[PaymentPart, ...]
) -> None:
    assert divide(Money(minor), asked, HELD) == parts


def test_without_savings_the_rest_is_deposited() -> None:
    held = Holdings(deposits="acc_deposits")

    assert divide(Money(1_00), ANYTHING, held) == (saved("acc_deposits", 1_00),)


def test_shares_that_nobody_holds_are_saved() -> None:
    held = Holdings(savings="acc_savings")

    assert divide(Money(1_00), Intention(Wanted.SHARES), held) == (saved("acc_savings", 1_00),)


def test_without_any_account_loans_take_all_or_nothing() -> None:
    held = Holdings(loans=(OLD,))

    assert divide(Money(450_00), ANYTHING, held) == (loan("lon_old", 450_00),)
    assert divide(Money(600_00), ANYTHING, held) == ()


def test_a_member_with_nothing_has_nowhere_to_put_it() -> None:
    assert divide(Money(1_00), ANYTHING, Holdings()) == ()


_LOANS = st.builds(lambda due, ahead: (due, due + ahead), st.integers(0, 10**7), st.integers(0, 10**7))


@given(
    st.integers(1, 10**8),
    st.lists(_LOANS, max_size=4),
    st.sampled_from([None, *Wanted]),
    st.none() | st.integers(0, 5),
    st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_the_parts_make_up_the_amount_and_no_loan_gets_more_than_clears_it(
    minor: int,
    owed: list[tuple[int, int]],
    wanted: Wanted | None,
    place: int | None,
    accounts: tuple[bool, bool, bool],
) -> None:
    loans = tuple(LoanAsks(f"lon_{n}", Money(due), Money(to_clear)) for n, (due, to_clear) in enumerate(owed))
    names = ("acc_savings", "acc_deposits", "acc_shares")
    held = Holdings(loans, *(name if there else None for name, there in zip(names, accounts, strict=True)))

    parts = divide(Money(minor), Intention(wanted, loan_place=place), held)

    if parts:
        assert sum(part.amount.minor for part in parts) == minor
    assert all(part.amount.minor > 0 for part in parts)
    given_to = {part.subject: part.amount for part in parts if part.purpose is Purpose.LOAN_REPAYMENT}
    assert all(given_to.get(each.loan_id, Money(0)) <= each.to_clear for each in loans)
    assert len({part.subject for part in parts}) == len(parts)
