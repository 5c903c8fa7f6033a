"""What would breaking a deposit today pay, and what would it cost? Told before the member decides."""

from dataclasses import dataclass
from datetime import datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import NotATermDeposit
from core.money import Money
from core.savings import rules, store, term_store
from core.savings.products import USUAL_PRODUCTS, Catalogue
from core.savings.service.maturities import endings_of
from core.savings.term_deposits import TermState


@dataclass(frozen=True, slots=True)
class BreakQuote:
    """`paid` after tax today; `lost` is what keeping it to its end would bring more."""

    paid: Money
    lost: Money


async def quote_break(
    session: WriteSession,
    *,
    account_id: str,
    member_id: str,
    now: datetime,
    products: Catalogue = USUAL_PRODUCTS,
) -> BreakQuote:
    """Reckoned by the rule that `break_term` pays by; changes nothing.

    Raises UnknownSavingsAccount, NotATermDeposit.
    """
    rules.own(await store.find(session, account_id), account_id=account_id, member_id=member_id)
    deposit = await term_store.lock(session, account_id)
    if deposit is None or deposit.state is not TermState.RUNNING:
        raise NotATermDeposit(account=account_id)
    [broken] = await endings_of(session, [deposit], products, broken_on=business_date(now))
    [kept] = await endings_of(session, [deposit], products)
    return BreakQuote(paid=broken.paid, lost=kept.paid - broken.paid)
