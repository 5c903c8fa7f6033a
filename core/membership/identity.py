"""Who sees a national id whole? Staff who must hold it against the card, and the trail says who did."""

from datetime import datetime

from core.audit import store as audit
from core.db.engine import WriteSession
from core.members import identity_store
from core.members import store as members
from core.members.national_id import NationalId
from core.members.sealing import FieldSealer


async def reveal_national_id(
    session: WriteSession, now: datetime, sealer: FieldSealer, *, member_id: str, by: str
) -> NationalId | None:
    """A member's whole number; None where none is on file. Raises UnknownMember."""
    await members.find(session, member_id)
    sealed = await identity_store.sealed_national_id(session, member_id)
    if sealed is None:
        return None
    await audit.record(session, at=now, actor=by, action="member.national_id_seen", subject=member_id)
    return NationalId(sealer.open(sealed, owner=member_id))
