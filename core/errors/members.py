"""What do we refuse a member, or somebody who would be one?"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.errors.tree import Refusal


@dataclass(eq=False)
class UnknownMember(Refusal):
    """No member has this number; nothing about anybody is told."""

    code: ClassVar[str] = "members.unknown"


@dataclass(eq=False)
class MemberNotActive(Refusal):
    """The member exists but may not transact: pending, blocked, dormant or exited."""

    status: str
    code: ClassVar[str] = "members.not_active"


@dataclass(eq=False)
class PinNotSet(Refusal):
    """The member has no PIN yet and must choose one first."""

    code: ClassVar[str] = "members.pin_not_set"


@dataclass(eq=False)
class WrongPin(Refusal):
    """The PIN did not match; so many tries are left before it locks."""

    tries_left: int
    code: ClassVar[str] = "members.pin_wrong"


@dataclass(eq=False)
class PinLocked(Refusal):
    """Too many wrong tries. `until` is None when only staff can lift the lock."""

    until: datetime | None
    code: ClassVar[str] = "members.pin_locked"


@dataclass(eq=False)
class WeakPin(Refusal):
    """The PIN is easily guessed: a repeat, a run, the birth year or part of the phone number."""

    code: ClassVar[str] = "members.pin_weak"


@dataclass(eq=False)
class PinMismatch(Refusal):
    """The second entry of a new PIN differs from the first, or came too late."""

    code: ClassVar[str] = "members.pin_mismatch"


@dataclass(eq=False)
class PinAlreadySet(Refusal):
    """A first PIN is chosen only once; after that it is changed or reset."""

    code: ClassVar[str] = "members.pin_already_set"


@dataclass(eq=False)
class AlreadyMember(Refusal):
    """A member, or somebody who asked to join, has this phone number."""

    member_id: str
    code: ClassVar[str] = "members.already"


@dataclass(eq=False)
class MemberNotPending(Refusal):
    """The person does not wait to be admitted: `status` says how they stand."""

    status: str
    code: ClassVar[str] = "members.not_pending"


@dataclass(eq=False)
class NotOfAge(Refusal):
    """Who joins is an adult on the day of joining."""

    years: int
    code: ClassVar[str] = "members.not_of_age"


@dataclass(eq=False)
class InvalidName(Refusal):
    """The text is no person's name: letters, blanks, apostrophes, hyphens and dots alone."""

    text: str
    code: ClassVar[str] = "members.name_invalid"


@dataclass(eq=False)
class NoSuchMember(Refusal):
    """No active member other than who asks has this number."""

    code: ClassVar[str] = "members.no_such_number"
