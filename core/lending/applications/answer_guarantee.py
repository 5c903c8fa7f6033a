"""How does a guarantor answer? For all, for a part, or not at all; what they stand for is held on their deposits."""

from datetime import datetime

from core.db.engine import WriteSession
from core.errors import GuaranteeNotOpen
from core.ids import Ids
from core.lending import guarantee_holds, guarantee_service, guarantee_store
from core.lending.applications import limits, store
from core.lending.applications.ask_guarantor import record
from core.lending.applications.model import Application
from core.lending.applications.opening import open_application, security
from core.lending.applications.telling import tell_borrower, tell_guarantor
from core.lending.guarantees import Guarantee, GuaranteeState
from core.money import Money
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind


async def accept_guarantee(
    session: WriteSession,
    ids: Ids,
    *,
    guarantee_id: str,
    guarantor_id: str,
    amount: Money,
    by: str,
    now: datetime,
) -> Guarantee:
    """The guarantor stands for what was asked, or a part; the borrower hears what is still lacking.

    `by` is the guarantor, or who of staff took their signature. Raises ApplicationNotOpen, GuaranteeNotOpen,
    InvalidGuarantee, GuaranteeAboveFreeDeposits, UnknownSavingsAccount, NotEnoughSaved, GuarantorIsLate,
    GuarantorIsOfficial, GuarantorHasTooMany.
    """
    application = await _application(session, guarantee_id, now)
    account_id = await guarantee_holds.lock_deposits(session, guarantor_id)
    accepted = await guarantee_service.accept_guarantee(
        session,
        guarantee_id=guarantee_id,
        guarantor_id=guarantor_id,
        amount=amount,
        policy=limits.policy_of(application.product).guarantees,
        now=now,
    )
    await guarantee_holds.hold(session, accepted, account_id=account_id, by=by, now=now)
    await record(session, accepted, "accepted", by=by, now=now)
    behind = await security(session, application, now=now)
    await tell_borrower(session, ids, accepted, NoticeKind.GUARANTEE_GIVEN, now=now, missing=behind.missing)
    return accepted


async def decline_guarantee(
    session: WriteSession, ids: Ids, *, guarantee_id: str, guarantor_id: str, by: str, now: datetime
) -> Guarantee:
    """The guarantor says no, and the borrower hears it. Raises ApplicationNotOpen, GuaranteeNotOpen."""
    await _application(session, guarantee_id, now)
    declined = await guarantee_service.decline_guarantee(
        session, guarantee_id=guarantee_id, guarantor_id=guarantor_id, now=now
    )
    await record(session, declined, "declined", by=by, now=now)
    await tell_borrower(session, ids, declined, NoticeKind.GUARANTEE_DECLINED, now=now)
    return declined


async def substitute_guarantor(
    session: WriteSession,
    ids: Ids,
    *,
    application_id: str,
    guarantee_id: str,
    successor_id: str,
    by: str,
    now: datetime,
) -> Guarantee:
    """An accepted guarantee of as much takes another's place; the old row is kept, its deposits are free.

    Raises UnknownApplication, ApplicationNotOpen, GuaranteeNotOpen, InvalidGuarantee.
    """
    application = await open_application(session, application_id, now=now)
    if await store.subject_of(session, guarantee_id) != application_id:
        raise GuaranteeNotOpen(state=GuaranteeState.WITHDRAWN)
    replaced = await guarantee_service.substitute_guarantor(
        session, guarantee_id=guarantee_id, successor_id=successor_id, now=now
    )
    await guarantee_holds.let_go(session, [replaced], by=by, now=now)
    await record(session, replaced, "substituted", by=by, now=now)
    await tell_guarantor(
        session, ids, replaced, NoticeKind.GUARANTEE_ENDED, product=application.product, now=now
    )
    return replaced


async def expire_guarantees(session: WriteSession, ids: Ids, *, now: datetime) -> int:
    """Requests that nobody answered in time expire, and their borrowers hear it; how many. A repeat finds none."""
    over = await guarantee_store.expire(session, now=now)
    names = await store.first_names(session, [guarantee.guarantor_id for guarantee in over])
    news = [
        News(
            guarantee.borrower_id,
            NoticeKind.GUARANTEE_EXPIRED,
            {"name": names[guarantee.guarantor_id]},
            key=f"{NoticeKind.GUARANTEE_EXPIRED}:{guarantee.guarantee_id}",
        )
        for guarantee in over
    ]
    await tell_members(session, ids=ids, news=news, now=now)
    return len(over)


async def _application(session: WriteSession, guarantee_id: str, now: datetime) -> Application:
    """The open application that a guarantee is asked for. It is held first, as everywhere."""
    subject = await store.subject_of(session, guarantee_id)
    if subject is None:
        raise GuaranteeNotOpen(state=GuaranteeState.WITHDRAWN)
    return await open_application(session, subject, now=now)
