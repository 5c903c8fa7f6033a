"""How do we ask a payer's phone for money? M-Pesa Express ("STK push"), once per payment.

Wire format: Daraja 3.0 portal, page M-Pesa Express Simulate.
"""

import re
from http import HTTPStatus

import structlog

from core.money import Currency
from core.payments.ports import CollectionReply, CollectionRequest, PaymentCollector, SendVerdict
from integrations.daraja.client import DarajaClient, error_code, error_message, is_invalid_token
from integrations.daraja.codes import Api, Reason
from integrations.daraja.request_errors import request_error
from integrations.daraja.settings import callback_url
from integrations.daraja.token import TokenRefusedError
from integrations.daraja.wire import PromptBody
from integrations.http import Answer, NoAnswer, NotSent, Result
from integrations.reading import code, field, object_or_empty

PUSH_PATH = "/mpesa/stkpush/v1/processrequest"

_REFERENCE = re.compile(r"[\x20-\x7e]{1,12}", re.ASCII)
_DESCRIPTION = re.compile(r"[\x20-\x7e]{1,13}", re.ASCII)
_PAYER = re.compile(r"254[17]\d{8}", re.ASCII)
_HANDLE = re.compile(r"[\x21-\x7e]{1,100}", re.ASCII)

_log = structlog.get_logger(__name__)


class PushBody(PromptBody, frozen=True, kw_only=True):
    """The request as it travels."""

    transaction_type: str
    amount: int
    party_a: str
    party_b: str
    phone_number: str
    call_back_url: str
    account_reference: str
    transaction_desc: str


class DarajaCollector(PaymentCollector):
    """Prompts phones through one paybill."""

    def __init__(self, client: DarajaClient) -> None:
        self._client = client

    async def collect(self, request: CollectionRequest) -> CollectionReply:
        wrong = _unsendable_field(request)
        if wrong is not None:
            _log.error("prompt not sent", payment=request.payment_id, field=wrong)
            return CollectionReply(SendVerdict.REFUSED, reason=Reason.INVALID_REQUEST)
        try:
            result = await self._client.post(PUSH_PATH, self._body(request).fields())
        except TokenRefusedError as error:
            _log.error("daraja refuses our key", error=str(error))
            return CollectionReply(SendVerdict.REFUSED, reason=Reason.CONFIGURATION)
        return _reply(result)

    def _body(self, request: CollectionRequest) -> PushBody:
        settings = self._client.settings
        who = self._client.identification()
        return PushBody(
            **who._asdict(),
            transaction_type="CustomerPayBillOnline",
            amount=request.amount.minor // request.amount.currency.minor_per_major,
            party_a=request.phone.digits,
            party_b=settings.shortcode,
            phone_number=request.phone.digits,
            call_back_url=callback_url(settings, "stk", request.payment_id),
            account_reference=request.account_reference,
            transaction_desc=request.description,
        )


def _unsendable_field(request: CollectionRequest) -> str | None:
    """The first field Daraja would refuse or, worse, take in another sense than ours."""
    shillings, cents = divmod(request.amount.minor, Currency.KES.minor_per_major)
    if request.amount.currency is not Currency.KES or cents or shillings < 1:
        return "amount"
    if not _REFERENCE.fullmatch(request.account_reference):
        return "account_reference"
    if not _DESCRIPTION.fullmatch(request.description):
        return "description"
    return None if _PAYER.fullmatch(request.phone.digits) else "phone"


def _reply(result: Result) -> CollectionReply:
    match result:
        case NotSent():
            return CollectionReply(SendVerdict.BUSY, reason=Reason.PROVIDER_DOWN)
        case NoAnswer():
            return CollectionReply(SendVerdict.UNKNOWN, reason=Reason.NO_ANSWER)
        case Answer(status=HTTPStatus.OK):
            return _accepted(result)
        case Answer(status=HTTPStatus.TOO_MANY_REQUESTS):
            return CollectionReply(SendVerdict.BUSY, reason=Reason.BUSY)
    if is_invalid_token(result):
        # The client renewed it once already. Nothing was done, and a later try may find a good one.
        return CollectionReply(SendVerdict.BUSY, reason=Reason.ACCESS)
    verdict, reason = request_error(error_code(result), error_message(result), Api.EXPRESS)
    return CollectionReply(verdict, reason=reason)


def _accepted(answer: Answer) -> CollectionReply:
    """A 200 means a prompt only with ResponseCode 0 and a handle; else we can't know."""
    body = object_or_empty(answer.body)
    handle = field(body, "CheckoutRequestID")
    if not isinstance(handle, str) or not _HANDLE.fullmatch(handle):
        return CollectionReply(SendVerdict.UNKNOWN, reason=Reason.UNREADABLE)
    if code(field(body, "ResponseCode")) != "0":
        return CollectionReply(SendVerdict.UNKNOWN, provider_request_id=handle, reason=Reason.UNKNOWN)
    return CollectionReply(SendVerdict.ACCEPTED, provider_request_id=handle)
