"""Which moves may a payout make, and when is it acted on again?

awaiting_approval -> requested -> submitting -> submitted -> settled | voided | unknown

`unknown` ends by a query, a late result, the statement or two of staff, never by sending again. Back to `requested`
leads only the provider's word that nothing was done. A success after `voided` is accepted, because the money has
gone; it is posted and raised as an incident.
"""

from datetime import timedelta
from typing import Final

from core.payouts.model import PayoutState
from core.payouts.model import PayoutState as S

MOVES: Final[dict[PayoutState, frozenset[PayoutState]]] = {
    S.AWAITING_APPROVAL: frozenset({S.REQUESTED, S.VOIDED}),
    S.REQUESTED: frozenset({S.SUBMITTING, S.SETTLED, S.UNKNOWN, S.VOIDED}),
    S.SUBMITTING: frozenset({S.REQUESTED, S.SUBMITTED, S.SETTLED, S.VOIDED, S.UNKNOWN}),
    S.SUBMITTED: frozenset({S.REQUESTED, S.SETTLED, S.VOIDED, S.UNKNOWN}),
    S.UNKNOWN: frozenset({S.REQUESTED, S.SETTLED, S.VOIDED, S.UNKNOWN}),
    S.VOIDED: frozenset({S.SETTLED}),
    S.SETTLED: frozenset(),
}

SENT: Final = frozenset({S.SUBMITTING, S.SUBMITTED, S.UNKNOWN})
"""The money may be gone: as much of the float is promised."""

NOT_SENT: Final = frozenset({S.AWAITING_APPROVAL, S.REQUESTED})

UNDER_WAY: Final = SENT | NOT_SENT

SENDING_AT_MOST: Final = timedelta(seconds=90)
"""A worker that sends has its answer, or is dead, by then: twice the lease of a job."""

FIRST_ENQUIRY: Final = timedelta(minutes=5)
"""Results usually come within seconds; a sent payout is asked about after that time."""

AFTER_TIMEOUT: Final = timedelta(minutes=1)
"""How long after the provider's "too long in the queue" it is asked."""

PROVED_AFTER: Final = timedelta(minutes=1)
"""How long after a failure of our making the provider is asked whether it stands by its word."""

PROVIDER_RETRY: Final = timedelta(seconds=30)
"""How soon it is sent again, under the same reference, where the provider surely did nothing."""

FLOAT_RETRY: Final = timedelta(minutes=1)
"""How often it is looked whether the float reaches for a payout that waits."""

BUSY_ATTEMPTS_MAX: Final = 3
"""Attempts that the provider ended as busy; then the member gets the money back."""

STAFF_MAY_FROM: Final = timedelta(hours=24)
"""An unknown outcome is the provider's to tell for a day; by then its statement of that day is there."""

APPROVAL_LIFE: Final = timedelta(days=3)
"""As long as any other request about money; after that the member has the money back."""

# After the first enquiry: a quarter of an hour, an hour, and then hourly.
_ENQUIRY_GAPS: Final = (timedelta(minutes=15), timedelta(minutes=60))
_LATER: Final = timedelta(hours=1)
ENQUIRIES_BEFORE_INCIDENT: Final = 4


def may_move(now: PayoutState, to: PayoutState) -> bool:
    """Whether the table allows the move."""
    return to in MOVES[now]


def next_enquiry(enquiries_made: int) -> timedelta:
    """How long to wait after the n-th enquiry (counted from 1)."""
    return _ENQUIRY_GAPS[enquiries_made - 1] if enquiries_made <= len(_ENQUIRY_GAPS) else _LATER
