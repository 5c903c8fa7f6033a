"""What is an application for a loan, how far has it come, and what was agreed? Values alone; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.errors import ApplicationNotOpen
from core.lending.applications.disclosure import Accepted
from core.lending.eligibility import Pay
from core.lending.policies import Purpose
from core.lending.terms import Terms
from core.money import Money

APPLICATION_LIFE: Final = timedelta(days=30)
"""After which an application that nobody decided on, or an offer that nobody accepted, lapses."""


class ApplicationState(StrEnum):
    """How far an application has come."""

    APPLIED = "applied"
    """Written down; waits for an appraisal."""

    APPRAISED = "appraised"
    """A loan officer looked into it and recommends an amount; waits for votes."""

    APPROVED = "approved"
    """The terms are on offer; the member has not accepted them yet."""

    ACCEPTED = "accepted"
    """The member accepted the terms and their cost; waits for the money."""

    DISBURSED = "disbursed"
    """A loan came of it."""

    REJECTED = "rejected"
    """The society said no."""

    WITHDRAWN = "withdrawn"
    """The member took it back."""

    EXPIRED = "expired"
    """Nobody went on with it in time."""


_S = ApplicationState
_LEFT_OFF: Final = frozenset({_S.WITHDRAWN, _S.EXPIRED})
MOVES: Final[Mapping[ApplicationState, frozenset[ApplicationState]]] = MappingProxyType(
    {
        _S.APPLIED: frozenset({_S.APPRAISED, _S.REJECTED}) | _LEFT_OFF,
        _S.APPRAISED: frozenset({_S.APPRAISED, _S.APPROVED, _S.REJECTED}) | _LEFT_OFF,
        _S.APPROVED: frozenset({_S.ACCEPTED}) | _LEFT_OFF,
        _S.ACCEPTED: frozenset({_S.DISBURSED}) | _LEFT_OFF,
    }
)
"""From each state that isn't final, the states that may follow."""

OPEN: Final = frozenset(MOVES)
"""States in which something may still become of it."""


@dataclass(frozen=True, slots=True)
class Application:
    """A member's wish for a loan. `number` is what members and staff call it, such as LA-1042."""

    application_id: str
    number: str
    member_id: str
    product: str
    asked: Money
    asked_instalments: int
    purpose: Purpose
    channel: str
    written_by: str
    """The id of the member, or of staff who wrote it down for them."""
    state: ApplicationState
    applied_at: datetime
    expires_at: datetime
    pay: Pay | None = None
    """As said, or as seen on the payslip at the appraisal."""
    offered: Money | None = None
    """What the appraisal recommends, and a vote approves."""
    offered_instalments: int | None = None
    appraised_by: str | None = None
    appraisal: str = ""
    """What the loan officer found."""
    terms: Terms | None = None
    """As approved."""
    accepted: Accepted | None = None
    reason: str = ""
    """Why it ended without a loan."""
    loan_id: str | None = None
    clears: tuple[str, ...] = ()
    """Loans of the member that this one pays off: a top-up."""

    @property
    def amount(self) -> Money:
        """What it is about now: the amount offered, or asked for as long as none is."""
        return self.asked if self.offered is None else self.offered

    @property
    def instalments(self) -> int:
        return self.asked_instalments if self.offered_instalments is None else self.offered_instalments

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def may_become(self, state: ApplicationState) -> None:
        """Raises ApplicationNotOpen where the lifecycle has no such move."""
        if state not in MOVES.get(self.state, frozenset()):
            raise ApplicationNotOpen(state=self.state)
