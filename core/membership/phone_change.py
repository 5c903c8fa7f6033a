"""How does a member come to another number? A code proves who holds the new one, the PIN who owns the old one.

The PIN is asked for by the conversation, between the code and the change. After the change money waits for a while,
and the old number hears of it: the owner of a stolen SIM has time to call.
"""

from datetime import timedelta
from typing import Final

from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.errors import CodeExpired, PhoneTaken, Refusal, SamePhone, TooManyCodes, WrongCode
from core.ids import Ids
from core.members import directory, identity_store
from core.members import store as members
from core.membership import store
from core.membership.codes import OneTimeCodes
from core.membership.model import (
    CODE_LIFE,
    CODE_TRIES,
    CODES_A_DAY,
    COOLING_OFF,
    DAY,
    PhoneChange,
    PhoneChangeState,
)
from core.notices import service as notices
from core.notices.model import NoticeKind
from core.phone import Msisdn

_PROOF_LIFE: Final = timedelta(minutes=30)
"""How long after the code was asked for the change may be confirmed."""


async def ask_phone_change(
    database: Database, clock: Clock, ids: Ids, *, change_id: str, member_id: str, new: Msisdn
) -> None:
    """Send a code to the new number; the same `change_id` sends one. Raises SamePhone, TooManyCodes.

    Whether somebody is known by that number is not told: who asks has not proved to hold it.
    """
    now = clock.now()
    async with database.unit_of_work() as session:
        if await store.lock_change(session, change_id, member_id) is not None:
            return
        await directory.lock_by_phone(session, new)
        member = await members.lock(session, member_id)
        if member.phone == new:
            raise SamePhone
        if (
            max(await store.codes_since(session, member_id=member_id, new=new, since=now - DAY))
            >= CODES_A_DAY
        ):
            raise TooManyCodes
        change = PhoneChange(change_id, member_id, member.phone, new, PhoneChangeState.ASKED, 0, now)
        await store.add_change(session, change)
        await notices.tell(
            session,
            ids=ids,
            member_id=member_id,
            phone=new,
            kind=NoticeKind.PHONE_CODE,
            language=member.language,
            facts={"code_of": change_id},
            key=f"phone_code:{change_id}",
            now=now,
        )
        await _record(session, clock, change, "phone.change_asked")


async def prove_new_phone(
    database: Database, clock: Clock, codes: OneTimeCodes, *, change_id: str, member_id: str, code: str
) -> None:
    """Check the code that was read on the new number. Raises WrongCode, CodeExpired; each wrong one is counted."""
    now = clock.now()
    refusal: Refusal | None = None
    async with database.unit_of_work() as session:
        change = await store.lock_change(session, change_id, member_id)
        if change is None or change.state is PhoneChangeState.GIVEN_UP or now - change.asked_at > CODE_LIFE:
            raise CodeExpired
        if change.state is not PhoneChangeState.ASKED:
            return
        tries, to = change.wrong_tries, PhoneChangeState.PROVED
        if not codes.is_right(change_id, code):
            tries += 1
            is_last = tries >= CODE_TRIES
            to = PhoneChangeState.GIVEN_UP if is_last else PhoneChangeState.ASKED
            refusal = CodeExpired() if is_last else WrongCode(tries_left=CODE_TRIES - tries)
        await store.move_change(session, change_id, to, wrong_tries=tries, at=now)
    # Behind the commit: a refusal in the transaction would take the count back.
    if refusal is not None:
        raise refusal


async def change_phone(database: Database, clock: Clock, ids: Ids, *, change_id: str, member_id: str) -> None:
    """The member is known by the proved number from now on. Once; a repeat is the same.

    Raises CodeExpired where nothing was proved in time, PhoneTaken where somebody else has the number.
    """
    now = clock.now()
    async with database.unit_of_work() as session:
        change = await store.lock_change(session, change_id, member_id)
        if change is not None and change.state is PhoneChangeState.DONE:
            return
        if (
            change is None
            or change.state is not PhoneChangeState.PROVED
            or now - change.asked_at > _PROOF_LIFE
        ):
            raise CodeExpired
        if await directory.lock_by_phone(session, change.new) is not None:
            raise PhoneTaken
        member = await members.lock(session, member_id)
        await identity_store.set_phone(session, member_id, change.new)
        await identity_store.hold_withdrawals(session, member_id, until=now + COOLING_OFF)
        await store.move_change(
            session, change_id, PhoneChangeState.DONE, wrong_tries=change.wrong_tries, at=now
        )
        for phone, kind in (
            (change.old, NoticeKind.PHONE_LEFT),
            (change.new, NoticeKind.PHONE_CHANGED),
        ):
            await notices.tell(
                session,
                ids=ids,
                member_id=member_id,
                phone=phone,
                kind=kind,
                language=member.language,
                facts={"phone": change.new.masked},
                key=f"{kind}:{change_id}",
                now=now,
            )
        await _record(session, clock, change, "phone.changed")


async def _record(session: WriteSession, clock: Clock, change: PhoneChange, action: str) -> None:
    await audit.record(
        session,
        at=clock.now(),
        actor=change.member_id,
        action=action,
        subject=change.member_id,
        facts={"change": change.change_id, "from": change.old.masked, "to": change.new.masked},
    )
