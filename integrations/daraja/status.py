"""What became of a transaction? Asked by our own number or by its receipt; told later, to a ResultURL.

The question may be repeated: it moves nothing. It may be lost as any other request, so who asks counts its tries.
Wire format: Daraja 3.0 portal, page Transaction Status.
"""

import re
from datetime import datetime
from typing import Final

import msgspec

from core.money import Money
from core.payments.ports import Outcome
from integrations.daraja.acknowledgement import Acknowledgement, acknowledged, operator_of, refused
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Api, Reason
from integrations.daraja.figures import amount_in
from integrations.daraja.results import MalformedResultError, Told, read_told
from integrations.daraja.settings import callback_url
from integrations.daraja.wire import OperatorBody

PATH = "/mpesa/transactionstatus/v1/query"

_SHORTCODE: Final = "4"
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_REMARKS: Final = "status"

OUTCOMES = {
    "completed": Outcome.PAID,
    "cancelled": Outcome.NOT_PAID,
    "declined": Outcome.NOT_PAID,
    "expired": Outcome.NOT_PAID,
}
"""Words of TransactionStatus that are final. All others, `Initiated` and `Authorized` above all, are not."""


class StatusQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """About one transaction of ours: by one of its two numbers, or by both."""

    payment_id: str
    """Ours; it stands at the end of the URLs that are called back."""
    originator_conversation_id: str = ""
    """The number under which we sent it."""
    receipt: str = ""


class StatusBody(OperatorBody, frozen=True, kw_only=True):
    """The question as it travels. The page's own sample writes two keys with a space; its table does not."""

    initiator: str
    command_id: str
    party_a: str
    identifier_type: str
    transaction_id: str = ""
    original_conversation_id: str = ""
    occasion: str = ""


class StatusResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answer. PAID always has a receipt and an amount."""

    question_id: str
    """The conversation of the question itself."""
    is_answered: bool
    """False where M-Pesa could not answer: then nothing is known about the transaction, however the code sounds."""
    outcome: Outcome
    """What became of the transaction; PENDING unless M-Pesa named a final state."""
    reason: Reason
    result_code: str
    text: str
    status: str = ""
    """M-Pesa's word for the transaction's state."""
    originator_conversation_id: str = ""
    """The transaction's own, not the question's."""
    conversation_id: str = ""
    receipt: str | None = None
    amount: Money | None = None
    charge: Money | None = None
    debit_party: str = ""
    credit_party: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None


async def ask_status(client: DarajaClient, question: StatusQuestion) -> Acknowledgement:
    """Ask; the answer comes to `status/result`. Moves nothing, so a lost question is simply asked again."""
    known = [each for each in (question.originator_conversation_id, question.receipt) if each]
    if not known or not all(_REFERENCE.fullmatch(each) for each in known):
        return refused(Reason.INVALID_REQUEST, "originator_conversation_id")
    operator = operator_of(client)
    if operator is None:
        return refused(Reason.OPERATOR)
    name, credential = operator
    settings = client.settings
    body = StatusBody(
        initiator=name,
        security_credential=credential,
        command_id="TransactionStatusQuery",
        transaction_id=question.receipt,
        original_conversation_id=question.originator_conversation_id,
        party_a=settings.pays_from,
        identifier_type=_SHORTCODE,
        remarks=_REMARKS,
        occasion=_REMARKS,
        queue_time_out_url=callback_url(settings, "status/timeout", question.payment_id),
        result_url=callback_url(settings, "status/result", question.payment_id),
    )
    return await acknowledged(client, Api.STATUS, PATH, body)


def read_status_result(body: bytes) -> StatusResult:
    """What a ResultURL was told in answer. Raises MalformedResultError."""
    told = read_told(body)
    if told.result_code != "0":
        reason = told.meaning(Api.STATUS).reason
        return _answer(told, is_answered=False, outcome=Outcome.PENDING, reason=reason)
    status = told.text_of("TransactionStatus")
    outcome = OUTCOMES.get(status.lower(), Outcome.PENDING)
    answer = msgspec.structs.replace(
        _answer(told, is_answered=True, outcome=outcome, reason=_reason(status, outcome)),
        status=status,
        originator_conversation_id=told.text_of("OriginatorConversationID"),
        conversation_id=told.text_of("ConversationID"),
        receipt=told.receipt("ReceiptNo"),
        amount=told.amount("Amount"),
        charge=_charge(told.text_of("DebitPartyCharges")),
        debit_party=told.text_of("DebitPartyName"),
        # Both parties come under one name; the second is the one who got the money.
        credit_party=told.text_of("CreditPartyName") or told.text_of("DebitPartyName", 1),
        started_at=told.moment("InitiatedTime"),
        finished_at=told.moment("FinalisedTime"),
    )
    if outcome is Outcome.PAID and answer.receipt is None:
        raise MalformedResultError("ReceiptNo")
    if outcome is Outcome.PAID and not answer.amount:
        raise MalformedResultError("Amount")
    return answer


def _answer(told: Told, *, is_answered: bool, outcome: Outcome, reason: Reason) -> StatusResult:
    return StatusResult(
        question_id=told.originator_conversation_id,
        is_answered=is_answered,
        outcome=outcome,
        reason=reason,
        result_code=told.result_code,
        text=told.text,
    )


def _reason(status: str, outcome: Outcome) -> Reason:
    if outcome is Outcome.PAID:
        return Reason.PAID
    if outcome is Outcome.PENDING:
        return Reason.PROCESSING
    return Reason.EXPIRED if status.lower() == "expired" else Reason.CANCELLED


def _charge(text: str) -> Money | None:
    """The amount in `Fee For B2C Payment|KES|9.00`."""
    parts = text.split("|")
    return amount_in(parts[2]) if len(parts) > 2 and parts[1] == "KES" else None  # noqa: PLR2004 (name, currency, amount)
