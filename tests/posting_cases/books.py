"""What the books do by themselves: suspense, corrections, currencies, the end of a year."""

from collections.abc import Iterator

from core.ledger import postings
from core.ledger.chart import Gl
from core.ledger.journal import Journal, credit, debit
from core.money import Currency
from tests.posting_cases.accounts import AMINA_SAVINGS, AT, DAY, kes, usd


def cases() -> Iterator[tuple[str, Journal]]:
    yield from corrected()
    yield from exchanged()
    yield from ended()


def corrected() -> Iterator[tuple[str, Journal]]:
    receipt = postings.receipt_unmatched(
        key="receipt:QK1",
        event_at=AT,
        business_date=DAY,
        received_in=Gl.MPESA_PAYBILL,
        amount=kes("700"),
        meta={"receipt": "QK1"},
    )
    yield "700.00 come to the paybill with an account nobody knows", receipt
    yield (
        "they were Amina's",
        postings.suspense_cleared(
            key="clearing:1",
            event_at=AT,
            business_date=DAY,
            receipt_key="receipt:QK1",
            given_to=[(AMINA_SAVINGS.code, kes("700"))],
        ),
    )
    yield (
        "M-Pesa takes 9.00 for a payout, as its statement says",
        postings.provider_charge_taken(
            key="statement_line:1",
            event_at=AT,
            business_date=DAY,
            taken_from=Gl.MPESA_UTILITY,
            expense=Gl.PROVIDER_CHARGES,
            amount=kes("9"),
            receipt="QK2",
        ),
    )
    by_hand = postings.booked_by_hand(
        key="manual:1",
        kind="salaries",
        event_at=AT,
        business_date=DAY,
        lines=[debit(Gl.PERSONNEL, kes("80,000")), credit(Gl.BANK, kes("80,000"))],
        reason="salaries of March",
    )
    yield "the accountant books the salaries", by_hand
    yield (
        "the salaries are taken back",
        postings.reversal(by_hand, event_at=AT, business_date=DAY, reason="booked twice"),
    )


def exchanged() -> Iterator[tuple[str, Journal]]:
    yield (
        "USD 100.00 are bought for 13,000.00",
        postings.currency_exchanged(
            key="exchange:1",
            event_at=AT,
            business_date=DAY,
            given=(Gl.BANK, kes("13,000")),
            received=("1010.USD", usd("100")),
            cost=kes("13,000"),
        ),
    )
    yield (
        "half of them is sold for 6,600.00",
        postings.currency_exchanged(
            key="exchange:2",
            event_at=AT,
            business_date=DAY,
            given=("1010.USD", usd("50")),
            received=(Gl.BANK, kes("6,600")),
            cost=kes("6,500"),
        ),
    )
    yield (
        "the rest for 6,450.00",
        postings.currency_exchanged(
            key="exchange:3",
            event_at=AT,
            business_date=DAY,
            given=("1010.USD", usd("50")),
            received=(Gl.BANK, kes("6,450")),
            cost=kes("6,500"),
        ),
    )
    yield (
        "what is held in dollars is worth 150.00 more",
        postings.currency_revalued(
            currency=Currency.USD, run=1, event_at=AT, business_date=DAY, change=kes("150")
        ),
    )
    yield (
        "the day after it is worth 250.00 less",
        postings.currency_revalued(
            currency=Currency.USD, run=2, event_at=AT, business_date=DAY, change=kes("-250")
        ),
    )


def ended() -> Iterator[tuple[str, Journal]]:
    yield (
        "the year ends with interest of 900.00 earned, and 350.00 of salaries and 60.00 of interest paid",
        postings.year_closed(
            year_end=DAY,
            event_at=AT,
            currency=Currency.KES,
            income=[(Gl.INTEREST_INCOME, kes("900"))],
            expense=[(Gl.PERSONNEL, kes("350")), (Gl.INTEREST_ON_DEPOSITS, kes("60"))],
        ),
    )
    yield (
        "a year ends with a loss",
        postings.year_closed(
            year_end=DAY.replace(year=2025),
            event_at=AT,
            currency=Currency.KES,
            income=[(Gl.INTEREST_INCOME, kes("100"))],
            expense=[(Gl.PERSONNEL, kes("350"))],
        ),
    )
