"""How does a member come to stand for another's loan? Asking, answering, taking another's place."""

from datetime import datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import GuaranteeNotOpen, GuarantorAskedAlready
from core.lending import guarantee_store as store
from core.lending.guarantees import Guarantee, GuaranteeState, accept, decline, request_guarantee, substitute
from core.lending.policies import GuaranteePolicy
from core.money import Money


async def ask_guarantor(
    session: WriteSession,
    *,
    guarantee_id: str,
    subject: str,
    borrower_id: str,
    guarantor_id: str,
    amount: Money,
    policy: GuaranteePolicy,
    now: datetime,
) -> Guarantee:
    """The borrower asks a member to stand for an amount of an application or loan.

    Raises GuarantorAskedAlready, and what `guarantees.request_guarantee` raises.
    """
    facts = await store.guarantor_facts(session, guarantor_id, on=business_date(now), policy=policy)
    guarantee = request_guarantee(
        guarantee_id=guarantee_id,
        subject=subject,
        borrower_id=borrower_id,
        guarantor=facts,
        amount=amount,
        policy=policy,
        now=now,
    )
    if not await store.add(session, guarantee):
        raise GuarantorAskedAlready
    return guarantee


async def accept_guarantee(
    session: WriteSession,
    *,
    guarantee_id: str,
    guarantor_id: str,
    amount: Money,
    policy: GuaranteePolicy,
    now: datetime,
) -> Guarantee:
    """The guarantor stands for all that was asked, or for a part. Their deposits are judged while nobody else may.

    Raises GuaranteeNotOpen for another's request too, and what `guarantees.accept` raises.
    """
    await store.lock_deposits(session, guarantor_id)
    guarantee = await _theirs(session, guarantee_id, guarantor_id)
    facts = await store.guarantor_facts(session, guarantor_id, on=business_date(now), policy=policy)
    accepted = accept(guarantee, amount, facts, policy=policy, now=now)
    await store.save(session, accepted)
    return accepted


async def decline_guarantee(
    session: WriteSession, *, guarantee_id: str, guarantor_id: str, now: datetime
) -> Guarantee:
    """The guarantor says no. Raises GuaranteeNotOpen for another's request too."""
    declined = decline(await _theirs(session, guarantee_id, guarantor_id), now=now)
    await store.save(session, declined)
    return declined


async def substitute_guarantor(
    session: WriteSession, *, guarantee_id: str, successor_id: str, now: datetime
) -> Guarantee:
    """An accepted guarantee of as much takes the place of another, which is kept.

    Raises GuaranteeNotOpen, InvalidGuarantee.
    """
    first, second = sorted((guarantee_id, successor_id))
    found = {first: await store.lock(session, first), second: await store.lock(session, second)}
    old, successor = found[guarantee_id], found[successor_id]
    if old is None or successor is None:
        raise GuaranteeNotOpen(state=GuaranteeState.WITHDRAWN)
    replaced = substitute(old, successor, now=now)
    await store.save(session, replaced)
    return replaced


async def _theirs(session: WriteSession, guarantee_id: str, guarantor_id: str) -> Guarantee:
    guarantee = await store.lock(session, guarantee_id)
    if guarantee is None or guarantee.guarantor_id != guarantor_id:
        raise GuaranteeNotOpen(state=GuaranteeState.WITHDRAWN)
    return guarantee
