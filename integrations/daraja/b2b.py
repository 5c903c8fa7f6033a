"""How do we pay a business, the tax office, or our own utility account? B2B; told later, to a ResultURL.

These requests carry no number of ours, so nothing protects them from being done twice: each is sent once, and after
an unknown outcome a person decides by the statement. Wire format: Daraja 3.0 portal, pages Business Pay Bill, B2C
Account Top Up and Tax Remittance.
"""

import re
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

import msgspec

from core.money import Money
from core.payments.ports import Outcome
from core.phone import Msisdn
from integrations.daraja.acknowledgement import Acknowledgement, acknowledged, operator_of, refused
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Api, Reason
from integrations.daraja.figures import whole_shillings
from integrations.daraja.results import MalformedResultError, read_told
from integrations.daraja.settings import callback_url
from integrations.daraja.wire import OperatorBody

PATH = "/mpesa/b2b/v1/paymentrequest"
TAX_PATH = "/mpesa/b2b/v1/remittax"

TAX_OFFICE = "572572"
"""The shortcode of the Kenya Revenue Authority."""

_SHORTCODE = "4"
_TILL = "2"
_PAYEE = re.compile(r"\d{5,7}", re.ASCII)
_REFERENCE = re.compile(r"[\x20-\x7e]{1,20}", re.ASCII)
_REMARKS = re.compile(r"[\x20-\x7e]{2,100}", re.ASCII)


class BusinessCommand(StrEnum):
    """What kind of payment it is."""

    PAY_BILL = "BusinessPayBill"
    """To a paybill, under an account number there."""

    BUY_GOODS = "BusinessBuyGoods"
    """To a till."""

    TOP_UP = "BusinessPayToBulk"
    """From our working account to the utility account of a shortcode that payouts are made from."""

    TRANSFER = "BusinessTransferFromMMFToUtility"
    """From our working account to our own utility account; for shortcodes that Safaricom allowed it to."""

    TAX = "PayTaxToKRA"
    """To the tax office, under a payment registration number."""


# To a till the receiver is another kind of party.
_RECEIVER = MappingProxyType({BusinessCommand.BUY_GOODS: _TILL})


class BusinessOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One payment from our working account."""

    order_id: str
    """Ours; it stands at the end of the URLs that are called back."""
    command: BusinessCommand
    payee: str
    """A shortcode or till."""
    amount: Money
    reference: str
    """The account number there, at most 20 characters."""
    remarks: str
    on_behalf_of: Msisdn | None = None


class BusinessBody(OperatorBody, frozen=True, kw_only=True):
    """The request as it travels."""

    initiator: str
    command_id: BusinessCommand
    sender_identifier_type: str
    # So spelt.
    receiver_identifier_type: str = msgspec.field(name="RecieverIdentifierType")
    amount: str
    party_a: str
    party_b: str
    account_reference: str
    requester: str = ""


class BusinessResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it. One that is PAID always has its receipt and amount."""

    request_id: str
    conversation_id: str
    outcome: Outcome
    reason: Reason
    result_code: str
    text: str
    receipt: str | None = None
    amount: Money | None = None
    payee: str = ""
    completed_at: datetime | None = None


async def pay_business(client: DarajaClient, order: BusinessOrder) -> Acknowledgement:
    """Ask once. After UNKNOWN never again without a person who has seen the statement."""
    if wrong := unsendable_field(order):
        return refused(Reason.INVALID_REQUEST, wrong)
    operator = operator_of(client)
    if operator is None:
        return refused(Reason.OPERATOR)
    name, credential = operator
    settings = client.settings
    body = BusinessBody(
        initiator=name,
        security_credential=credential,
        command_id=order.command,
        sender_identifier_type=_SHORTCODE,
        receiver_identifier_type=_RECEIVER.get(order.command, _SHORTCODE),
        amount=str(whole_shillings(order.amount)),
        party_a=settings.pays_from,
        party_b=order.payee,
        account_reference=order.reference,
        requester=order.on_behalf_of.digits if order.on_behalf_of else "",
        remarks=order.remarks,
        queue_time_out_url=callback_url(settings, "b2b/timeout", order.order_id),
        result_url=callback_url(settings, "b2b/result", order.order_id),
    )
    path = TAX_PATH if order.command is BusinessCommand.TAX else PATH
    return await acknowledged(client, Api.B2B, path, body)


def unsendable_field(order: BusinessOrder) -> str | None:
    """The first field that Daraja would refuse or take in another sense than ours; None for a good order."""
    if whole_shillings(order.amount) is None:
        return "amount"
    if not _PAYEE.fullmatch(order.payee) or (
        order.command is BusinessCommand.TAX and order.payee != TAX_OFFICE
    ):
        return "payee"
    if not _REFERENCE.fullmatch(order.reference):
        return "reference"
    return None if _REMARKS.fullmatch(order.remarks) else "remarks"


def read_business_result(body: bytes) -> BusinessResult:
    """What a ResultURL was told about a payment to a business. Raises MalformedResultError."""
    told = read_told(body)
    meaning = told.meaning(Api.B2B)
    result = BusinessResult(
        request_id=told.originator_conversation_id,
        conversation_id=told.conversation_id,
        outcome=meaning.outcome,
        reason=meaning.reason,
        result_code=told.result_code,
        text=told.text,
    )
    if meaning.outcome is not Outcome.PAID:
        return result
    amount = told.amount("Amount")
    if not told.transaction_id:
        raise MalformedResultError("TransactionID")
    if not amount:
        raise MalformedResultError("Amount")
    return msgspec.structs.replace(
        result,
        receipt=told.transaction_id,
        amount=amount,
        payee=told.text_of("ReceiverPartyPublicName"),
        completed_at=told.moment("TransCompletedTime"),
    )
