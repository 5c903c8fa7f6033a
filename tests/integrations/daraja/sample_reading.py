"""With what are the samples read, and what do the people and requests in them have in common?"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.clock import NAIROBI
from core.payments.ports import Enquiry, Outcome, SendVerdict
from core.payments.receipt import PaybillReceipt
from integrations.daraja import (
    acknowledgement,
    b2c,
    collect,
    enquiry,
    reversal,
    token,
)
from integrations.daraja.acknowledgement import Acknowledgement
from integrations.daraja.c2b_calls import read_paybill_call
from integrations.daraja.codes import Api, Reason
from integrations.http import Answer

HANDLE = "ws_CO_201120261015311700000101"
OURS = "b2c-5f0d2a1e-7c41-5b0e-9a55-0d2f6b1c9e77"
THEIRS = "AG_20261120_2010364430d9bbda0001"
QUESTION = "1236-7134259-1"
NOW = datetime(2026, 11, 20, 10, 15, 31, tzinfo=NAIROBI)


def at(hour: int, minute: int, second: int) -> datetime:
    return datetime(2026, 11, 20, hour, minute, second, tzinfo=NAIROBI)


Reader = Callable[[bytes], object]


def answered(status_code: int, api: Api) -> Reader:
    """How an answer of this status to a request is read."""
    return lambda body: acknowledgement._read(Answer(status_code, body), api, acknowledgement._taken)


def pushed(status_code: int) -> Reader:
    return lambda body: collect._reply(Answer(status_code, body))


def queried(status_code: int) -> Reader:
    return lambda body: enquiry._heard(HANDLE, Answer(status_code, body))


def tokened(status_code: int) -> Reader:
    def read(body: bytes) -> object:
        try:
            return token._token_in(Answer(status_code, body), NOW)
        except token.TokenError as error:
            return f"{type(error).__name__}: {error}"

    return read


def parsed(read: Callable[[dict[str, object]], object]) -> Reader:
    return lambda body: read(json.loads(body))


def stk(outcome: Outcome, reason: Reason, code: str, text: str, **more: Any) -> Enquiry:
    return Enquiry(outcome, code, text, reason, provider_request_id=HANDLE, **more)


def not_paid_out(code: str, reason: Reason, text: str) -> b2c.PayoutResult:
    return b2c.PayoutResult(
        originator_conversation_id=OURS,
        conversation_id=THEIRS,
        outcome=Outcome.NOT_PAID,
        reason=reason,
        result_code=code,
        text=text,
    )


def accepted(originator: str, conversation: str = "", text: str | None = None) -> Acknowledgement:
    return Acknowledgement(
        verdict=SendVerdict.ACCEPTED,
        conversation_id=conversation,
        originator_conversation_id=originator,
        code="0",
        text="Accept the service request successfully." if text is None else text,
    )


def not_reversed(code: str, reason: Reason, text: str) -> reversal.ReversalResult:
    return reversal.ReversalResult(
        request_id=OURS,
        conversation_id=THEIRS,
        outcome=Outcome.NOT_PAID,
        reason=reason,
        result_code=code,
        text=text,
    )


def paybill_call(body: bytes) -> PaybillReceipt:
    return read_paybill_call(body, shortcode="600984", now=at(12, 0, 0))


PROCESSED = "The service request is processed successfully."
