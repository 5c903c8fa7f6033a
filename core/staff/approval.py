"""What waits for a second person? A request as it is stored, and the states it goes through."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RequestState(StrEnum):
    """How far a request has come. Only a pending one moves, once."""

    PENDING = "pending"
    """Waits for a decision."""

    APPROVED = "approved"
    """Somebody else agreed, and it was carried out in that moment."""

    REJECTED = "rejected"
    """Somebody else said no; the request and the reason stay."""

    WITHDRAWN = "withdrawn"
    """Who asked took it back."""

    EXPIRED = "expired"
    """Nobody decided in time."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something that one person asked for and another decides on. Nothing in it changes but its end."""

    request_id: str
    action: str
    subject: str
    """The id of what it is about; empty where it makes something new."""
    facts: bytes
    """The action's facts as JSON, to be read by the action's own type."""
    maker: str
    """The id of who asked: of staff, or of a member who asked by phone."""
    made_at: datetime
    expires_at: datetime
    state: RequestState
    checker: str | None
    decided_at: datetime | None
    reason: str
    outcome: dict[str, str]
    """What carrying it out made, such as the number of a journal."""

    def state_at(self, now: datetime) -> RequestState:
        """The state to be shown: a pending one past its time has expired, whether or not that is written down."""
        if self.state is RequestState.PENDING and now >= self.expires_at:
            return RequestState.EXPIRED
        return self.state
