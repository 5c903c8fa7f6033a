"""What does a guarantee do to the guarantor's deposits? It holds its amount there, until it is over."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from core.db.engine import WriteSession
from core.errors import HoldNotOpen, UnknownSavingsAccount
from core.lending.guarantees import Guarantee
from core.savings import hold_store
from core.savings import store as savings
from core.savings.model import HoldReason, SavingsProduct
from core.savings.service import holds


def hold_id_of(guarantee_id: str) -> str:
    """The hold of a guarantee: one each, found by its name."""
    return f"hld_{guarantee_id}"


async def lock_deposits(session: WriteSession, member_id: str) -> str:
    """The member's deposit account, held with its ledger row in the order of postings.

    Raises UnknownSavingsAccount.
    """
    accounts = await savings.of_member(session, member_id)
    deposits = next((each for each in accounts if each.product is SavingsProduct.DEPOSITS), None)
    if deposits is None:
        raise UnknownSavingsAccount(account=SavingsProduct.DEPOSITS)
    await savings.lock(session, [deposits.account_id])
    return deposits.account_id


async def hold(
    session: WriteSession, guarantee: Guarantee, *, account_id: str, by: str, now: datetime
) -> None:
    """Bind what was accepted. Raises NotEnoughSaved where other holds leave too little."""
    await holds.place_hold(
        session,
        hold_id=hold_id_of(guarantee.guarantee_id),
        account_id=account_id,
        amount=guarantee.amount,
        reason=HoldReason.GUARANTEE,
        subject=guarantee.guarantee_id,
        by=by,
        now=now,
    )


async def let_go(session: WriteSession, guarantees: Iterable[Guarantee], *, by: str, now: datetime) -> None:
    """Free the deposits of guarantees that are over. One without a hold, or let go before, changes nothing."""
    hold_ids = [hold_id_of(guarantee.guarantee_id) for guarantee in guarantees]
    await hold_store.lock_accounts(session, hold_ids)
    for hold_id in hold_ids:
        with suppress(HoldNotOpen):
            await holds.release_hold(session, hold_id=hold_id, by=by, now=now)
