"""Who is reminded of a loan? Before an instalment is due, on its day, when it is late, and of a broken promise."""

from collections.abc import Sequence
from datetime import date, datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.ids import Ids
from core.lending import reminder_store
from core.lending.reminder_store import Reminder
from core.notices.bulk import News, tell_members
from core.notices.hours import contact_from
from core.notices.model import NoticeKind


async def remind(session: WriteSession, *, ids: Ids, on: date, now: datetime, at: datetime) -> int:
    """Queue the reminders of a day, at most one a loan; how many. None for a day whose contact hours are over.

    `at` is when they are made in the books, `now` the real time.
    """
    if business_date(contact_from(at)) < business_date(now):
        return 0
    late = await reminder_store.late(session, on=on)
    soon = await reminder_store.coming(session, on=on)
    first: dict[str, tuple[NoticeKind, Reminder]] = {}
    for kind, reminders in ((NoticeKind.INSTALMENT_LATE, late), (NoticeKind.INSTALMENT_COMING, soon)):
        for one in reminders:
            first.setdefault(one.loan_id, (kind, one))
    allowed = await reminder_store.note_contacts(session, list(first), on=on)
    news = [_news(kind, one, on) for loan_id, (kind, one) in sorted(first.items()) if loan_id in allowed]
    return await tell_members(session, ids=ids, news=news, now=at)


async def tell_of_broken_promises(session: WriteSession, *, ids: Ids, on: date, at: datetime) -> int:
    """Tell who promised to pay by a day and didn't; how many."""
    broken: Sequence[Reminder] = await reminder_store.broken_promises(session, on=on)
    news = [_news(NoticeKind.PROMISE_BROKEN, one, on) for one in broken]
    return await tell_members(session, ids=ids, news=news, now=at)


def _news(kind: NoticeKind, one: Reminder, on: date) -> News:
    facts = {
        "amount": str(one.amount),
        "product": one.product,
        "on": one.due_on.isoformat(),
        "days": str(one.days_late),
    }
    return News(one.member_id, kind, facts, f"reminder:{one.loan_id}:{kind}:{on.isoformat()}")
