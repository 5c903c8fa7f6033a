"""What do applicants and guarantors hear of an application? Notices, each told once."""

from datetime import datetime, timedelta

from core.clock import business_date
from core.db.engine import WriteSession
from core.ids import Ids
from core.lending.applications.model import Application
from core.lending.guarantees import Guarantee
from core.members import store as members
from core.money import Money, amount_text
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind

_MOMENT = timedelta(seconds=1)


async def tell_applicant(
    session: WriteSession, ids: Ids, application: Application, kind: NoticeKind, *, now: datetime
) -> None:
    """Say how the application stands; each kind once."""
    facts = {
        "number": application.number,
        "product": application.product,
        "amount": amount_text(application.amount.minor, application.amount.currency),
        "on": _last_day(application.expires_at),
    }
    news = News(application.member_id, kind, facts, key=f"{kind}:{application.application_id}")
    await tell_members(session, ids=ids, news=[news], now=now)


async def tell_guarantor(
    session: WriteSession, ids: Ids, guarantee: Guarantee, kind: NoticeKind, *, product: str, now: datetime
) -> None:
    """Say what the borrower asks of them, or that it is over."""
    borrower = await members.find(session, guarantee.borrower_id)
    amount = guarantee.amount or guarantee.asked
    facts = {
        "name": borrower.first_name,
        "product": product,
        "amount": amount_text(amount.minor, amount.currency),
        "on": _last_day(guarantee.expires_at),
    }
    news = News(guarantee.guarantor_id, kind, facts, key=f"{kind}:{guarantee.guarantee_id}")
    await tell_members(session, ids=ids, news=[news], now=now)


async def tell_borrower(
    session: WriteSession,
    ids: Ids,
    guarantee: Guarantee,
    kind: NoticeKind,
    *,
    now: datetime,
    missing: Money | None = None,
) -> None:
    """Say how a guarantor answered; `missing` is what the loan still lacks."""
    guarantor = await members.find(session, guarantee.guarantor_id)
    facts = {
        "name": guarantor.first_name,
        "amount": amount_text(guarantee.amount.minor, guarantee.amount.currency),
    }
    if missing is not None:
        facts["needed"] = amount_text(missing.minor, missing.currency)
    news = News(guarantee.borrower_id, kind, facts, key=f"{kind}:{guarantee.guarantee_id}")
    await tell_members(session, ids=ids, news=[news], now=now)


def _last_day(expires_at: datetime) -> str:
    """The last day that is wholly or partly in time."""
    return business_date(expires_at - _MOMENT).isoformat()
