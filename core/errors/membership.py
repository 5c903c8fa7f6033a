"""What do we refuse somebody who joins, or changes how they are known?"""

from dataclasses import dataclass
from typing import ClassVar

from core.errors.tree import Refusal


@dataclass(eq=False)
class MembershipPending(Refusal):
    """The person asked to join, and staff have not decided yet."""

    member_id: str
    code: ClassVar[str] = "membership.pending"


@dataclass(eq=False)
class InvalidNationalId(Refusal):
    """The text is no national id number. It never carries the text."""

    code: ClassVar[str] = "membership.national_id_invalid"


@dataclass(eq=False)
class SamePhone(Refusal):
    """The new number is the one the member has."""

    code: ClassVar[str] = "membership.same_phone"


@dataclass(eq=False)
class PhoneTaken(Refusal):
    """Somebody else is known by the new number. Told only to who has proved to hold it."""

    code: ClassVar[str] = "membership.phone_taken"


@dataclass(eq=False)
class TooManyCodes(Refusal):
    """As many one-time codes were sent today as may be."""

    code: ClassVar[str] = "membership.too_many_codes"


@dataclass(eq=False)
class WrongCode(Refusal):
    """The one-time code did not match; so many tries are left."""

    tries_left: int
    code: ClassVar[str] = "membership.code_wrong"


@dataclass(eq=False)
class CodeExpired(Refusal):
    """The one-time code is too old, was tried too often, or was never asked for."""

    code: ClassVar[str] = "membership.code_expired"


@dataclass(eq=False)
class NotYourself(Refusal):
    """What was said of oneself is not what is held; so many tries are left today."""

    tries_left: int
    code: ClassVar[str] = "membership.not_yourself"


@dataclass(eq=False)
class AskStaff(Refusal):
    """Too many wrong answers, or too late for them: only staff can help now."""

    code: ClassVar[str] = "membership.ask_staff"


@dataclass(eq=False)
class LinkGone(Refusal):
    """The link is too old, was opened too often, or is not one of ours."""

    code: ClassVar[str] = "membership.link_gone"


@dataclass(eq=False)
class UnknownMemberRequest(Refusal):
    """No member asked for this."""

    request: str
    code: ClassVar[str] = "membership.request_unknown"


@dataclass(eq=False)
class TooManyLinks(Refusal):
    """As many statements were sent today as may be."""

    code: ClassVar[str] = "membership.too_many_links"
