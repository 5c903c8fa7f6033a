"""How does Daraja word a result? One envelope for payouts, questions, B2B and reversals, not quite the same in each."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from core.clock import NAIROBI
from core.money import Money
from integrations.sandbox.events import RequestTaken

NO_TRANSACTION = "0000000000"
"""What stands for a transaction where none was made: shaped like one, ending in zeros."""

_QUEUE_URL = "https://internalapi.safaricom.co.ke/mpesa/b2cresults/v1/submit"

_TEXTS: Mapping[str, str] = {
    "0": "The service request is processed successfully.",
    "1": "The balance is insufficient for the transaction.",
    "2": "Declined due to limit rule: less than the minimum transaction amount.",
    "3": "Declined due to limit rule: greater than the maximum transaction amount.",
    "8": "Declined due to limit rule: would exceed the maximum balance.",
    "2001": "The initiator information is invalid.",
    "2040": "Credit Party customer type (Unregistered or Registered Customer) can't be supported by the service.",
    "8006": "The security credential is locked",
    "R000001": "The transaction has already been reversed",
    "R000002": "The OriginalTransactionID is invalid.",
    "100000005": "Invalid parameter value.",
}

Parameter = tuple[str, object]


def figure(amount: Money) -> msgspec.Raw:
    """A JSON number with its decimals: 1500.00."""
    return msgspec.Raw(amount.plain().encode())


def stamp(moment: datetime) -> str:
    """As most results write it: 20261120103102."""
    return f"{moment.astimezone(NAIROBI):%Y%m%d%H%M%S}"


def point_stamp(moment: datetime) -> str:
    """As payouts write it: 20.11.2026 10:31:02."""
    return f"{moment.astimezone(NAIROBI):%d.%m.%Y %H:%M:%S}"


def result_body(
    taken: RequestTaken,
    parameters: Sequence[Parameter] = (),
    *,
    code: str | None = None,
    codes_are_strings: bool = False,
) -> str:
    """The envelope about a request; `code` stands in for the true one."""
    result_code = taken.result_code if code is None else code
    is_done = result_code == "0"
    kind: object = "0" if codes_are_strings else 0
    written: object = int(result_code) if result_code.isdigit() and not codes_are_strings else result_code
    result: dict[str, object] = {
        "ResultType": kind,
        "ResultCode": written,
        "ResultDesc": _TEXTS.get(result_code, "The request could not be completed."),
        "OriginatorConversationID": taken.originator_id,
        "ConversationID": taken.conversation_id,
        "TransactionID": taken.receipt if is_done and taken.receipt else NO_TRANSACTION,
    }
    if is_done:
        items = [{"Key": key} if value is None else {"Key": key, "Value": value} for key, value in parameters]
        result["ResultParameters"] = {"ResultParameter": items}
    result["ReferenceData"] = {"ReferenceItem": {"Key": "QueueTimeoutURL", "Value": _QUEUE_URL}}
    return msgspec.json.encode({"Result": result}).decode()
