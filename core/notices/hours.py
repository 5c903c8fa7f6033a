"""When may a member be disturbed? From 8 to 18 o'clock, Monday to Saturday, not on holidays; pure.

What can wait is sent then. No Kenyan law names hours; these are the ones digital lenders keep.
"""

from datetime import datetime, time, timedelta

from core.calendar import KENYAN_HOLIDAYS, SUNDAY, WorkingDays, observed
from core.clock import NAIROBI
from core.notices.model import NoticeKind

OPENS = time(8)
ENDS = time(18)
CONTACT_DAYS = WorkingDays(weekend=frozenset({SUNDAY}), holidays=frozenset(observed(KENYAN_HOLIDAYS)))

CAN_WAIT = frozenset(
    {
        NoticeKind.ORDER_FAILED,
        NoticeKind.TERM_ENDED,
        NoticeKind.ACCOUNT_QUIET,
        NoticeKind.ACCOUNT_DORMANT,
        NoticeKind.INSTALMENT_COMING,
        NoticeKind.INSTALMENT_LATE,
        NoticeKind.PROMISE_BROKEN,
    }
)
"""What the end of a day tells; everything else is a receipt, for which its member waits."""


def contact_from(moment: datetime, days: WorkingDays = CONTACT_DAYS) -> datetime:
    """The moment itself in contact hours, else when the next ones begin.

    >>> from datetime import UTC
    >>> contact_from(datetime(2026, 11, 21, 20, 59, 59, tzinfo=UTC)).isoformat()
    '2026-11-23T08:00:00+03:00'
    """
    local = moment.astimezone(NAIROBI)
    if days.is_working(local.date()) and OPENS <= local.time() < ENDS:
        return moment
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return datetime.combine(days.on_or_after(day), OPENS, NAIROBI)


def send_from(kind: NoticeKind, now: datetime) -> datetime:
    """From when a notice of this kind may go out that is made now."""
    return contact_from(now) if kind in CAN_WAIT else now
