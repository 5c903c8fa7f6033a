"""What may a member ask of a person? To be called, or to have data corrected or deleted; staff answer and close it."""

from datetime import datetime

from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.ids import Ids
from core.membership import store
from core.membership.model import MemberRequest, RequestKind


async def ask_staff(
    database: Database, clock: Clock, ids: Ids, *, member_id: str, kind: RequestKind, words: str = ""
) -> bool:
    """Put a request on the staff's list; False where the same waits already, and then nothing changes."""
    now = clock.now()
    request = MemberRequest(ids.new("ask"), member_id, kind, words, now, None, None, "")
    async with database.unit_of_work() as session:
        is_new = await store.add_request(session, request)
        if is_new:
            await audit.record(
                session,
                at=now,
                actor=member_id,
                action=f"member.asks_{kind}",
                subject=member_id,
                facts={"request": request.request_id},
            )
    return is_new


async def answer_request(
    session: WriteSession, now: datetime, *, request_id: str, by: str, answer: str
) -> MemberRequest:
    """Staff say what was done about it, once; a later answer changes nothing. Raises UnknownMemberRequest."""
    request = await store.lock_request(session, request_id)
    if request.closed_at is not None:
        return request
    await store.close_request(session, request_id, at=now, by=by, answer=answer)
    await audit.record(
        session,
        at=now,
        actor=by,
        action="member.request_answered",
        subject=request.member_id,
        facts={"request": request_id, "kind": request.kind, "answer": answer},
    )
    return await store.lock_request(session, request_id)
