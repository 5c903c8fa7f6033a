"""Shares and the yearly distribution."""

from collections.abc import Iterator

from core.ledger import postings
from core.ledger.chart import Gl
from core.ledger.journal import Journal
from tests.posting_cases.accounts import (
    AMINA_DEPOSITS,
    AMINA_SAVINGS,
    AMINA_SHARES,
    AT,
    DAY,
    OTIENO_SHARES,
    kes,
)


def cases() -> Iterator[tuple[str, Journal]]:
    yield (
        "Amina buys shares for 5,000.00 from her savings",
        postings.shares_bought(
            key="shares:1",
            event_at=AT,
            business_date=DAY,
            paid_from=AMINA_SAVINGS.code,
            shares=(AMINA_SHARES.code, kes("5,000")),
        ),
    )
    yield (
        "Amina hands shares of 2,000.00 to Otieno",
        postings.shares_transferred(
            key="shares:2",
            event_at=AT,
            business_date=DAY,
            given_from=AMINA_SHARES.code,
            given_to=OTIENO_SHARES.code,
            amount=kes("2,000"),
        ),
    )
    yield (
        "the board proposes a dividend of 100,000.00",
        postings.dividend_proposed(year=2025, event_at=AT, business_date=DAY, amount=kes("100,000")),
    )
    yield (
        "the meeting approves 120,000.00, and 400,000.00 of interest on deposits",
        postings.dividend_declared(
            year=2025,
            event_at=AT,
            business_date=DAY,
            dividend=kes("120,000"),
            deposit_interest=kes("400,000"),
            proposed=kes("100,000"),
        ),
    )
    yield (
        "another society declares without a proposal",
        postings.dividend_declared(
            year=2024, event_at=AT, business_date=DAY, dividend=kes("90,000"), deposit_interest=kes("0")
        ),
    )
    yield (
        "Amina's part of 27,403.75 less 5 %: half to shares, the rest to savings, deposits and M-Pesa",
        postings.dividend_paid(
            year=2025,
            member_id="mbr_amina",
            event_at=AT,
            business_date=DAY,
            gross=kes("27,403.75"),
            withheld=kes("1,370.19"),
            paid_to=[
                (AMINA_SHARES.code, kes("13,016.78")),
                (AMINA_SAVINGS.code, kes("5,000")),
                (AMINA_DEPOSITS.code, kes("5,000")),
                (Gl.PAYOUTS_HELD, kes("3,016.78")),
            ],
        ),
    )
