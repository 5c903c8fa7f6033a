"""Members' savings and deposits."""

from collections.abc import Iterator

from core.ledger import postings
from core.ledger.chart import Gl
from core.ledger.journal import Journal
from tests.posting_cases.accounts import (
    AMINA_DEPOSITS,
    AMINA_FIXED,
    AMINA_SAVINGS,
    AT,
    DAY,
    OTIENO_SAVINGS,
    SAVINGS,
    TERM,
    kes,
)


def cases() -> Iterator[tuple[str, Journal]]:
    yield from moved()
    yield from earned()
    yield from bound()


def moved() -> Iterator[tuple[str, Journal]]:
    yield (
        "Amina pays 1,000.00 into her savings over the paybill",
        postings.money_paid_in(
            key="payment:s1",
            kind="savings_paid_in",
            event_at=AT,
            business_date=DAY,
            account=AMINA_SAVINGS.code,
            amount=kes("1,000"),
            received_in=Gl.MPESA_PAYBILL,
        ),
    )
    yield (
        "Amina pays 120.00 over the paybill for a card, the excise in it",
        postings.fee_paid(
            key="payment:s2",
            event_at=AT,
            business_date=DAY,
            received_in=Gl.MPESA_PAYBILL,
            fee=kes("100"),
            excise=kes("20"),
            meta={"fee": "card"},
        ),
    )
    yield (
        "Amina takes 400.00 out at the counter",
        postings.money_paid_out(
            key="counter:1",
            kind="savings_paid_out",
            event_at=AT,
            business_date=DAY,
            account=AMINA_SAVINGS.code,
            amount=kes("400"),
            paid_from=Gl.CASH_IN_HAND,
        ),
    )
    yield (
        "Amina's standing order moves 1,500.00 to her deposits and 500.00 to Otieno",
        postings.money_transferred(
            key="standing_order:1:2026-03-31",
            kind="standing_order",
            event_at=AT,
            business_date=DAY,
            given_from=AMINA_SAVINGS.code,
            given_to=[(AMINA_DEPOSITS.code, kes("1,500")), (OTIENO_SAVINGS.code, kes("500"))],
        ),
    )
    yield (
        "Amina pays 50.00 for a statement, with excise of 10.00",
        postings.account_fee_charged(
            key="fee:1",
            event_at=AT,
            business_date=DAY,
            account=AMINA_SAVINGS.code,
            accounts=SAVINGS,
            fee=kes("50"),
            excise=kes("10"),
        ),
    )


def earned() -> Iterator[tuple[str, Journal]]:
    yield (
        "a day's interest on all savings, 820.00",
        postings.savings_interest_accrued(
            product="savings", run="1", event_at=AT, business_date=DAY, accounts=SAVINGS, amount=kes("820")
        ),
    )
    yield (
        "Amina's interest of the quarter is hers: 100.00, 98.50 of it accrued, 15 % withheld",
        postings.savings_interest_posted(
            account_id="acc_amina",
            event_at=AT,
            business_date=DAY,
            account=AMINA_SAVINGS.code,
            accounts=SAVINGS,
            accrued=kes("98.50"),
            not_accrued=kes("1.50"),
            withheld=kes("15"),
        ),
    )
    yield (
        "Otieno's interest is 40.00, of which 40.20 had been accrued",
        postings.savings_interest_posted(
            account_id="acc_otieno",
            event_at=AT,
            business_date=DAY,
            account=OTIENO_SAVINGS.code,
            accounts=SAVINGS,
            accrued=kes("40.20"),
            not_accrued=kes("-0.20"),
            withheld=kes("6"),
        ),
    )
    yield (
        "Amina was below zero for a while and pays 12.00 for it",
        postings.overdraft_interest_charged(
            account_id="acc_amina",
            event_at=AT,
            business_date=DAY,
            account=AMINA_SAVINGS.code,
            accounts=SAVINGS,
            amount=kes("12"),
        ),
    )


def bound() -> Iterator[tuple[str, Journal]]:
    yield (
        "Amina binds 10,000.00 of her savings for a year",
        postings.fixed_deposit_opened(
            deposit_id="fxd_1",
            event_at=AT,
            business_date=DAY,
            paid_from=AMINA_SAVINGS.code,
            deposit=(AMINA_FIXED.code, kes("10,000")),
        ),
    )
    yield (
        "it matures with 1,000.00 of interest, all accrued, 15 % withheld",
        postings.fixed_deposit_ended(
            deposit_id="fxd_1",
            kind="fixed_deposit_matured",
            event_at=AT,
            business_date=DAY,
            deposit=(AMINA_FIXED.code, kes("10,000")),
            accounts=TERM,
            accrued=kes("1,000"),
            interest=kes("1,000"),
            withheld=kes("150"),
            paid_to=AMINA_SAVINGS.code,
        ),
    )
    yield (
        "another is broken early: of 600.00 accrued Amina keeps 200.00",
        postings.fixed_deposit_ended(
            deposit_id="fxd_2",
            kind="fixed_deposit_broken",
            event_at=AT,
            business_date=DAY,
            deposit=(AMINA_FIXED.code, kes("10,000")),
            accounts=TERM,
            accrued=kes("600"),
            interest=kes("200"),
            withheld=kes("30"),
            paid_to=AMINA_SAVINGS.code,
        ),
    )
