"""What do we tell the member beside the screen itself? A sentence by its key, with its facts."""

from dataclasses import dataclass, field
from enum import StrEnum

from dialogs.values import NOTHING, Values


class Sentence(StrEnum):
    """The sentences that belong to no state of a flow, by their keys in the catalogue."""

    WRONG_CHOICE = "wrong.choice"
    WRONG_PIN_SHAPE = "wrong.pin"
    WRONG_AMOUNT = "wrong.amount"
    WRONG_TEXT = "wrong.text"
    WRONG_DAY = "wrong.day"
    WRONG_YEAR = "wrong.year"
    WRONG_CODE = "wrong.code"
    WRONG_COUNT = "wrong.count"

    BUSY = "trouble.busy"
    """Nothing was done; the same screen again."""
    UPDATED = "trouble.updated"
    """The flows changed under a call."""

    END_BUSY = "end.busy"
    """Nothing was done, and the call is over."""
    END_STILL_WORKING = "end.still_working"
    """Another request of the same person has not been answered yet; what it does is not known here."""
    END_FAULT = "end.fault"
    """Nothing is known, not even whether anything was done."""
    END_IN_DOUBT = "end.in_doubt"
    """Something may have been done: an SMS will tell."""
    END_WRONG_INPUTS = "end.wrong_inputs"
    END_CANCELLED = "end.cancelled"
    """The member gave it up."""
    END_TIME_UP = "end.time_up"
    """The network is about to end the call; the task is kept."""
    END_TOO_LONG = "end.too_long"
    END_LOST_THREAD = "end.lost_thread"
    """The gateway's text does not go on from what was heard."""
    END_NOT_YOUR_CALL = "end.not_your_call"
    """Another number opened this call."""

    TOLD_PAID = "told.paid"
    """What became of a payment of an earlier call: it arrived."""
    TOLD_PENDING = "told.pending"
    TOLD_FAILED = "told.failed"

    REFUSED = "refusal.refused"
    """For a refusal that has no sentence of its own yet."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence of the catalogue: why an input was not taken, or what a rule refused."""

    key: str
    facts: Values = field(default_factory=lambda: NOTHING)
