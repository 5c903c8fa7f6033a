"""What is set aside for losses."""

from collections.abc import Iterator

from core.ledger import postings
from core.ledger.journal import Journal
from tests.posting_cases.accounts import AT, DAY, LOANS, kes


def cases() -> Iterator[tuple[str, Journal]]:
    yield (
        "2,985,000.00 are required, 2,600,000.00 are held",
        postings.provision_changed(
            product="development",
            run="1",
            event_at=AT,
            business_date=DAY,
            accounts=LOANS,
            change=kes("385,000"),
        ),
    )
    yield (
        "the quarter after, 15,000.00 less are required",
        postings.provision_changed(
            product="development",
            run="2",
            event_at=AT,
            business_date=DAY,
            accounts=LOANS,
            change=kes("-15,000"),
        ),
    )
    yield (
        "the regulator asks 50,000.00 more than the expected loss",
        postings.loan_loss_reserve_changed(run="1", event_at=AT, business_date=DAY, change=kes("50,000")),
    )
    yield (
        "the regulator's extra falls by 20,000.00",
        postings.loan_loss_reserve_changed(run="2", event_at=AT, business_date=DAY, change=kes("-20,000")),
    )
    yield (
        "20 % of a surplus of 1,000,000.00 stay in the society",
        postings.statutory_reserve_set_aside(
            year=2025, event_at=AT, business_date=DAY, amount=kes("200,000")
        ),
    )
