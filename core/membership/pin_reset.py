"""What of a member who forgot the PIN? Who knows the facts on file chooses a new one; where those don't do, staff help.

A PIN that was guessed at until only staff can open it, and a member whose national id is not on file, go to staff.
After a reset no money leaves for a while, as with a change of the phone number.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, ReadSession, WriteSession
from core.errors import AskStaff, NotYourself, PinMismatch, Refusal, RequestWaits
from core.ids import Ids
from core.members import identity_store
from core.members import store as members
from core.members.model import Member
from core.members.national_id import NationalId
from core.members.pin import OPEN
from core.members.pin_checks import PinChecks
from core.members.sealing import FieldSealer
from core.membership import store
from core.membership.model import COOLING_OFF, DAY, IDENTITY_LIFE, IDENTITY_TRIES, IdentityTries
from core.membership.pin_change import matching_proposal, propose_pin
from core.notices import service as notices
from core.notices.model import NoticeKind
from core.staff import checking
from core.staff.checked import CheckedAction, Decision
from core.staff.permissions import Permission


class ResetWay(StrEnum):
    """How a member who answered right comes to a new PIN."""

    CHOOSE = "choose"
    """By choosing one now."""

    BY_STAFF = "by_staff"
    """By a person who calls back first."""


class PinReset(msgspec.Struct, frozen=True, kw_only=True):
    """Whose PIN is to be taken away, as whoever decides reads it."""

    member_id: str
    number: str
    name: str


async def check_identity(
    database: Database,
    clock: Clock,
    ids: Ids,
    sealer: FieldSealer,
    *,
    member_id: str,
    national_id: NationalId,
    birth_year: int,
) -> ResetWay:
    """Whether the caller knows who the member is; each wrong answer counts. Raises NotYourself, AskStaff."""
    now = clock.now()
    refusal: Refusal | None = None
    way = ResetWay.CHOOSE
    async with database.unit_of_work() as session:
        member, record = await members.lock_pin(session, member_id)
        tries = _of_today(await store.lock_identity(session, member_id, now=now), now)
        if tries.wrong_tries >= IDENTITY_TRIES:
            raise AskStaff
        sealed = await identity_store.sealed_national_id(session, member_id)
        knows_id = sealed is None or sealer.open(sealed, owner=member_id) == national_id.number
        if not knows_id or member.birth_date.year != birth_year:
            tries = replace(tries, wrong_tries=tries.wrong_tries + 1, passed_at=None)
            refusal = _refusal(tries)
            await audit.record(
                session, at=now, actor=member_id, action="pin.reset_wrong_facts", subject=member_id
            )
        elif sealed is None or record.standing.locked_for_staff:
            way = ResetWay.BY_STAFF
            await _ask_staff(session, now, ids, member)
        else:
            tries = replace(tries, passed_at=now)
        await store.save_identity(session, member_id, tries)
    # Behind the commit: a refusal in the transaction would take the count back.
    if refusal is not None:
        raise refusal
    return way


def _of_today(tries: IdentityTries, now: datetime) -> IdentityTries:
    """A day after the first wrong answer they are forgiven."""
    return tries if now - tries.since < DAY else IdentityTries(0, now, None)


def _refusal(tries: IdentityTries) -> Refusal:
    left = IDENTITY_TRIES - tries.wrong_tries
    return NotYourself(tries_left=left) if left else AskStaff()


async def _ask_staff(session: WriteSession, now: datetime, ids: Ids, member: Member) -> None:
    facts = PinReset(
        member_id=member.member_id, number=member.number, name=f"{member.first_name} {member.last_name}"
    )
    try:
        await checking.ask(session, now, ids, RESET_PIN, facts, maker=member.member_id)
    except RequestWaits:
        # Asked again: it is on its way.
        return


async def propose_reset_pin(
    database: Database, clock: Clock, checks: PinChecks, *, member_id: str, pin: str
) -> None:
    """First entry of the new PIN. Raises AskStaff where nothing was proved lately, WeakPin, ServiceBusy."""
    async with database.unit_of_work() as session:
        await _require_proof(session, clock.now(), member_id)
    await propose_pin(database, clock, checks, member_id=member_id, pin=pin)


async def reset_pin(
    database: Database, clock: Clock, ids: Ids, checks: PinChecks, *, member_id: str, pin: str
) -> None:
    """Second entry: from now on it is the PIN; money waits. Raises AskStaff, PinMismatch, ServiceBusy."""
    async with database.unit_of_work() as session:
        await _require_proof(session, clock.now(), member_id)
        _, record = await members.lock_pin(session, member_id)
    proposed = await matching_proposal(clock, checks, record, member_id=member_id, pin=pin)
    now = clock.now()
    async with database.unit_of_work() as session:
        member, record = await members.lock_pin(session, member_id)
        tries = await _require_proof(session, now, member_id)
        if record.proposed_hash != proposed:
            raise PinMismatch
        chosen = replace(record, hash=proposed, proposed_hash=None, proposed_at=None, standing=OPEN)
        await members.save_pin(session, member_id, chosen)
        await store.save_identity(session, member_id, replace(tries, wrong_tries=0, passed_at=None))
        await _hold_and_tell(session, now, ids, member, NoticeKind.PIN_RESET, key=f"pin_reset:{proposed}")
        await audit.record(session, at=now, actor=member_id, action="pin.reset", subject=member_id)


async def _require_proof(session: WriteSession, now: datetime, member_id: str) -> IdentityTries:
    tries = await store.lock_identity(session, member_id, now=now)
    if tries.passed_at is None or now - tries.passed_at > IDENTITY_LIFE:
        raise AskStaff
    return tries


async def _hold_and_tell(
    session: WriteSession, now: datetime, ids: Ids, member: Member, kind: NoticeKind, *, key: str
) -> None:
    await identity_store.hold_withdrawals(session, member.member_id, until=now + COOLING_OFF)
    await notices.tell(
        session,
        ids=ids,
        member_id=member.member_id,
        phone=member.phone,
        kind=kind,
        language=member.language,
        facts={},
        key=key,
        now=now,
    )


async def _look(session: ReadSession, _: datetime, facts: PinReset) -> str:
    await members.find(session, facts.member_id)
    return facts.member_id


async def _take_away(session: WriteSession, decision: Decision, facts: PinReset) -> dict[str, str]:
    """The member has no PIN any more, and chooses one at the next call."""
    member, record = await members.lock_pin(session, facts.member_id)
    bare = replace(record, hash=None, proposed_hash=None, proposed_at=None, standing=OPEN)
    await members.save_pin(session, facts.member_id, bare)
    await _hold_and_tell(
        session,
        decision.at,
        decision.ids,
        member,
        NoticeKind.PIN_TAKEN_AWAY,
        key=f"pin_taken_away:{decision.request_id}",
    )
    return {"member": facts.member_id}


RESET_PIN: Final = CheckedAction(
    code="members.reset_pin",
    facts=PinReset,
    propose=Permission.PINS_UNLOCK,
    approve=Permission.PINS_UNLOCK,
    life=timedelta(days=7),
    look=_look,
    do=_take_away,
)
"""A member asks by phone; whoever of staff agrees has called them back and made sure who they are."""
