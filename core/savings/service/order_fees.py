"""What does an order that failed cost its owner? A fee, once for each run, where the account holds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Final

from core.db.engine import WriteSession
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.product_accounts import savings_accounts
from core.money import Money
from core.savings import store
from core.savings.model import AccountStatus
from core.savings.order_store import StandingOrder


@dataclass(frozen=True, slots=True)
class OrderFee:
    """What a run that found nothing costs; the state's excise comes on top."""

    amount: Money
    excise_rate: Fraction = Fraction(20, 100)
    """Of fees for financial services: Excise Duty Act, First Schedule Part II."""

    @property
    def excise(self) -> Money:
        return self.amount.portion(self.excise_rate.numerator, self.excise_rate.denominator)


# The amount is the demo's: each society's tariff names its own.
USUAL_ORDER_FEE: Final = OrderFee(Money(5_000))


async def charge_failed_orders(
    session: WriteSession,
    failed: Iterable[StandingOrder],
    *,
    on: date,
    now: datetime,
    fee: OrderFee = USUAL_ORDER_FEE,
) -> int:
    """Charge runs that ended with nothing; how many. What an account doesn't hold is let go, not owed.

    An account in another currency than the fee's isn't charged, nor one that sleeps. Once by order and day.
    """
    orders = list(failed)
    accounts = await store.lock(session, sorted({order.source_id for order in orders}))
    free = {account_id: account.available for account_id, account in accounts.items()}
    total, journals = fee.amount + fee.excise, []
    for order in orders:
        account = accounts[order.source_id]
        if account.status is not AccountStatus.ACTIVE or account.balance.currency is not total.currency:
            continue
        if free[account.account_id] < total:
            continue
        free[account.account_id] -= total
        journals.append(
            postings.account_fee_charged(
                key=f"standing_order_fee:{order.order_id}:{order.due_on.isoformat()}",
                event_at=now,
                business_date=on,
                account=account.ledger_code,
                accounts=savings_accounts(account.product, currency=total.currency),
                fee=fee.amount,
                excise=fee.excise,
            )
        )
    await ledger.post_batch(session, journals)
    return len(journals)
