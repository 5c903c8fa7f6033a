"""Make a link that asks for one amount, once; and pay by it from any phone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from core.audit import store as audit
from core.collecting import Wish, refuse_unpayable, request_payment
from core.db.engine import ReadSession, WriteSession
from core.errors import LinkClosed, LinkTriedTooOften, PaymentInProgress, UnknownLink
from core.ids import Ids
from core.members import store as members
from core.members.model import Member
from core.money import Currency, Money
from core.payments.lifecycle import PROMPT_LIFE
from core.payments.model import Payment, Purpose
from core.phone import Msisdn

CHANNEL: Final = "link"

LIFE: Final = timedelta(days=7)
"""How long a link may be paid by where nobody says otherwise."""

PROMPTS_MOST: Final = 5
"""Prompts by one link within `PROMPTS_WITHIN`: whoever has the link can have any phone ring."""

PROMPTS_WITHIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PaymentLink:
    """A link as it stands. Its id is its secret: 80 random bits. `is_paid` once its money has come."""

    link_id: str
    member_id: str
    purpose: Purpose
    subject: str
    amount: Money
    expires_at: datetime
    is_closed: bool
    is_paid: bool


_LINK = """SELECT l.*, EXISTS (SELECT 1 FROM payment_link_use u JOIN payment p ON p.id = u.payment_id
                                WHERE u.link_id = l.id AND p.state = 'confirmed') AS is_paid
             FROM payment_link l WHERE l.id = $1"""


async def make(
    session: WriteSession,
    *,
    link_id: str,
    member: Member,
    purpose: Purpose,
    subject: str,
    amount: Money,
    by: str,
    now: datetime,
    life: timedelta = LIFE,
) -> PaymentLink:
    """A link that asks for so much for a member. Raises what `request_payment` refuses of its purpose."""
    await refuse_unpayable(session, purpose, Wish(member, subject, amount), now=now)
    await session.execute(
        """INSERT INTO payment_link (id, member_id, purpose, subject, amount, currency, made_by, made_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        link_id,
        member.member_id,
        purpose,
        subject,
        amount.minor,
        amount.currency,
        by,
        now,
        now + life,
    )
    facts = {"member": member.member_id, "purpose": purpose, "for": subject, "amount": amount.plain()}
    # The id opens the link: the trail names it by its end.
    await audit.record(
        session, at=now, actor=by, action="payment_link.made", subject=f"link:{link_id[-4:]}", facts=facts
    )
    return await find(session, link_id)


async def find(session: ReadSession, link_id: str) -> PaymentLink:
    """Raises UnknownLink."""
    return _link(await session.row(_LINK, link_id))


async def close(session: WriteSession, link_id: str, *, by: str, now: datetime) -> PaymentLink:
    """Nobody pays by it any more. Raises UnknownLink."""
    await find(session, link_id)
    await session.execute("UPDATE payment_link SET is_closed = true WHERE id = $1", link_id)
    await audit.record(
        session, at=now, actor=by, action="payment_link.closed", subject=f"link:{link_id[-4:]}"
    )
    return await find(session, link_id)


async def pay(session: WriteSession, ids: Ids, link_id: str, *, phone: Msisdn, now: datetime) -> Payment:
    """Have a phone asked for what the link asks for.

    Raises UnknownLink, LinkClosed for one that is paid, over or closed, LinkTriedTooOften, and what `request_payment`
    raises, PaymentInProgress among it.
    """
    link = _link(await session.row(f"{_LINK} FOR UPDATE OF l", link_id))
    if link.is_closed or link.is_paid or now >= link.expires_at:
        raise LinkClosed
    rival = await _ringing(session, link_id, now - PROMPT_LIFE)
    if rival is not None:
        raise PaymentInProgress(payment_id=rival)
    if await _prompts_since(session, link_id, now - PROMPTS_WITHIN) >= PROMPTS_MOST:
        raise LinkTriedTooOften
    payment = await request_payment(
        session,
        payment_id=ids.new("pay"),
        member=await members.find(session, link.member_id),
        purpose=link.purpose,
        subject=link.subject,
        amount=link.amount,
        channel=CHANNEL,
        now=now,
        phone=phone,
        asked_by=CHANNEL,
    )
    await session.execute(
        "INSERT INTO payment_link_use (payment_id, link_id) VALUES ($1, $2)", payment.payment_id, link_id
    )
    return payment


async def _ringing(session: ReadSession, link_id: str, since: datetime) -> str | None:
    """A payment by this link whose prompt may still be on a phone, whichever."""
    row = await session.row(
        """SELECT p.id FROM payment_link_use u JOIN payment p ON p.id = u.payment_id
            WHERE u.link_id = $1 AND p.state NOT IN ('confirmed', 'failed') AND p.requested_at > $2 LIMIT 1""",
        link_id,
        since,
    )
    return None if row is None else row["id"]


async def _prompts_since(session: ReadSession, link_id: str, since: datetime) -> int:
    row = await session.row(
        """SELECT count(*) AS n FROM payment_link_use u JOIN payment p ON p.id = u.payment_id
            WHERE u.link_id = $1 AND p.requested_at > $2""",
        link_id,
        since,
    )
    return 0 if row is None else row["n"]


def _link(row: asyncpg.Record | None) -> PaymentLink:
    if row is None:
        raise UnknownLink
    return PaymentLink(
        link_id=row["id"],
        member_id=row["member_id"],
        purpose=Purpose(row["purpose"]),
        subject=row["subject"],
        amount=Money(row["amount"], Currency(row["currency"])),
        expires_at=row["expires_at"],
        is_closed=row["is_closed"],
        is_paid=row["is_paid"],
    )
