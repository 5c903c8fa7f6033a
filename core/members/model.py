"""Who is a member, and in which state?"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.members.pin import PinStanding
from core.phone import Msisdn


class Language(StrEnum):
    """The languages that every text exists in."""

    ENGLISH = "en"
    SWAHILI = "sw"


class MemberStatus(StrEnum):
    """How far a person belongs to the society."""

    PENDING = "pending"
    """Has asked to join; staff have not approved yet."""

    REJECTED = "rejected"
    """Asked to join and was not admitted; may ask again."""

    ACTIVE = "active"
    """May do everything."""

    DORMANT = "dormant"
    """Has not moved money for long; must ask to be reactivated."""

    BLOCKED = "blocked"
    """Stopped by staff."""

    EXITED = "exited"
    """Has left the society."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person the society serves. `number` is what is printed on the member card."""

    member_id: str
    number: str
    first_name: str
    last_name: str
    phone: Msisdn
    language: Language
    status: MemberStatus
    birth_date: date
    withdrawals_allowed_from: datetime | None = None
    """No money leaves before: the wait after a change of phone number or a reset PIN. None where there was none."""


@dataclass(frozen=True, slots=True)
class PinRecord:
    """A member's PIN as it is stored: hashes and counters, never digits."""

    hash: str | None
    proposed_hash: str | None
    proposed_at: datetime | None
    standing: PinStanding
    last_attempt: str
    """The mark of the try that was counted last, so that a repeated turn is one try."""
