"""Which accounts are the accountant's own, and which journals are undone by nothing but their mirror?"""

from dataclasses import replace

import pytest

from core.errors import UndoneElsewhere
from core.ledger import postings
from core.ledger.account import AccountTerms, ByHand
from core.ledger.by_hand import refuse_irreversible
from core.ledger.chart import (
    CHART,
    Gl,
    code_in,
    own_code,
    position_accounts,
    product_code,
    takes_hand_postings,
)
from core.ledger.journal import Journal, credit, debit
from core.money import Currency, Money
from tests.core.ledger.books import TODAY, noon

TEN = Money(1_000)


def journal(kind: str, *, debited: str = Gl.BANK, credited: str = Gl.OTHER_INCOME) -> Journal:
    return Journal(
        key="j",
        kind=kind,
        event_at=noon(TODAY),
        business_date=TODAY,
        lines=(debit(debited, TEN), credit(credited, TEN)),
    )


@pytest.mark.parametrize(
    "terms", [terms for terms in CHART if not terms.heading], ids=lambda terms: terms.code
)
def test_what_the_chart_says_of_an_account_holds_for_its_products_currencies_and_own_accounts(
    terms: AccountTerms,
) -> None:
    narrowed = [terms.code, product_code(Gl(terms.code), "holiday"), code_in(terms.code, Currency.USD)]
    own = [own_code(code, "acc_1") for code in narrowed]

    assert {takes_hand_postings(code) for code in narrowed} == {terms.by_hand is ByHand.OPEN}
    assert {takes_hand_postings(code) for code in own} == {terms.by_hand is not ByHand.CLOSED}


def test_positions_in_other_currencies_move_by_exchange_alone() -> None:
    assert not any(takes_hand_postings(terms.code) for terms in position_accounts(Currency.USD))


@pytest.mark.parametrize(
    "kind",
    [
        "by_hand",
        "own_transfer",
        "savings_paid_in",
        "deposit_paid_in",
        "transfer",
        "account_fee",
        "suspense_in",
        "suspense_cleared",
    ],
)
def test_what_stands_in_the_books_alone_is_undone_there(kind: str) -> None:
    refuse_irreversible(journal(kind))


@pytest.mark.parametrize(
    "kind",
    [
        "fixed_deposit_opened",
        "term_deposit_matured",
        "dividend_paid",
        "dividend_declared",
        "year_end",
        "payout_held",
        "payout_settled",
        "account_closed",
        "standing_order",
        "savings_interest",
        "currency_exchange",
        "currency_revaluation",
        "loan_repayment",
        "reversal",
        "a kind that somebody adds",
    ],
)
def test_what_stands_elsewhere_too_is_undone_there(kind: str) -> None:
    with pytest.raises(UndoneElsewhere):
        refuse_irreversible(journal(kind))


def test_a_receipt_and_its_clearing_are_undone_with_the_list_of_receipts() -> None:
    receipt = postings.receipt_unmatched(
        key="r", event_at=noon(TODAY), business_date=TODAY, received_in=Gl.BANK, amount=TEN, meta={}
    )

    refuse_irreversible(receipt)
    with pytest.raises(UndoneElsewhere):
        refuse_irreversible(replace(receipt, kind="by_hand"))


def test_a_clearing_that_paid_a_loan_is_undone_at_the_loan() -> None:
    with pytest.raises(UndoneElsewhere):
        refuse_irreversible(
            journal("suspense_cleared", debited=Gl.SUSPENSE, credited=own_code(Gl.LOAN_PRINCIPAL, "lon_1"))
        )
