"""How is a customer's payment given back? By its receipt, whole; told later, to a ResultURL.

The request carries no number of ours, so it is sent once. M-Pesa gives a payment back once only (R000001), which
makes a second request by a person harmless. Payouts can't be given back here. Wire format: Daraja 3.0 portal, page
Reversal.
"""

import re
from datetime import datetime

import msgspec

from core.money import Money
from core.payments.ports import Outcome
from integrations.daraja.acknowledgement import Acknowledgement, acknowledged, operator_of, refused
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Api, Reason
from integrations.daraja.figures import whole_shillings
from integrations.daraja.results import MalformedResultError, read_told
from integrations.daraja.settings import callback_url
from integrations.daraja.wire import OperatorBody

PATH = "/mpesa/reversal/v1/request"

_RECEIPT = re.compile(r"[A-Za-z0-9]{1,40}", re.ASCII)
_REMARKS = re.compile(r"[\x20-\x7e]{2,100}", re.ASCII)
_OUR_SHORTCODE = "11"


class ReversalOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One payment to give back; `remarks` has 2 to 100 characters."""

    reversal_id: str
    """Ours; it stands at the end of the URLs that are called back."""
    receipt: str
    amount: Money
    remarks: str


class ReversalBody(OperatorBody, frozen=True, kw_only=True):
    """The request as it travels."""

    initiator: str
    command_id: str
    transaction_id: str
    amount: str
    receiver_party: str
    # So spelt.
    receiver_identifier_type: str = msgspec.field(name="RecieverIdentifierType")


class ReversalResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it. One that is PAID (given back) always has its own receipt and the original's."""

    request_id: str
    conversation_id: str
    outcome: Outcome
    reason: Reason
    result_code: str
    text: str
    receipt: str | None = None
    original_receipt: str | None = None
    amount: Money | None = None
    charge: Money | None = None
    completed_at: datetime | None = None
    credit_party: str = ""


async def reverse(client: DarajaClient, order: ReversalOrder) -> Acknowledgement:
    """Ask once. After UNKNOWN, ask for the original's status before anything else."""
    shillings = whole_shillings(order.amount)
    if shillings is None:
        return refused(Reason.INVALID_REQUEST, "amount")
    if not _RECEIPT.fullmatch(order.receipt) or not _REMARKS.fullmatch(order.remarks):
        return refused(Reason.INVALID_REQUEST, "receipt or remarks")
    operator = operator_of(client)
    if operator is None:
        return refused(Reason.OPERATOR)
    name, credential = operator
    settings = client.settings
    body = ReversalBody(
        initiator=name,
        security_credential=credential,
        command_id="TransactionReversal",
        transaction_id=order.receipt,
        amount=str(shillings),
        receiver_party=settings.shortcode,
        receiver_identifier_type=_OUR_SHORTCODE,
        remarks=order.remarks,
        queue_time_out_url=callback_url(settings, "reversal/timeout", order.reversal_id),
        result_url=callback_url(settings, "reversal/result", order.reversal_id),
    )
    return await acknowledged(client, Api.REVERSAL, PATH, body)


def read_reversal_result(body: bytes) -> ReversalResult:
    """What a ResultURL was told about a reversal. Raises MalformedResultError."""
    told = read_told(body)
    meaning = told.meaning(Api.REVERSAL)
    result = ReversalResult(
        request_id=told.originator_conversation_id,
        conversation_id=told.conversation_id,
        outcome=meaning.outcome,
        reason=meaning.reason,
        result_code=told.result_code,
        text=told.text,
    )
    if meaning.outcome is not Outcome.PAID:
        return result
    original, amount = told.receipt("OriginalTransactionID"), told.amount("Amount")
    for name, value in {
        "OriginalTransactionID": original,
        "TransactionID": told.transaction_id,
        "Amount": amount,
    }.items():
        if not value:
            raise MalformedResultError(name)
    return msgspec.structs.replace(
        result,
        receipt=told.transaction_id,
        original_receipt=original,
        amount=amount,
        charge=told.amount("Charge"),
        completed_at=told.moment("TransCompletedTime"),
        credit_party=told.text_of("CreditPartyPublicName"),
    )
