"""How is a till's owner asked to pay our paybill? B2B Express: a prompt on the owner's handset, told later.

A prompt is sent once: the owner who got two might pay twice. Wire format: Daraja 3.0 portal, page B2B Express
CheckOut; its keys begin in lower case.
"""

import msgspec

from core.money import Money
from core.payments.ports import Outcome, SendVerdict
from integrations.daraja.acknowledgement import Acknowledgement, refused, sent
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Api, Reason, meaning_of
from integrations.daraja.figures import amount_in, whole_shillings
from integrations.daraja.results import MalformedResultError, receipt_in
from integrations.daraja.settings import callback_url
from integrations.daraja.wire import Body
from integrations.reading import UnreadableBodyError, code, field, object_or_empty, read_object, words

PATH = "/v1/ussdpush/get-msisdn"


class TillPromptBody(Body, frozen=True, kw_only=True, rename="camel"):
    """The request as it travels."""

    primary_short_code: str
    receiver_short_code: str
    amount: str
    payment_ref: str
    callback_url: str
    partner_name: str
    request_ref_id: str = msgspec.field(name="RequestRefID")


class TillPayment(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner did. One that is PAID always has its receipt and amount."""

    request_id: str
    outcome: Outcome
    reason: Reason
    result_code: str
    text: str
    amount: Money | None = None
    receipt: str | None = None
    reference: str = ""


async def prompt_till(
    client: DarajaClient, *, request_id: str, till: str, amount: Money, reference: str, partner: str
) -> Acknowledgement:
    """Ask the till's owner once; the outcome comes to `till/result/{request_id}`."""
    shillings = whole_shillings(amount)
    if shillings is None:
        return refused(Reason.INVALID_REQUEST, "amount")
    body = TillPromptBody(
        primary_short_code=till,
        receiver_short_code=client.settings.shortcode,
        amount=str(shillings),
        payment_ref=reference,
        callback_url=callback_url(client.settings, "till/result", request_id),
        partner_name=partner,
        request_ref_id=request_id,
    )
    return await sent(client, Api.B2B_EXPRESS, PATH, body, read_till_answer)


def read_till_answer(body: bytes) -> Acknowledgement:
    """What is answered at once: a code, and no handle but ours."""
    answer = object_or_empty(body)
    said, text = code(field(answer, "code")), words(field(answer, "status"))
    if said == "0":
        return Acknowledgement(verdict=SendVerdict.ACCEPTED, code=said, text=text)
    reason = Reason.UNKNOWN if said else Reason.UNREADABLE
    return Acknowledgement(verdict=SendVerdict.UNKNOWN, reason=reason, code=said, text=text)


def read_till_payment(body: bytes) -> TillPayment:
    """What the callback says. Raises MalformedResultError."""
    try:
        told = read_object(body)
    except UnreadableBodyError as error:
        raise MalformedResultError("body") from error
    result_code = code(field(told, "resultCode"))
    request_id = words(field(told, "requestId"))
    if not result_code:
        raise MalformedResultError("resultCode")
    if not request_id:
        raise MalformedResultError("requestId")
    meaning = meaning_of(result_code, Api.B2B_EXPRESS)
    amount, receipt = amount_in(field(told, "amount")), receipt_in(field(told, "transactionId"))
    if meaning.outcome is Outcome.PAID and not amount:
        raise MalformedResultError("amount")
    if meaning.outcome is Outcome.PAID and receipt is None:
        raise MalformedResultError("transactionId")
    return TillPayment(
        request_id=request_id,
        outcome=meaning.outcome,
        reason=meaning.reason,
        result_code=result_code,
        text=words(field(told, "resultDesc")),
        amount=amount,
        receipt=receipt,
        reference=words(field(told, "paymentReference")),
    )
