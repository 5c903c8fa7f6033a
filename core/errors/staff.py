"""What do we refuse staff?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from core.errors.tree import Refusal


class TokenFault(StrEnum):
    """Why a token opens nothing."""

    MISSING = "missing"
    """None was sent."""

    NOT_OURS = "not_ours"
    """It was not made by this installation, or is damaged."""

    EXPIRED = "expired"
    """Its time is over."""

    ENDED = "ended"
    """Its session has ended."""

    REUSED = "reused"
    """A refresh token came a second time, so its whole session was ended."""


@dataclass(eq=False)
class SignInRefused(Refusal):
    """E-mail, password or code is wrong; which of them is not told."""

    code: ClassVar[str] = "staff.sign_in_refused"


@dataclass(eq=False)
class SignInLocked(Refusal):
    """Too many wrong tries for this person; nothing is taken before `until`."""

    until: datetime
    code: ClassVar[str] = "staff.sign_in_locked"


@dataclass(eq=False)
class TooManyTries(Refusal):
    """So many requests came from one place that more are not looked at for a while."""

    seconds: int
    code: ClassVar[str] = "staff.too_many_tries"


@dataclass(eq=False)
class TokenRefused(Refusal):
    """The request carries no token that opens anything now."""

    why: TokenFault
    code: ClassVar[str] = "staff.token_refused"


@dataclass(eq=False)
class WeakPassword(Refusal):
    """The new password is short, common or names the person; `why` says which."""

    why: str
    code: ClassVar[str] = "staff.password_weak"


@dataclass(eq=False)
class UnknownStaff(Refusal):
    """Nobody of staff has this id or e-mail."""

    code: ClassVar[str] = "staff.unknown"


@dataclass(eq=False)
class StaffAlreadyThere(Refusal):
    """Somebody of staff has this e-mail already."""

    code: ClassVar[str] = "staff.already_there"


@dataclass(eq=False)
class NotPermitted(Refusal):
    """The person's roles do not hold the permission this needs."""

    permission: str
    code: ClassVar[str] = "staff.not_permitted"


@dataclass(eq=False)
class OwnRequest(Refusal):
    """Who asked for something does not decide on it."""

    request_id: str
    code: ClassVar[str] = "staff.own_request"


@dataclass(eq=False)
class NotYourRequest(Refusal):
    """Only who asked for something takes it back."""

    request_id: str
    code: ClassVar[str] = "staff.not_your_request"


@dataclass(eq=False)
class UnknownRequest(Refusal):
    """No request for approval has this id."""

    request_id: str
    code: ClassVar[str] = "staff.unknown_request"


@dataclass(eq=False)
class RequestClosed(Refusal):
    """The request was decided, withdrawn or has expired; `state` says which."""

    request_id: str
    state: str
    code: ClassVar[str] = "staff.request_closed"


@dataclass(eq=False)
class RequestWaits(Refusal):
    """The same thing was asked for already and waits for a decision."""

    request_id: str
    code: ClassVar[str] = "staff.request_waits"


@dataclass(eq=False)
class UnknownJob(Refusal):
    """No failed job has this number."""

    row_id: int
    code: ClassVar[str] = "work.unknown_job"


@dataclass(eq=False)
class NoIncident(Refusal):
    """The payment has no incident to close."""

    payment_id: str
    code: ClassVar[str] = "work.no_incident"
