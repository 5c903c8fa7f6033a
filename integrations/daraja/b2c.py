"""How is money sent to a customer's phone? B2C, under a number of ours that Daraja takes once only.

A request is never repeated here: a duplicate is refused by Daraja, and an unknown outcome is asked for by
`status.py`. Wire format: Daraja 3.0 portal, page Business To Customer (v3).
"""

import re
from datetime import datetime
from enum import StrEnum

import msgspec

from core.money import Money
from core.payments.ports import Outcome, SendVerdict
from core.phone import Msisdn
from integrations.daraja.acknowledgement import Acknowledgement, acknowledged, operator_of, refused
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Api, Reason
from integrations.daraja.figures import balance_in, whole_shillings
from integrations.daraja.results import MalformedResultError, Told, read_told
from integrations.daraja.settings import callback_url
from integrations.daraja.wire import OperatorBody

PATH = "/mpesa/b2c/v3/paymentrequest"

SHILLINGS_MIN = 10
SHILLINGS_MAX = 250_000
"""The portal's limits of one payout."""

_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_REMARKS = re.compile(r"[\x20-\x7e]{2,100}", re.ASCII)
_OCCASION = re.compile(r"[\x20-\x7e]{0,100}", re.ASCII)
_PAYEE = re.compile(r"254[17]\d{8}", re.ASCII)
_REGISTERED = {"Y": True, "N": False}


class PayoutCommand(StrEnum):
    """What kind of payout the payee's SMS calls it."""

    BUSINESS = "BusinessPayment"
    SALARY = "SalaryPayment"
    PROMOTION = "PromotionPayment"


class PayoutOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One payout to one phone. `amount` is 10 to 250,000 whole shillings, `remarks` 2 to 100 characters."""

    payout_id: str
    """Ours; it stands at the end of the URLs that are called back."""
    originator_conversation_id: str
    """Unique per payout and saved before sending. Letters, digits, `-` and `_`, at most 128."""
    phone: Msisdn
    amount: Money
    remarks: str
    occasion: str = ""
    command: PayoutCommand = PayoutCommand.BUSINESS


class PayoutBody(OperatorBody, frozen=True, kw_only=True):
    """The request as it travels."""

    originator_conversation_id: str
    initiator_name: str
    command_id: PayoutCommand
    amount: int
    party_a: str
    party_b: str
    occasion: str = msgspec.field(default="", name="Occassion")


class PayoutResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a payout. One that is PAID always has its receipt and amount."""

    originator_conversation_id: str
    conversation_id: str
    outcome: Outcome
    reason: Reason
    result_code: str
    text: str
    """Daraja's own words, for staff."""
    receipt: str | None = None
    amount: Money | None = None
    completed_at: datetime | None = None
    payee: str = ""
    """Number and name as registered: `254... - NAME`."""
    is_registered: bool | None = None
    utility_funds: Money | None = None
    """What the account that payouts are taken from holds afterwards."""
    working_funds: Money | None = None
    charges: Money | None = None
    """What the charges account stands at; less than nothing."""


async def pay_out(client: DarajaClient, order: PayoutOrder) -> Acknowledgement:
    """Ask once. REFUSED and BUSY: surely nothing was done. ACCEPTED and UNKNOWN: never send it again.

    ACCEPTED for the reason `duplicate` tells that Daraja had it already: ask for its status.
    """
    if wrong := unsendable_field(order):
        return refused(Reason.INVALID_REQUEST, wrong)
    body = _body(client, order)
    if body is None:
        return refused(Reason.OPERATOR)
    answer = await acknowledged(client, Api.B2C, PATH, body)
    echoed = answer.originator_conversation_id
    if answer.verdict is SendVerdict.ACCEPTED and echoed not in {"", order.originator_conversation_id}:
        # Taken, but under a number that is not ours: we could not tell its result from another's.
        return msgspec.structs.replace(answer, verdict=SendVerdict.UNKNOWN, reason=Reason.UNREADABLE)
    return answer


def unsendable_field(order: PayoutOrder) -> str | None:
    """The first field that Daraja would refuse or take in another sense than ours; None for a good order."""
    shillings = whole_shillings(order.amount)
    if shillings is None or not SHILLINGS_MIN <= shillings <= SHILLINGS_MAX:
        return "amount"
    checks = {
        "originator_conversation_id": _REFERENCE.fullmatch(order.originator_conversation_id),
        "phone": _PAYEE.fullmatch(order.phone.digits),
        "remarks": _REMARKS.fullmatch(order.remarks),
        "occasion": _OCCASION.fullmatch(order.occasion),
    }
    return next((name for name, fits in checks.items() if fits is None), None)


def read_payout_result(body: bytes) -> PayoutResult:
    """What a ResultURL was told about a payout. Raises MalformedResultError."""
    told = read_told(body)
    meaning = told.meaning(Api.B2C)
    if meaning.outcome is not Outcome.PAID:
        return _result(told, meaning.outcome, meaning.reason)
    receipt = told.receipt("TransactionReceipt") or told.transaction_id or None
    amount = told.amount("TransactionAmount")
    if receipt is None:
        raise MalformedResultError("TransactionReceipt")
    if not amount:
        raise MalformedResultError("TransactionAmount")
    return msgspec.structs.replace(
        _result(told, meaning.outcome, meaning.reason),
        receipt=receipt,
        amount=amount,
        completed_at=told.moment("TransactionCompletedDateTime"),
        payee=told.text_of("ReceiverPartyPublicName"),
        is_registered=_REGISTERED.get(told.text_of("B2CRecipientIsRegisteredCustomer")),
        utility_funds=balance_in(told.value("B2CUtilityAccountAvailableFunds")),
        working_funds=balance_in(told.value("B2CWorkingAccountAvailableFunds")),
        charges=balance_in(told.value("B2CChargesPaidAccountAvailableFunds")),
    )


def _result(told: Told, outcome: Outcome, reason: Reason) -> PayoutResult:
    return PayoutResult(
        originator_conversation_id=told.originator_conversation_id,
        conversation_id=told.conversation_id,
        outcome=outcome,
        reason=reason,
        result_code=told.result_code,
        text=told.text,
    )


def _body(client: DarajaClient, order: PayoutOrder) -> PayoutBody | None:
    operator = operator_of(client)
    if operator is None:
        return None
    name, credential = operator
    settings = client.settings
    return PayoutBody(
        originator_conversation_id=order.originator_conversation_id,
        initiator_name=name,
        security_credential=credential,
        command_id=order.command,
        amount=order.amount.minor // order.amount.currency.minor_per_major,
        party_a=settings.pays_from,
        party_b=order.phone.digits,
        remarks=order.remarks,
        occasion=order.occasion,
        queue_time_out_url=callback_url(settings, "b2c/timeout", order.payout_id),
        result_url=callback_url(settings, "b2c/result", order.payout_id),
    )
