"""What does a provider's word change about a payment? Pure: the payment and what was heard, nothing else."""

from dataclasses import dataclass
from enum import StrEnum

from core.payments.model import Payment, PaymentState
from core.payments.ports import Enquiry, Outcome


class Verdict(StrEnum):
    """What to do about the payment now."""

    CONFIRM = "confirm"
    """Post the money and tell the member."""

    FAIL = "fail"
    """No money moved: tell the member."""

    HOLD = "hold"
    """Money may have moved but not as we asked: a person must look."""

    NOTHING = "nothing"
    """Nothing new."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, and what a person should know about it (empty for nothing)."""

    verdict: Verdict
    incident: str = ""
    is_suspicious: bool = False
    """An honest provider would hardly say this."""


_NOTHING = Decision(Verdict.NOTHING)


def decide(payment: Payment, heard: Enquiry) -> Decision:
    """Weigh what was heard. Money that has come is never refused because of a state of ours."""
    if heard.outcome is Outcome.PENDING:
        return _NOTHING
    ours, theirs = payment.provider_request_id, heard.provider_request_id
    if ours and theirs and ours != theirs:
        return Decision(Verdict.NOTHING, f"{heard.outcome} heard for another request", is_suspicious=True)
    if payment.sent_at is None:
        return Decision(
            Verdict.NOTHING, f"{heard.outcome} heard before anything was sent", is_suspicious=True
        )
    return _paid(payment, heard) if heard.outcome is Outcome.PAID else _not_paid(payment, heard)


def _paid(payment: Payment, heard: Enquiry) -> Decision:
    if payment.state is PaymentState.CONFIRMED:
        if heard.receipt and payment.receipt and heard.receipt != payment.receipt:
            return Decision(Verdict.NOTHING, f"second receipt {heard.receipt}")
        return _NOTHING
    if heard.amount is not None and heard.amount != payment.collected:
        said = f"paid {heard.amount.plain()}, asked {payment.collected.plain()}"
        return Decision(Verdict.HOLD, said, is_suspicious=True)
    if payment.state is PaymentState.FAILED:
        return Decision(Verdict.CONFIRM, f"confirmed after it had failed ({payment.reason})")
    return Decision(Verdict.CONFIRM)


def _not_paid(payment: Payment, heard: Enquiry) -> Decision:
    if payment.state is PaymentState.CONFIRMED:
        return Decision(Verdict.NOTHING, f"failure {heard.result_code} heard after confirmation")
    return _NOTHING if payment.state is PaymentState.FAILED else Decision(Verdict.FAIL)
