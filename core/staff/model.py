"""Who works here, how do they prove it, and who is at the other end of a request?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.staff.permissions import Permission, Role, permissions_of


class StaffStatus(StrEnum):
    """Whether a person works here now."""

    ACTIVE = "active"
    """May sign in."""

    LEFT = "left"
    """Works here no more; the name stays, because the trail names it."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who works for the society. `email` is in lower case and nobody else's."""

    staff_id: str
    email: str
    first_name: str
    last_name: str
    status: StaffStatus
    roles: frozenset[Role]

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.roles)


@dataclass(frozen=True, slots=True)
class Credentials:
    """How a person proves who they are, as it is stored: no password and no secret of the second factor."""

    staff: Staff
    password_hash: str
    factor_serial: int
    """Counts up when the second factor is set up anew; the secret is derived from it."""
    factor_last_step: int
    """The time step of the last code that was taken: no code opens twice."""


class SessionEnd(StrEnum):
    """Why a session is over."""

    SIGNED_OUT = "signed_out"
    """The person ended it."""

    REUSED = "reused"
    """A refresh token came a second time: somebody may have copied it."""

    REVOKED = "revoked"
    """A colleague, or a new password, ended it."""


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in and what follows from it, until it ends."""

    session_id: str
    staff_id: str
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    ended_why: SessionEnd | None
    address: str
    agent: str

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.ends_at


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks: a person of staff, and the session they asked in."""

    staff: Staff
    session_id: str
