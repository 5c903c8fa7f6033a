"""Which other member is meant by a phone number? Asked before one member names another: a guarantor, a receiver."""

from core.db.engine import ReadSession
from core.errors import NoSuchMember, UnknownMember
from core.members import store
from core.members.model import Member, MemberStatus
from core.phone import Msisdn


async def find_other(session: ReadSession, phone: Msisdn, *, asked_by: str) -> Member:
    """The active member with this number. Raises NoSuchMember, also for the number of who asks."""
    try:
        member, _ = await store.by_phone(session, phone.e164)
    except UnknownMember:
        raise NoSuchMember from None
    if member.status is not MemberStatus.ACTIVE or member.member_id == asked_by:
        raise NoSuchMember
    return member
