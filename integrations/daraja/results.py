"""What does Daraja tell a ResultURL? The same envelope for payouts, status, balance, B2B and reversal.

Its parameters come as a list or as a single object, in any order, some without a value, some twice.
"""

import re
from datetime import datetime

import msgspec

from core.money import Money
from integrations.daraja.codes import Api, Meaning, meaning_of
from integrations.daraja.figures import amount_in, moment_in
from integrations.reading import UnreadableBodyError, code, field, listed, read_object, words

_HANDLE = re.compile(r"[\x21-\x7e]{1,128}", re.ASCII)
# Receipts are ten letters and digits today. That is a habit, not a promise, so only their kind is checked.
_RECEIPT = re.compile(r"[A-Za-z0-9]{1,40}", re.ASCII)


class MalformedResultError(ValueError):
    """The body is not what it should be; `field` names what is missing or wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is missing or wrong")
        self.field = field


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the envelope. Its handles are those of the request that it answers."""

    result_code: str
    text: str
    """Daraja's own words, for staff."""
    originator_conversation_id: str
    conversation_id: str
    transaction_id: str
    """A number that means nothing where nothing was done."""
    parameters: tuple[tuple[str, object], ...]
    """Name in lower case and value, in their order."""

    def meaning(self, api: Api) -> Meaning:
        return meaning_of(self.result_code, api)

    def value(self, name: str, number: int = 0) -> object:
        """The value under a name in any case, the first unless another one is asked for; None without one."""
        values = [value for key, value in self.parameters if key == name.lower()]
        return values[number] if number < len(values) else None

    def text_of(self, name: str, number: int = 0) -> str:
        """The same as a line of text; empty for anything else."""
        value = self.value(name, number)
        return str(value) if isinstance(value, int) else words(value)

    def amount(self, name: str) -> Money | None:
        return amount_in(self.value(name))

    def moment(self, name: str) -> datetime | None:
        return moment_in(self.value(name))

    def receipt(self, name: str) -> str | None:
        """A transaction number in capitals; None for what can't be one."""
        return receipt_in(self.value(name))


def read_told(body: bytes) -> Told:
    """The envelope in a body. Raises MalformedResultError."""
    result = field(_object(body), "Result")
    if result is None:
        raise MalformedResultError("Result")
    result_code = code(field(result, "ResultCode"))
    if not result_code:
        raise MalformedResultError("ResultCode")
    originator = _handle(field(result, "OriginatorConversationID"))
    conversation = _handle(field(result, "ConversationID"))
    if not originator and not conversation:
        raise MalformedResultError("OriginatorConversationID")
    return Told(
        result_code=result_code,
        text=words(field(result, "ResultDesc")),
        originator_conversation_id=originator,
        conversation_id=conversation,
        transaction_id=receipt_in(field(result, "TransactionID")) or "",
        parameters=_parameters(result),
    )


class QueueTimeout(msgspec.Struct, frozen=True, kw_only=True):
    """A request waited too long inside M-Pesa. It may still be done: nobody knows."""

    originator_conversation_id: str
    """Empty for requests that carry none of ours."""


def read_queue_timeout(body: bytes) -> QueueTimeout:
    """What a QueueTimeOutURL is told: our own request, by what Safaricom told one integrator, or a result.

    Only the handle is taken from it. Raises MalformedResultError for what is not even an object.
    """
    told = _object(body)
    envelope = field(told, "Result")
    handle = field(told if envelope is None else envelope, "OriginatorConversationID")
    return QueueTimeout(originator_conversation_id=_handle(handle))


def receipt_in(value: object) -> str | None:
    """A transaction number in capitals; None for what can't be one."""
    if isinstance(value, str) and _RECEIPT.fullmatch(value.strip()):
        return value.strip().upper()
    return None


def _object(body: bytes) -> object:
    try:
        return read_object(body)
    except UnreadableBodyError as error:
        raise MalformedResultError("body") from error


def _parameters(result: object) -> tuple[tuple[str, object], ...]:
    items = listed(field(field(result, "ResultParameters"), "ResultParameter"))
    return tuple((str(field(item, "Key")).lower(), field(item, "Value")) for item in items)


def _handle(value: object) -> str:
    return value if isinstance(value, str) and _HANDLE.fullmatch(value) else ""
