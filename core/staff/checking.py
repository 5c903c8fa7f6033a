"""How do two people do one thing? One asks, another decides, and what was asked for is done in that transaction, once.

The database enforces it too: whoever decides is not who asked, and a request ends once.
"""

from dataclasses import replace
from datetime import datetime

import msgspec

from core.audit import store as audit
from core.db.engine import WriteSession
from core.errors import NotYourRequest, OwnRequest, RequestClosed
from core.ids import Ids
from core.staff import request_store
from core.staff.approval import Request, RequestState
from core.staff.checked import Actions, CheckedAction, Decision, FactsT
from core.staff.model import SignedIn
from core.staff.sessions import require


async def propose(
    session: WriteSession,
    now: datetime,
    ids: Ids,
    action: CheckedAction[FactsT],
    facts: FactsT,
    who: SignedIn,
) -> Request:
    """Ask for an action. Raises NotPermitted, RequestWaits, and what the action refuses."""
    require(who, action.propose)
    return await ask(session, now, ids, action, facts, maker=who.staff.staff_id)


async def ask(
    session: WriteSession,
    now: datetime,
    ids: Ids,
    action: CheckedAction[FactsT],
    facts: FactsT,
    *,
    maker: str,
) -> Request:
    """As `propose`, for who needs no permission to ask: a member by phone, about themselves."""
    request = Request(
        request_id=ids.new("req"),
        action=action.code,
        subject=await action.look(session, now, facts),
        facts=msgspec.json.encode(facts),
        maker=maker,
        made_at=now,
        expires_at=now + action.life,
        state=RequestState.PENDING,
        checker=None,
        decided_at=None,
        reason="",
        outcome={},
    )
    await request_store.add(session, request)
    await _record(session, now, maker, "asked", request)
    return request


async def approve(
    session: WriteSession, now: datetime, ids: Ids, actions: Actions, who: SignedIn, *, request_id: str
) -> Request:
    """Agree to what somebody else asked for: it is done in this transaction. A repeat by the same person is the same.

    Raises UnknownRequest, NotPermitted, OwnRequest, RequestClosed, and what the action refuses; the request then
    stays open.
    """
    request = await request_store.lock(session, request_id)
    decision = _decision(request, now, ids, actions, who)
    if _is_mine(request, RequestState.APPROVED, who):
        return request
    _refuse_closed(request, now)
    outcome = await actions[request.action].carry_out(session, decision, request.facts)
    return await _close(session, now, who, request, RequestState.APPROVED, outcome=outcome)


async def reject(
    session: WriteSession,
    now: datetime,
    ids: Ids,
    actions: Actions,
    who: SignedIn,
    *,
    request_id: str,
    reason: str,
) -> Request:
    """Say no, and why. Raises UnknownRequest, NotPermitted, OwnRequest, RequestClosed."""
    request = await request_store.lock(session, request_id)
    decision = _decision(request, now, ids, actions, who)
    if _is_mine(request, RequestState.REJECTED, who):
        return request
    _refuse_closed(request, now)
    await actions[request.action].turn_down(session, decision, request.facts)
    return await _close(session, now, who, request, RequestState.REJECTED, reason=reason)


async def withdraw(
    session: WriteSession, now: datetime, ids: Ids, actions: Actions, who: SignedIn, *, request_id: str
) -> Request:
    """Take back what one asked for oneself. Raises UnknownRequest, NotYourRequest, RequestClosed."""
    request = await request_store.lock(session, request_id)
    if request.maker != who.staff.staff_id:
        raise NotYourRequest(request_id=request_id)
    if request.state is RequestState.WITHDRAWN:
        return request
    _refuse_closed(request, now)
    decision = Decision(request_id, request.maker, who.staff.staff_id, now, ids)
    await actions[request.action].turn_down(session, decision, request.facts)
    return await _close(session, now, who, request, RequestState.WITHDRAWN)


def _decision(request: Request, now: datetime, ids: Ids, actions: Actions, who: SignedIn) -> Decision:
    require(who, actions[request.action].approve)
    if request.maker == who.staff.staff_id:
        raise OwnRequest(request_id=request.request_id)
    return Decision(request.request_id, request.maker, who.staff.staff_id, now, ids)


def _is_mine(request: Request, state: RequestState, who: SignedIn) -> bool:
    return request.state is state and request.checker == who.staff.staff_id


def _refuse_closed(request: Request, now: datetime) -> None:
    state = request.state_at(now)
    if state is not RequestState.PENDING:
        raise RequestClosed(request_id=request.request_id, state=state)


async def _close(
    session: WriteSession,
    now: datetime,
    who: SignedIn,
    request: Request,
    state: RequestState,
    *,
    reason: str = "",
    outcome: dict[str, str] | None = None,
) -> Request:
    decided = state in {RequestState.APPROVED, RequestState.REJECTED}
    ended = replace(
        request,
        state=state,
        checker=who.staff.staff_id if decided else None,
        decided_at=now,
        reason=reason,
        outcome=outcome or {},
    )
    await request_store.close(session, ended)
    await _record(session, now, who.staff.staff_id, state, ended)
    return ended


async def _record(session: WriteSession, now: datetime, actor: str, what: str, request: Request) -> None:
    facts = {"request": request.request_id, "maker": request.maker, **request.outcome}
    if request.reason:
        facts["reason"] = request.reason
    subject = request.subject or request.request_id
    await audit.record(
        session, at=now, actor=actor, action=f"{request.action}.{what}", subject=subject, facts=facts
    )
