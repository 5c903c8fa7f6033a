"""How do payouts go through Daraja? Our ports over its B2C, status and balance requests."""

from types import MappingProxyType
from typing import Final

import structlog

from core.payments.ports import Outcome as Heardly
from core.payments.ports import SendVerdict
from core.payouts.model import FactSource, PayoutPurpose, attempt_of
from core.payouts.ports import (
    Fault,
    FloatEnquiry,
    Heard,
    Outcome,
    PayoutEnquiry,
    PayoutReply,
    PayoutRequest,
    PayoutSender,
)
from integrations.daraja.acknowledgement import Acknowledgement
from integrations.daraja.b2c import PayoutOrder, PayoutResult, pay_out
from integrations.daraja.balance import ask_balance
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Reason
from integrations.daraja.status import StatusQuestion, StatusResult, ask_status

_log = structlog.get_logger(__name__)

_REMARKS: Final = MappingProxyType(
    {PayoutPurpose.WITHDRAWAL: "Withdrawal from savings", PayoutPurpose.LOAN: "Loan"}
)

_OUTCOMES: Final = MappingProxyType(
    {Heardly.PAID: Outcome.PAID, Heardly.NOT_PAID: Outcome.NOT_PAID, Heardly.PENDING: Outcome.PENDING}
)

_FAULTS: Final = MappingProxyType(
    {
        Reason.FLOAT_LOW: Fault.FLOAT,
        Reason.OPERATOR: Fault.SETUP,
        Reason.OPERATOR_LOCKED: Fault.SETUP,
        Reason.CONFIGURATION: Fault.SETUP,
        Reason.BUSY: Fault.BUSY,
        Reason.ACCESS: Fault.BUSY,
        Reason.PROVIDER_DOWN: Fault.BUSY,
    }
)

_PAYEE: Final = "partyb"
_DECLINED: Final = "declined"


class DarajaPayoutSender(PayoutSender):
    """Pays phones out of one shortcode."""

    def __init__(self, client: DarajaClient) -> None:
        self._client = client

    async def send(self, request: PayoutRequest) -> PayoutReply:
        said = await pay_out(
            self._client,
            PayoutOrder(
                payout_id=request.reference,
                originator_conversation_id=request.reference,
                phone=request.phone,
                amount=request.amount,
                remarks=_REMARKS[request.purpose],
            ),
        )
        if said.verdict is not SendVerdict.ACCEPTED:
            _log.warning("payout not taken", reference=request.reference, code=said.code, text=said.text)
        return PayoutReply(
            said.verdict,
            provider_request_id=said.conversation_id or None,
            reason=said.reason or "",
            fault=_fault_of_refusal(said),
        )


class DarajaPayoutEnquiry(PayoutEnquiry):
    """Asks what became of payouts, by the number under which they were sent."""

    def __init__(self, client: DarajaClient) -> None:
        self._client = client

    async def ask(self, reference: str) -> bool:
        question = StatusQuestion(payment_id=reference, originator_conversation_id=reference)
        said = await ask_status(self._client, question)
        return said.verdict is SendVerdict.ACCEPTED


class DarajaFloatEnquiry(FloatEnquiry):
    """Asks what the accounts of the shortcode hold."""

    def __init__(self, client: DarajaClient) -> None:
        self._client = client

    async def ask(self, reference: str) -> bool:
        said = await ask_balance(self._client, reference)
        return said.verdict is SendVerdict.ACCEPTED


def heard_of_payout(reference: str, result: PayoutResult) -> Heard:
    """A result as a word about the attempt sent under this reference."""
    return Heard(
        source=FactSource.RESULT,
        outcome=_OUTCOMES[result.outcome],
        attempt=attempt_of(reference)[1],
        result_code=result.result_code,
        result_text=result.text,
        reason=result.reason,
        fault=_FAULTS.get(result.reason, Fault.MEMBER),
        receipt=result.receipt,
        amount=result.amount,
        provider_request_id=result.conversation_id or None,
    )


def heard_of_status(reference: str, result: StatusResult) -> Heard:
    """The answer to a question as a word about the attempt. One that says nothing final is PENDING."""
    return Heard(
        source=FactSource.STATUS,
        outcome=_OUTCOMES[result.outcome],
        attempt=attempt_of(reference)[1],
        result_code=result.result_code,
        result_text=result.status or result.text,
        # Its own words for it are a payer's, such as "cancelled"; the member had no hand in this.
        reason=_DECLINED if result.outcome is Heardly.NOT_PAID else result.reason.value,
        receipt=result.receipt,
        amount=result.amount,
        provider_request_id=result.conversation_id or None,
    )


def heard_timeout(reference: str) -> Heard:
    """The provider's queue gave up on the attempt, which says nothing about the money."""
    return Heard(FactSource.TIMEOUT, Outcome.PENDING, attempt_of(reference)[1], reason=Reason.PROCESSING)


def _fault_of_refusal(said: Acknowledgement) -> Fault:
    """A request that Daraja finds faulty is the member's only where it names the payee, or was never sent."""
    if said.reason is Reason.INVALID_REQUEST:
        is_theirs = not said.code or _PAYEE in said.text.lower()
        return Fault.MEMBER if is_theirs else Fault.SETUP
    return _FAULTS.get(said.reason, Fault.MEMBER) if said.reason is not None else Fault.MEMBER
