"""How does a customer let M-Pesa pay us regularly? Ratiba: one prompt approves all payments of a term.

A prompt is sent once. Each payment later comes as any other payment to the paybill. No way to list or end standing
orders is published. Wire format: Daraja 3.0 portal, page M-Pesa Ratiba: keys begin in lower case where the callback
tells of success, and in capitals where it doesn't.
"""

import re
from datetime import date
from enum import Enum

import msgspec

from core.money import Money
from core.payments.ports import Outcome, SendVerdict
from core.phone import Msisdn
from integrations.daraja.acknowledgement import Acknowledgement, refused, sent
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Api, Reason, meaning_of
from integrations.daraja.figures import whole_shillings
from integrations.daraja.results import MalformedResultError, receipt_in
from integrations.daraja.settings import callback_url
from integrations.daraja.wire import Body
from integrations.reading import (
    UnreadableBodyError,
    code,
    field,
    listed,
    object_or_empty,
    read_object,
    words,
)

PATH = "/standingorder/v1/createStandingOrderExternal"

_REFERENCE = re.compile(r"[\x20-\x7e]{1,12}", re.ASCII)
_DESCRIPTION = re.compile(r"[\x20-\x7e]{1,13}", re.ASCII)
_NO_TRANSACTION = re.compile(r"0+", re.ASCII)


class Frequency(Enum):
    """How often it pays."""

    ONCE = "1"
    DAILY = "2"
    WEEKLY = "3"
    MONTHLY = "4"
    EVERY_TWO_MONTHS = "5"
    QUARTERLY = "6"
    HALF_YEARLY = "7"
    YEARLY = "8"


class StandingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer is asked to approve. `name` is unique for the customer."""

    order_id: str
    """Ours; it stands at the end of the URL that is called back."""
    name: str
    payer: Msisdn
    amount: Money
    first: date
    last: date
    frequency: Frequency
    reference: str
    """The account number, at most 12 characters."""
    description: str
    """At most 13 characters."""


class StandingOrderBody(Body, frozen=True, kw_only=True):
    """The request as it travels."""

    standing_order_name: str
    start_date: str
    end_date: str
    business_short_code: str
    transaction_type: str
    receiver_party_identifier_type: str
    amount: str
    party_a: str
    call_back_url: str
    account_reference: str
    transaction_desc: str
    frequency: Frequency


class StandingOrderWord(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer did. PAID means approved: no money has moved yet, but what the receipt tells of."""

    request_id: str
    outcome: Outcome
    reason: Reason
    result_code: str
    text: str
    receipt: str | None = None
    payer: str = ""
    """The payer's number, masked."""


async def ask_for_standing_order(client: DarajaClient, order: StandingOrder) -> Acknowledgement:
    """Prompt the customer once; the outcome comes to `standing-order/result/{order_id}`."""
    shillings = whole_shillings(order.amount)
    if shillings is None:
        return refused(Reason.INVALID_REQUEST, "amount")
    if not _REFERENCE.fullmatch(order.reference) or not _DESCRIPTION.fullmatch(order.description):
        return refused(Reason.INVALID_REQUEST, "reference or description")
    if not order.name.strip() or order.last < order.first:
        return refused(Reason.INVALID_REQUEST, "name or dates")
    settings = client.settings
    body = StandingOrderBody(
        standing_order_name=order.name,
        start_date=f"{order.first:%Y%m%d}",
        end_date=f"{order.last:%Y%m%d}",
        business_short_code=settings.shortcode,
        transaction_type="Standing Order Customer Pay Bill",
        receiver_party_identifier_type="4",
        amount=str(shillings),
        party_a=order.payer.digits,
        call_back_url=callback_url(settings, "standing-order/result", order.order_id),
        account_reference=order.reference,
        transaction_desc=order.description,
        frequency=order.frequency,
    )
    return await sent(client, Api.STANDING_ORDER, PATH, body, read_standing_order_answer)


def read_standing_order_answer(body: bytes) -> Acknowledgement:
    """What is answered at once: code 200 where the prompt is on its way."""
    header = field(object_or_empty(body), "ResponseHeader")
    said = code(field(header, "responseCode"))
    is_taken = said == "200"
    return Acknowledgement(
        verdict=SendVerdict.ACCEPTED if is_taken else SendVerdict.UNKNOWN,
        reason=None if is_taken else Reason.UNKNOWN if said else Reason.UNREADABLE,
        originator_conversation_id=words(field(header, "responseRefID")),
        code=said,
        text=words(field(header, "responseDescription")),
    )


def read_standing_order_word(body: bytes) -> StandingOrderWord:
    """What the callback says. Raises MalformedResultError."""
    try:
        told = read_object(body)
    except UnreadableBodyError as error:
        raise MalformedResultError("body") from error
    header = field(told, "responseHeader")
    result_code = code(field(header, "responseCode"))
    if not result_code:
        raise MalformedResultError("responseCode")
    items = listed(field(field(told, "responseBody"), "responseData"))
    named = {str(field(item, "name")).lower(): field(item, "value") for item in items}
    receipt = receipt_in(named.get("transactionid"))
    meaning = meaning_of(result_code, Api.STANDING_ORDER)
    is_approved = meaning.outcome is Outcome.PAID
    return StandingOrderWord(
        request_id=words(field(header, "requestRefID")),
        outcome=meaning.outcome,
        reason=meaning.reason,
        result_code=result_code,
        text=words(field(header, "responseDescription")),
        receipt=receipt if is_approved and receipt and not _NO_TRANSACTION.fullmatch(receipt) else None,
        payer=words(named.get("msisdn")),
    )
