"""How does somebody unknown ask to join by phone? With particulars, a national id and consent; staff decide later."""

from dataclasses import dataclass, replace

from core import admission
from core.admission import Applicant
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.ids import Ids
from core.members import directory
from core.members import store as members
from core.members.model import Member, MemberStatus
from core.members.pin import OPEN
from core.members.sealing import FieldSealer
from core.membership import store
from core.membership.consent import CONSENT_VERSION, consent_words


@dataclass(frozen=True, slots=True)
class Where:
    """In whose name, and through which channel, somebody was asked."""

    institution: str
    channel: str


async def ask_to_join(
    database: Database, clock: Clock, ids: Ids, sealer: FieldSealer, applicant: Applicant, where: Where
) -> Member:
    """Write down who asks to join and what they agreed to, and ask staff for a decision; asked again, it is the same.

    Raises InvalidName, NotOfAge, AlreadyMember, and RequestWaits where this number waits under other names.
    """
    now = clock.now()
    async with database.unit_of_work() as session:
        known = await directory.lock_by_phone(session, applicant.phone)
        if (
            known is not None
            and _is_same(known, applicant)
            and await admission.is_waiting(session, now, known.member_id)
        ):
            return known
        member, _ = await admission.register(session, now, ids, applicant, maker="", sealer=sealer)
        await _forget_pin(session, member.member_id)
        await store.keep_consent(
            session,
            member.member_id,
            version=CONSENT_VERSION,
            language=applicant.language,
            words=consent_words(applicant.language, institution=where.institution),
            channel=where.channel,
            at=now,
        )
    return member


async def _forget_pin(session: WriteSession, member_id: str) -> None:
    """Numbers pass from one person to another: a PIN of who asked before is none of who asks now."""
    _, record = await members.lock_pin(session, member_id)
    bare = replace(record, hash=None, proposed_hash=None, proposed_at=None, standing=OPEN)
    await members.save_pin(session, member_id, bare)


def _is_same(known: Member, applicant: Applicant) -> bool:
    """A repeat of what waits already."""
    return (
        known.status is MemberStatus.PENDING
        and known.birth_date == applicant.birth_date
        and (known.first_name, known.last_name) == (applicant.first_name, applicant.last_name)
    )
