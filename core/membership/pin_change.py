"""How does a member come to another PIN? The old one opens the way, the new one is entered twice."""

import re
from dataclasses import replace
from typing import Final

from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database
from core.errors import PinMismatch, WeakPin
from core.ids import Ids
from core.members import store as members
from core.members.model import PinRecord
from core.members.pin import OPEN, is_weak
from core.members.pin_checks import PinChecks
from core.members.service import PROPOSAL_LIFE
from core.notices import service as notices
from core.notices.model import NoticeKind

_FOUR_DIGITS: Final = re.compile(r"\d{4}", re.ASCII)


async def propose_pin(
    database: Database, clock: Clock, checks: PinChecks, *, member_id: str, pin: str
) -> None:
    """First entry of another PIN; only its hash waits, and the old PIN stays. Raises WeakPin, ServiceBusy.

    The caller has seen the old PIN, or another proof of who asks.
    """
    async with database.reading() as session:
        member = await members.find(session, member_id)
    if _FOUR_DIGITS.fullmatch(pin) is None or is_weak(pin, member.phone, member.birth_date):
        raise WeakPin
    proposed = await checks.hash(member_id, pin)
    async with database.unit_of_work() as session:
        _, record = await members.lock_pin(session, member_id)
        await members.save_pin(
            session, member_id, replace(record, proposed_hash=proposed, proposed_at=clock.now())
        )


async def change_pin(
    database: Database, clock: Clock, ids: Ids, checks: PinChecks, *, member_id: str, pin: str, attempt: str
) -> None:
    """Second entry: from now on it is the PIN, and the member is told. Raises PinMismatch, ServiceBusy.

    The same `attempt` tells once. The caller has seen the old PIN.
    """
    async with database.reading() as session:
        member = await members.find(session, member_id)
        _, record = await members.by_phone(session, member.phone.e164)
    proposed = await matching_proposal(clock, checks, record, member_id=member_id, pin=pin)
    async with database.unit_of_work() as session:
        member, record = await members.lock_pin(session, member_id)
        if record.proposed_hash != proposed:
            raise PinMismatch
        chosen = replace(record, hash=proposed, proposed_hash=None, proposed_at=None, standing=OPEN)
        await members.save_pin(session, member_id, chosen)
        await notices.tell(
            session,
            ids=ids,
            member_id=member_id,
            phone=member.phone,
            kind=NoticeKind.PIN_CHANGED,
            language=member.language,
            facts={},
            key=f"pin_changed:{member_id}:{attempt}",
            now=clock.now(),
        )
        await audit.record(session, at=clock.now(), actor=member_id, action="pin.changed", subject=member_id)


async def matching_proposal(
    clock: Clock, checks: PinChecks, record: PinRecord, *, member_id: str, pin: str
) -> str:
    """The hash that waits, where the second entry is the same as the first and in time. Raises PinMismatch."""
    proposed, at = record.proposed_hash, record.proposed_at
    if proposed is None or at is None or clock.now() - at > PROPOSAL_LIFE:
        raise PinMismatch
    if _FOUR_DIGITS.fullmatch(pin) is None or not await checks.verify(proposed, member_id, pin):
        raise PinMismatch
    return proposed
