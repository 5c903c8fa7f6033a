"""Money that leaves the society, and its own money."""

from collections.abc import Iterator

from core.ledger import postings
from core.ledger.chart import Gl
from core.ledger.journal import Journal
from tests.posting_cases.accounts import AMINA_SAVINGS, AT, DAY, SAVINGS, kes

CHARGE, EXCISE = (SAVINGS.fee_income, kes("30")), (SAVINGS.excise, kes("6"))


def cases() -> Iterator[tuple[str, Journal]]:
    yield from charged_for()
    yield from for_nothing()
    yield from of_our_own()


def charged_for() -> Iterator[tuple[str, Journal]]:
    yield (
        "Amina withdraws 3,000.00 to M-Pesa; we charge 30.00 and excise of 6.00",
        postings.payout_held(
            payment_id="w1",
            event_at=AT,
            business_date=DAY,
            account=AMINA_SAVINGS.code,
            amount=kes("3,000"),
            charge=CHARGE,
            excise=EXCISE,
        ),
    )
    yield (
        "Safaricom confirms it and takes 13.00",
        postings.payout_settled(
            payment_id="w1", event_at=AT, business_date=DAY, amount=kes("3,000"), provider_charge=kes("13")
        ),
    )
    yield (
        "another time it fails for good",
        postings.payout_voided(
            payment_id="w2",
            event_at=AT,
            business_date=DAY,
            account=AMINA_SAVINGS.code,
            amount=kes("3,000"),
            charge=CHARGE,
            excise=EXCISE,
        ),
    )

    yield (
        "that one reached her after all",
        postings.payout_paid_late(
            payment_id="w2",
            event_at=AT,
            business_date=DAY,
            owed_by=AMINA_SAVINGS.code,
            amount=kes("3,000"),
            charge=CHARGE,
            excise=EXCISE,
        ),
    )


def for_nothing() -> Iterator[tuple[str, Journal]]:
    yield (
        "a payout without charge by the bank is held",
        postings.payout_held(
            payment_id="w3", event_at=AT, business_date=DAY, account=AMINA_SAVINGS.code, amount=kes("500")
        ),
    )
    yield (
        "it is settled",
        postings.payout_settled(
            payment_id="w3", event_at=AT, business_date=DAY, amount=kes("500"), paid_from=Gl.BANK
        ),
    )


def of_our_own() -> Iterator[tuple[str, Journal]]:
    yield (
        "the month's excise goes to the state",
        postings.payable_remitted(
            key="excise:2026-03",
            kind="tax_remitted",
            event_at=AT,
            business_date=DAY,
            payable=(Gl.EXCISE_DUTY, kes("4,215")),
        ),
    )
    yield (
        "50,000.00 are moved from the paybill to the bank",
        postings.money_moved_between_own(
            key="own:1",
            event_at=AT,
            business_date=DAY,
            given_from=Gl.MPESA_PAYBILL,
            given_to=Gl.BANK,
            amount=kes("50,000"),
        ),
    )
