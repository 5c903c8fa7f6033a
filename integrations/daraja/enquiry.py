"""What became of a prompt? We ask Daraja's STK query.

Its answer has no receipt, amount or phone: "0" proves that the money moved and gives nothing to reconcile on.
Wire format: Daraja 3.0 portal, page M-Pesa Express Query.
"""

from http import HTTPStatus

import structlog

from core.payments.ports import Enquiry, Outcome, PaymentEnquiry
from integrations.daraja.client import DarajaClient, error_code, error_message
from integrations.daraja.codes import Reason, meaning_of
from integrations.daraja.token import TokenRefusedError
from integrations.daraja.wire import PromptBody
from integrations.http import Answer, NoAnswer, NotSent, Result
from integrations.reading import code, field, object_or_empty, words

QUERY_PATH = "/mpesa/stkpushquery/v1/query"

_log = structlog.get_logger(__name__)


class QueryBody(PromptBody, frozen=True, kw_only=True):
    """The request as it travels."""

    checkout_request_id: str


class DarajaEnquiry(PaymentEnquiry):
    """Asks about prompts of one paybill."""

    def __init__(self, client: DarajaClient) -> None:
        self._client = client

    async def enquire(self, provider_request_id: str) -> Enquiry:
        who = self._client.identification()
        body = QueryBody(**who._asdict(), checkout_request_id=provider_request_id)
        try:
            result = await self._client.post(QUERY_PATH, body.fields())
        except TokenRefusedError as error:
            _log.error("daraja refuses our key", error=str(error))
            return _pending(provider_request_id, Reason.CONFIGURATION)
        return _heard(provider_request_id, result)


def _pending(handle: str, reason: Reason, *, result_code: str = "", text: str = "") -> Enquiry:
    return Enquiry(Outcome.PENDING, result_code, text, reason, provider_request_id=handle)


def _heard(handle: str, result: Result) -> Enquiry:
    """Only a 200 with a result code about our own handle can be final: "being processed" may come as a 500."""
    match result:
        case NotSent():
            return _pending(handle, Reason.PROVIDER_DOWN)
        case NoAnswer():
            return _pending(handle, Reason.NO_ANSWER)
        case Answer(status=HTTPStatus.OK):
            return _result(handle, result)
    text = error_message(result)
    reason = Reason.PROCESSING if "being processed" in text.lower() else Reason.UNKNOWN
    return _pending(handle, reason, result_code=error_code(result), text=text)


def _result(handle: str, answer: Answer) -> Enquiry:
    body = object_or_empty(answer.body)
    result_code = code(field(body, "ResultCode"))
    if not result_code or field(body, "CheckoutRequestID") not in {None, handle}:
        return _pending(handle, Reason.UNREADABLE)
    meaning = meaning_of(result_code)
    text = words(field(body, "ResultDesc"))
    return Enquiry(meaning.outcome, result_code, text, meaning.reason, provider_request_id=handle)
