"""Which entries do expected losses make? The allowance by expense, the regulator's extra by reserve. No I/O."""

from datetime import date, datetime

from core.ledger.chart import Gl
from core.ledger.journal import Journal
from core.ledger.postings.sides import sides
from core.ledger.product_accounts import LoanAccounts
from core.money import Money


def provision_changed(
    *, product: str, run: str, event_at: datetime, business_date: date, accounts: LoanAccounts, change: Money
) -> Journal:
    """The allowance of a product moves to what is required: up as expense, below zero back from it."""
    return Journal(
        key=f"provision:{product}:{business_date.isoformat()}:{run}",
        kind="loan_provision",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(accounts.loss_expense, change)], credits_=[(accounts.allowance, change)]),
        meta={"product": product},
    )


def loan_loss_reserve_changed(*, run: str, event_at: datetime, business_date: date, change: Money) -> Journal:
    """What the regulator asks above the allowance is set aside from retained earnings, not through expense."""
    return Journal(
        key=f"loan_loss_reserve:{business_date.isoformat()}:{run}",
        kind="loan_loss_reserve",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(Gl.RETAINED_EARNINGS, change)], credits_=[(Gl.LOAN_LOSS_RESERVE, change)]),
    )


def statutory_reserve_set_aside(
    *, year: int, event_at: datetime, business_date: date, amount: Money
) -> Journal:
    """The part of a year's surplus that the law keeps in the society."""
    return Journal(
        key=f"statutory_reserve:{year}",
        kind="statutory_reserve",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(Gl.RETAINED_EARNINGS, amount)], credits_=[(Gl.STATUTORY_RESERVE, amount)]),
        meta={"year": str(year)},
    )
