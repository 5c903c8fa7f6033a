"""What does a word about a payout change? Pure: the payout and what was heard, nothing else."""

from dataclasses import dataclass
from enum import StrEnum

from core.payouts.lifecycle import BUSY_ATTEMPTS_MAX, SENT
from core.payouts.model import FactSource, Payout, PayoutState, Wait
from core.payouts.ports import Fault, Heard, Outcome


class Verdict(StrEnum):
    """What to do about the payout now."""

    SETTLE = "settle"
    """The money is with the member: post it and say so."""

    SETTLE_LATE = "settle_late"
    """It is, though what was held was given back: take it again, and have a person look."""

    VOID = "void"
    """No money moved: give back what was held and say so."""

    PROVE = "prove"
    """None moved, for a reason of ours. A provider that contradicts itself would pay twice, so it is asked first."""

    AGAIN = "again"
    """It has said so twice: a new attempt when that reason is mended."""

    ASK = "ask"
    """Nobody knows: ask the provider soon."""

    HOLD = "hold"
    """Money moved but not as we asked: a person must look."""

    NOTHING = "nothing"
    """Nothing new."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, and what a person should know about it (empty for nothing)."""

    verdict: Verdict
    incident: str = ""


_NOTHING = Decision(Verdict.NOTHING)


def decide(payout: Payout, heard: Heard) -> Decision:
    """Weigh what was heard. That money has gone is never refused because of a state of ours."""
    if payout.sent_at is None or heard.attempt > payout.attempt:
        return Decision(Verdict.NOTHING, f"{heard.outcome} heard of what was never sent")
    is_present = heard.attempt == payout.attempt
    ours, theirs = payout.provider_request_id, heard.provider_request_id
    if is_present and ours and theirs and ours != theirs:
        return Decision(Verdict.NOTHING, f"{heard.outcome} heard under another handle {theirs[-6:]}")
    match heard.outcome:
        case Outcome.PAID:
            return _paid(payout, heard, is_present=is_present)
        case Outcome.NOT_PAID:
            return _not_paid(payout, heard, is_present=is_present)
        case _:
            asks = heard.source is FactSource.TIMEOUT and is_present and payout.state in SENT
            return Decision(Verdict.ASK) if asks else _NOTHING


def _paid(payout: Payout, heard: Heard, *, is_present: bool) -> Decision:
    if payout.state is PayoutState.SETTLED:
        if heard.receipt and payout.receipt and heard.receipt != payout.receipt:
            return Decision(Verdict.NOTHING, f"second receipt {heard.receipt}: perhaps paid twice")
        return _NOTHING
    if heard.amount is not None and heard.amount != payout.amount:
        return Decision(Verdict.HOLD, f"paid {heard.amount.plain()}, asked {payout.amount.plain()}")
    if payout.state is PayoutState.VOIDED:
        return Decision(Verdict.SETTLE_LATE, f"paid after it had been voided ({payout.reason})")
    if not is_present:
        return Decision(Verdict.SETTLE, f"attempt {heard.attempt} was paid after it had failed")
    return Decision(Verdict.SETTLE)


def _not_paid(payout: Payout, heard: Heard, *, is_present: bool) -> Decision:
    if payout.state is PayoutState.SETTLED:
        return Decision(Verdict.NOTHING, f"failure {heard.result_code} heard after it was settled")
    if not is_present or payout.state not in SENT:
        return _NOTHING
    if heard.source is FactSource.STATUS and payout.waits_for is not Wait.NOTHING:
        return Decision(Verdict.AGAIN)
    is_ours = heard.fault in {Fault.FLOAT, Fault.SETUP}
    is_busy = heard.fault is Fault.BUSY and payout.attempt < BUSY_ATTEMPTS_MAX
    return Decision(Verdict.PROVE if is_ours or is_busy else Verdict.VOID)
