"""How does a borrower ask another member to stand for the loan, or take the question back?"""

from datetime import datetime

from core.audit import store as audit
from core.db.engine import WriteSession
from core.errors import GuaranteeNotOpen, MemberNotActive
from core.ids import Ids
from core.lending import guarantee_holds, guarantee_service, guarantee_store
from core.lending.applications import limits
from core.lending.applications.opening import open_application
from core.lending.applications.telling import tell_guarantor
from core.lending.guarantees import Guarantee, GuaranteeState, withdraw
from core.members import store as members
from core.members.model import MemberStatus
from core.money import Money
from core.notices.model import NoticeKind


async def request_guarantee(
    session: WriteSession,
    ids: Ids,
    *,
    guarantee_id: str,
    application_id: str,
    guarantor_id: str,
    amount: Money,
    by: str,
    now: datetime,
) -> Guarantee:
    """Ask a member to stand for an amount, once by `guarantee_id`; they hear of it.

    `by` is the borrower, or who of staff does it for them.

    Raises UnknownApplication, ApplicationNotOpen, UnknownMember, MemberNotActive, InvalidGuarantee,
    GuarantorIsBorrower, GuarantorIsOfficial, GuarantorIsLate, GuarantorHasTooMany, GuarantorAskedAlready.
    """
    application = await open_application(session, application_id, now=now)
    known = await guarantee_store.lock(session, guarantee_id)
    if known is not None and (known.subject, known.guarantor_id) == (application_id, guarantor_id):
        return known
    guarantor = await members.find(session, guarantor_id)
    if guarantor.status is not MemberStatus.ACTIVE:
        raise MemberNotActive(status=guarantor.status)
    guarantee = await guarantee_service.ask_guarantor(
        session,
        guarantee_id=guarantee_id,
        subject=application_id,
        borrower_id=application.member_id,
        guarantor_id=guarantor_id,
        amount=amount,
        policy=limits.policy_of(application.product).guarantees,
        now=now,
    )
    await record(session, guarantee, "asked", by=by, now=now)
    await tell_guarantor(
        session, ids, guarantee, NoticeKind.GUARANTEE_ASKED, product=application.product, now=now
    )
    return guarantee


async def withdraw_request(
    session: WriteSession, ids: Ids, *, application_id: str, guarantee_id: str, by: str, now: datetime
) -> Guarantee:
    """The borrower doesn't want this guarantee any more; deposits that it held are free.

    Raises UnknownApplication, ApplicationNotOpen, GuaranteeNotOpen.
    """
    application = await open_application(session, application_id, now=now)
    guarantee = await guarantee_store.lock(session, guarantee_id)
    if guarantee is None or guarantee.subject != application_id:
        raise GuaranteeNotOpen(state=GuaranteeState.WITHDRAWN)
    withdrawn = withdraw(guarantee, now=now)
    await guarantee_store.save(session, withdrawn)
    await guarantee_holds.let_go(session, [withdrawn], by=by, now=now)
    await record(session, withdrawn, "withdrawn", by=by, now=now)
    await tell_guarantor(
        session, ids, withdrawn, NoticeKind.GUARANTEE_ENDED, product=application.product, now=now
    )
    return withdrawn


async def record(session: WriteSession, guarantee: Guarantee, what: str, *, by: str, now: datetime) -> None:
    """Write into the trail what became of a guarantee."""
    facts = {
        "for": guarantee.subject,
        "guarantor": guarantee.guarantor_id,
        "asked": guarantee.asked.plain(),
        "amount": guarantee.amount.plain(),
    }
    await audit.record(
        session, at=now, actor=by, action=f"guarantee.{what}", subject=guarantee.guarantee_id, facts=facts
    )
