"""Tell a member something, once: save the notice with its cause, hand it over after the commit."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from core import outbox
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.ids import Ids
from core.notices import store
from core.notices.model import Notice, NoticeKind, NoticeState
from core.notices.ports import Delivery, Messenger
from core.phone import Msisdn

_log = structlog.get_logger(__name__)

RETRY_AFTER = timedelta(seconds=20)
"""How long to wait when the provider surely did not take a message."""

Render = Callable[[str, str, dict[str, str]], str]
"""(kind, language, facts) -> the text of the message."""


async def tell(
    session: WriteSession,
    *,
    ids: Ids,
    member_id: str,
    phone: Msisdn,
    kind: NoticeKind,
    language: str,
    facts: dict[str, str],
    key: str,
    now: datetime,
) -> None:
    """Queue a notice in the transaction of the event it tells of; the same `key` is told once."""
    notice = Notice(ids.new("ntc"), member_id, phone, kind, language, facts, NoticeState.QUEUED)
    if await store.add(session, notice, key=key, at=now):
        job = outbox.SendNotice(notice.notice_id)
        await outbox.enqueue(session, job, key=f"notice:{notice.notice_id}", at=now)


async def send(
    database: Database, clock: Clock, messenger: Messenger, render: Render, *, notice_id: str
) -> datetime | None:
    """Hand a queued notice to the provider, at most once; when to try again, or None when it is over.

    The state is saved before sending: found as `sending`, an earlier worker died in between, the provider may
    have taken it, and a money receipt is not sent twice.
    """
    async with database.unit_of_work() as session:
        notice = await store.lock(session, notice_id)
        if notice.state is NoticeState.SENDING:
            await store.move(session, notice_id, NoticeState.UNKNOWN, reason="worker stopped while sending")
        if notice.state is not NoticeState.QUEUED:
            return None
        # Before the state is saved: a text that can't be written is no reason to doubt that it was sent.
        text = render(notice.kind, notice.language, notice.facts)
        await store.move(session, notice_id, NoticeState.SENDING)

    reply = await messenger.send(notice.phone, text)

    now = clock.now()
    after = {
        Delivery.ACCEPTED: NoticeState.SENT,
        Delivery.REFUSED: NoticeState.FAILED,
        Delivery.BUSY: NoticeState.QUEUED,
        Delivery.UNKNOWN: NoticeState.UNKNOWN,
    }[reply.delivery]
    async with database.unit_of_work() as session:
        await store.move(
            session,
            notice_id,
            after,
            provider_message_id=reply.provider_message_id,
            reason=reply.reason,
            cost=reply.cost,
            sent_at=now if after is NoticeState.SENT else None,
        )
    _log.info("notice handed over", notice=notice_id, delivery=reply.delivery, reason=reply.reason)
    return now + RETRY_AFTER if after is NoticeState.QUEUED else None
