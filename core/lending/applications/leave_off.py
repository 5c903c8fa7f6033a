"""How does an application end without a loan? Guarantors and things are free again, and people hear of it."""

from dataclasses import replace
from datetime import datetime

from core.audit import store as audit
from core.db.engine import WriteSession
from core.errors import UnknownApplication
from core.ids import Ids
from core.lending import guarantee_holds, guarantee_store
from core.lending.applications import collateral_store, store
from core.lending.applications.model import Application, ApplicationState
from core.lending.applications.opening import open_application
from core.lending.applications.telling import tell_applicant, tell_guarantor
from core.lending.guarantees import Guarantee, GuaranteeState, withdraw
from core.notices.model import NoticeKind

_SYSTEM = "system"
_LIVING = frozenset({GuaranteeState.REQUESTED, GuaranteeState.ACCEPTED})
_TOLD = {
    ApplicationState.REJECTED: NoticeKind.LOAN_REJECTED,
    ApplicationState.EXPIRED: NoticeKind.LOAN_APPLICATION_LAPSED,
}
"""Who withdraws knows it."""


async def withdraw_application(
    session: WriteSession,
    ids: Ids,
    *,
    application_id: str,
    by: str,
    now: datetime,
    member_id: str | None = None,
    reason: str = "",
) -> Application:
    """The member takes it back; `member_id` where they do it themselves. Once withdrawn it stays so.

    Raises UnknownApplication, ApplicationNotOpen.
    """
    known = await store.find(session, application_id)
    if known is None or member_id not in {None, known.member_id}:
        raise UnknownApplication
    if known.state is ApplicationState.WITHDRAWN:
        return known
    application = await open_application(session, application_id, now=now)
    return await leave_off(
        session, ids, application, ApplicationState.WITHDRAWN, reason=reason, by=by, now=now
    )


async def expire_applications(session: WriteSession, ids: Ids, *, now: datetime, most: int = 200) -> int:
    """Applications and offers whose time is over lapse; how many. Call until it says none."""
    over = await store.lapsed(session, now=now, most=most)
    for application in over:
        await leave_off(session, ids, application, ApplicationState.EXPIRED, reason="", by=_SYSTEM, now=now)
    return len(over)


async def leave_off(
    session: WriteSession,
    ids: Ids,
    application: Application,
    state: ApplicationState,
    *,
    reason: str,
    by: str,
    now: datetime,
) -> Application:
    """End a locked application. Raises ApplicationNotOpen where its lifecycle doesn't allow that."""
    application.may_become(state)
    ended = replace(application, state=state, reason=reason)
    await store.save(session, ended)
    freed = await _free_guarantors(session, application, by=by, now=now)
    await collateral_store.release_all(session, application.application_id, at=now)
    await audit.record(
        session,
        at=now,
        actor=by,
        action=f"loan_application.{state}",
        subject=application.application_id,
        facts={"reason": reason, "guarantees": str(len(freed))},
    )
    for guarantee in freed:
        await tell_guarantor(
            session, ids, guarantee, NoticeKind.GUARANTEE_ENDED, product=application.product, now=now
        )
    if state in _TOLD:
        await tell_applicant(session, ids, ended, _TOLD[state], now=now)
    return ended


async def _free_guarantors(
    session: WriteSession, application: Application, *, by: str, now: datetime
) -> list[Guarantee]:
    """Withdraw what was asked or given for it; these."""
    freed = []
    for guarantee in await guarantee_store.of_subject(session, application.application_id):
        if guarantee.state in _LIVING:
            freed.append(withdraw(guarantee, now=now))
            await guarantee_store.save(session, freed[-1])
    await guarantee_holds.let_go(session, freed, by=by, now=now)
    return freed
