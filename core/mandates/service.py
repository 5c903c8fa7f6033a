"""Give, pause and end a mandate, and collect by it: one prompt for each of its days, in contact hours.

A prompt that fails is not repeated: the member reads how to pay, as after any other (`core.payments.service.fail`).
"""

from datetime import date, datetime, time, timedelta

import structlog

from core.audit import store as audit
from core.clock import NAIROBI, Clock, business_date
from core.collecting import Wish, refuse_unpayable, request_payment, tell_asked
from core.db.engine import Database, ReadSession, WriteSession
from core.errors import ContradictoryMandate, MandateEnded, PaymentInProgress, Refusal
from core.ids import Ids
from core.lending import store as loans
from core.mandates import store
from core.mandates.model import Mandate, MandateStatus, MandateTerms, next_collection
from core.members import store as members
from core.members.model import Member
from core.money import Money
from core.notices.hours import contact_from

CHANNEL = "mandate"

_BUSY_PHONE = timedelta(minutes=5)
"""Another prompt is on the phone: so long it is waited for."""

_log = structlog.get_logger(__name__)


async def give(
    session: WriteSession, *, mandate_id: str, member: Member, terms: MandateTerms, by: str, now: datetime
) -> Mandate:
    """Write down what a member agreed to be asked for.

    Raises ContradictoryMandate for a first day that is over, and what `request_payment` refuses of its purpose.
    """
    if terms.starts_on < business_date(now):
        raise ContradictoryMandate(what="starts_on", value=terms.starts_on.isoformat())
    if terms.amount is not None:
        wish = Wish(member, terms.subject, terms.amount)
        await refuse_unpayable(session, terms.purpose, wish, now=now)
    elif await _due(session, member.member_id, terms.subject, on=business_date(now)) is None:
        raise ContradictoryMandate(what="subject", value=terms.subject)
    mandate = Mandate(mandate_id, member.member_id, terms, MandateStatus.ACTIVE, terms.starts_on)
    await store.add(session, mandate, try_at=_from(terms.starts_on), by=by, at=now)
    await _record(session, mandate, "mandate.given", by=by, now=now)
    return mandate


async def change(
    session: WriteSession, mandate_id: str, to: MandateStatus, *, by: str, now: datetime
) -> Mandate:
    """Pause a mandate, let it go on, or end it; days that passed meanwhile are not collected for.

    Raises UnknownMandate, MandateEnded.
    """
    mandate = await store.lock(session, mandate_id)
    if mandate.status is MandateStatus.ENDED:
        raise MandateEnded(mandate_id=mandate_id)
    yesterday = business_date(now) - timedelta(days=1)
    day = max(mandate.next_on, next_collection(mandate.terms, yesterday) or mandate.next_on)
    await store.move(session, mandate_id, to, next_on=day, try_at=_from(day))
    await _record(session, mandate, f"mandate.{to}", by=by, now=now)
    return await store.lock(session, mandate_id)


async def run_due(database: Database, clock: Clock, ids: Ids) -> int:
    """Collect by every mandate whose time has come, outside contact hours by none; how many phones were asked.

    Each in a transaction of its own: what is wrong with one does not keep the others.
    """
    now = clock.now()
    if contact_from(now) != now:
        return 0
    async with database.reading() as session:
        due = await store.due(session, now=now)
    asked = 0
    for mandate_id in due:
        try:
            async with database.unit_of_work() as session:
                mandate = await store.lock_due(session, mandate_id, now=now)
                asked += 0 if mandate is None else await _collect(session, ids, mandate, now)
        except PaymentInProgress:
            async with database.unit_of_work() as session:
                await store.wait(session, mandate_id, until=now + _BUSY_PHONE)
        except Refusal as refusal:
            await _end_of_day(database, mandate_id, refusal, now)
    return asked


async def _collect(session: WriteSession, ids: Ids, mandate: Mandate, now: datetime) -> int:
    member = await members.find(session, mandate.member_id)
    amount = mandate.terms.amount or await _due(
        session, member.member_id, mandate.terms.subject, on=business_date(now)
    )
    if amount is None:
        await _go_on(session, mandate, now, outcome="gone", goes_on=False)
        return 0
    if not amount:
        await _go_on(session, mandate, now, outcome="nothing due")
        return 0
    payment = await request_payment(
        session,
        payment_id=ids.new("pay"),
        member=member,
        purpose=mandate.terms.purpose,
        subject=mandate.terms.subject,
        amount=amount,
        channel=CHANNEL,
        now=now,
        asked_by=mandate.mandate_id,
    )
    await tell_asked(session, ids, payment, now=now)
    await _go_on(session, mandate, now, outcome="asked", payment_id=payment.payment_id)
    return 1


async def _end_of_day(database: Database, mandate_id: str, refusal: Refusal, now: datetime) -> None:
    """What it was to pay for refuses it: the day is over for this mandate, and the next one is tried again."""
    _log.warning("mandate did not collect", mandate=mandate_id, why=refusal.code)
    async with database.unit_of_work() as session:
        mandate = await store.lock_due(session, mandate_id, now=now)
        if mandate is not None:
            await _go_on(session, mandate, now, outcome=refusal.code)


async def _go_on(
    session: WriteSession,
    mandate: Mandate,
    now: datetime,
    *,
    outcome: str,
    payment_id: str | None = None,
    goes_on: bool = True,
) -> None:
    """To its next day; days that were missed, as we were off, are passed over."""
    await store.note_run(session, mandate, payment_id=payment_id, outcome=outcome, at=now)
    following = next_collection(mandate.terms, max(mandate.next_on, business_date(now))) if goes_on else None
    status = MandateStatus.ACTIVE if following is not None else MandateStatus.ENDED
    day = following or mandate.next_on
    await store.move(session, mandate.mandate_id, status, next_on=day, try_at=_from(day))


async def _due(session: ReadSession, member_id: str, loan_id: str, *, on: date) -> Money | None:
    """What the member's loan asks that day; None where it runs no more."""
    running = await loans.running(session, member_id, today=on)
    return next((each.owed.due_now for each in running if each.loan_id == loan_id), None)


def _from(day: date) -> datetime:
    """A day's collections begin with its contact hours."""
    return contact_from(datetime.combine(day, time.min, NAIROBI))


async def _record(session: WriteSession, mandate: Mandate, action: str, *, by: str, now: datetime) -> None:
    terms = mandate.terms
    await audit.record(
        session,
        at=now,
        actor=by,
        action=action,
        subject=mandate.mandate_id,
        facts={
            "member": mandate.member_id,
            "purpose": terms.purpose,
            "for": terms.subject,
            "amount": "" if terms.amount is None else terms.amount.plain(),
            "rhythm": terms.rhythm,
        },
    )
