"""Which moves may a payment make, and when is the provider asked again?

requested -> submitting -> submitted -> confirmed | failed | unknown

`submitting` never goes back to `requested` unless the provider surely did nothing. `unknown` ends by a query, a
late callback or the statement, never by sending again. A confirmation after `failed` is accepted, because the
money has come; it is posted and raised as an incident.
"""

from datetime import timedelta

from core.payments.model import PaymentState
from core.payments.model import PaymentState as S

MOVES: dict[PaymentState, frozenset[PaymentState]] = {
    S.REQUESTED: frozenset({S.SUBMITTING, S.FAILED}),
    S.SUBMITTING: frozenset({S.REQUESTED, S.SUBMITTED, S.CONFIRMED, S.FAILED, S.UNKNOWN}),
    S.SUBMITTED: frozenset({S.CONFIRMED, S.FAILED, S.UNKNOWN}),
    S.UNKNOWN: frozenset({S.CONFIRMED, S.FAILED}),
    S.FAILED: frozenset({S.CONFIRMED}),
    S.CONFIRMED: frozenset(),
}

RINGING = frozenset({S.SUBMITTING, S.SUBMITTED, S.UNKNOWN})
"""States in which the payer's phone may still be ringing, within a prompt's life after sending."""

PROMPT_LIFE = timedelta(seconds=60)
"""How long a prompt stays on the payer's phone; Daraja wants a minute between prompts to one phone."""

TRACELESS_AFTER = timedelta(minutes=5)
"""A request whose reply we never got can't be queried: past prompt, cool-down and late callbacks it is not paid."""

STALE_AFTER = timedelta(minutes=3)
"""A request that waited so long for a worker is not sent any more: nobody expects its prompt by now."""

BUSY_RETRY = timedelta(seconds=30)
"""How soon a request is tried again that the provider surely refused to take for now."""

BUSY_TRIES_MAX = 2

FAILURES_MOST = 2
"""After so many failures for one thing the member is told how to pay without a prompt."""

FAILURES_WITHIN = timedelta(days=1)
"""The time within which they count."""

# Seconds after each enquiry, first to last: every 20 s up to two minutes, then at 5 and 15 minutes and hourly.
_ENQUIRY_GAPS = (20, 20, 20, 20, 180, 600)
FIRST_ENQUIRY = timedelta(seconds=25)
_LATER = timedelta(hours=1)


def may_move(now: PaymentState, to: PaymentState) -> bool:
    """Whether the table allows the move."""
    return to in MOVES[now]


def next_enquiry(enquiries_made: int) -> timedelta:
    """How long to wait after the n-th enquiry (counted from 1) that gave no final answer."""
    if enquiries_made <= len(_ENQUIRY_GAPS):
        return timedelta(seconds=_ENQUIRY_GAPS[enquiries_made - 1])
    return _LATER
