"""What do Daraja's result codes mean? One table over all APIs: the same code may mean another thing in each.

Errors answered to our own requests are in `request_errors.py`. Sources: Safaricom's Daraja 3.0 portal pages, and the
public collections `ronnyabuto/daraja-error-codes` and `api-evangelist/mpesa`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from core.payments.ports import Outcome


class Api(StrEnum):
    """The products of Daraja that we use."""

    EXPRESS = "express"
    """Prompts on a payer's phone, and questions about them."""

    C2B = "c2b"
    """Registering where payments to the paybill are told."""

    B2C = "b2c"
    """Payouts to a customer's phone."""

    B2B = "b2b"
    """Payments to businesses, taxes, and transfers of our own float."""

    B2B_EXPRESS = "b2b_express"
    """Prompts to a till's owner."""

    STATUS = "status"
    """What became of a transaction."""

    BALANCE = "balance"
    """What our accounts hold."""

    REVERSAL = "reversal"
    """Giving a customer's payment back."""

    QR = "qr"
    """Codes a customer's phone reads."""

    STANDING_ORDER = "standing_order"
    """Ratiba."""

    SIM = "sim"
    """When a customer's SIM was last swapped."""

    PULL = "pull"
    """The last two days' payments to the paybill."""


class Reason(StrEnum):
    """Why, in one stable word: for texts, metrics and stored payments. Provider prose is for staff only."""

    PAID = "paid"
    """The money has moved."""

    PROCESSING = "processing"
    """Still with the payer or inside M-Pesa."""

    CANCELLED = "cancelled"
    """The payer said no, or on some phones let the prompt lapse."""

    UNREACHABLE = "unreachable"
    """The prompt did not reach the phone, or nobody answered it."""

    EXPIRED = "expired"
    """M-Pesa gave up before the payer did anything."""

    INSUFFICIENT = "insufficient"
    """The payer's M-Pesa balance is too low."""

    LIMIT = "limit"
    """Outside what M-Pesa lets this payer send at once or in a day."""

    WRONG_PIN = "wrong_pin"
    """The payer's M-Pesa PIN was wrong."""

    PIN_LOCKED = "pin_locked"
    """The payer's M-Pesa PIN is locked; Safaricom's customer care opens it."""

    ACCOUNT_FULL = "account_full"
    """Our own paybill may hold no more: for the treasurer."""

    BUSY = "busy"
    """M-Pesa or the payer's line is in use now; a later try may pass."""

    CONFIGURATION = "configuration"
    """Our own set-up is wrong: for staff."""

    DUPLICATE = "duplicate"
    """Daraja has this very request already: it is not sent again, its outcome is asked for."""

    FLOAT_LOW = "float_low"
    """Our own account holds too little: for the treasurer."""

    OPERATOR = "operator"
    """Our API operator's name, password, certificate or role is wrong. More tries lock it: for staff, at once."""

    OPERATOR_LOCKED = "operator_locked"
    """Our API operator's password is locked until an administrator unlocks it."""

    UNREGISTERED = "unregistered"
    """The number is no M-Pesa customer that money can be sent to."""

    PAYEE_INACTIVE = "payee_inactive"
    """An account of the transaction is closed, dormant or barred."""

    PAYEE_FULL = "payee_full"
    """The payee's M-Pesa may hold no more."""

    ALREADY_REVERSED = "already_reversed"
    """The payment was given back before."""

    UNKNOWN_TRANSACTION = "unknown_transaction"
    """M-Pesa knows no transaction of that number."""

    NOTHING_FOUND = "nothing_found"
    """The question was answered: there is nothing."""

    INVALID_REQUEST = "invalid_request"
    """The request itself is not acceptable."""

    ACCESS = "access"
    """No valid access token could be had."""

    PROVIDER_DOWN = "provider_down"
    """The provider could not be reached; nothing was sent."""

    NO_ANSWER = "no_answer"
    """Sent, and no answer came back."""

    UNREADABLE = "unreadable"
    """An answer came that says nothing we can rely on."""

    UNKNOWN = "unknown"
    """A code that is in no table."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a result code says about the payer's money, and why."""

    outcome: Outcome
    reason: Reason


def _not_paid(reason: Reason) -> Meaning:
    return Meaning(Outcome.NOT_PAID, reason)


def _undecided(reason: Reason) -> Meaning:
    return Meaning(Outcome.PENDING, reason)


_PROMPT: Mapping[str, Meaning] = {
    "1": _not_paid(Reason.INSUFFICIENT),
    "8": _not_paid(Reason.ACCOUNT_FULL),
    # Sources disagree on 17 (same amount within two minutes, or an internal failure); none lets money move.
    "17": _not_paid(Reason.BUSY),
    "1001": _not_paid(Reason.BUSY),
    "1019": _not_paid(Reason.EXPIRED),
    "1025": _not_paid(Reason.UNREACHABLE),
    "1032": _not_paid(Reason.CANCELLED),
    "1037": _not_paid(Reason.UNREACHABLE),
    "2001": _not_paid(Reason.WRONG_PIN),
    "4999": _undecided(Reason.PROCESSING),
    "8006": _not_paid(Reason.PIN_LOCKED),
    "9999": _not_paid(Reason.UNREACHABLE),
    "E3008": _not_paid(Reason.CONFIGURATION),
    "SFC_IC0003": _not_paid(Reason.CONFIGURATION),
}

# Codes of the core system, listed on the portal's page Account Balance. Those that only tell of trouble inside
# M-Pesa (15, 17, 19 and 1000000xx) don't say that nothing was done.
_OPERATOR: Mapping[str, Meaning] = {
    "1": _not_paid(Reason.FLOAT_LOW),
    "5": _not_paid(Reason.FLOAT_LOW),
    "6": _not_paid(Reason.UNREGISTERED),
    "7": _not_paid(Reason.UNREGISTERED),
    "8": _not_paid(Reason.PAYEE_FULL),
    "11": _not_paid(Reason.PAYEE_INACTIVE),
    "12": _not_paid(Reason.PAYEE_INACTIVE),
    "13": _not_paid(Reason.PAYEE_INACTIVE),
    "14": _not_paid(Reason.PAYEE_INACTIVE),
    "15": _undecided(Reason.DUPLICATE),
    "17": _undecided(Reason.UNKNOWN),
    "18": _not_paid(Reason.OPERATOR),
    "19": _undecided(Reason.UNKNOWN),
    "20": _not_paid(Reason.OPERATOR),
    "21": _not_paid(Reason.OPERATOR),
    "22": _not_paid(Reason.OPERATOR),
    "24": _not_paid(Reason.INVALID_REQUEST),
    "25": _not_paid(Reason.INVALID_REQUEST),
    "29": _not_paid(Reason.INVALID_REQUEST),
    "2001": _not_paid(Reason.OPERATOR),
    "2006": _not_paid(Reason.PAYEE_INACTIVE),
    "2040": _not_paid(Reason.UNREGISTERED),
    "8006": _not_paid(Reason.OPERATOR_LOCKED),
    "SFC_IC0003": _not_paid(Reason.UNREGISTERED),
    "100000000": _undecided(Reason.PROCESSING),
    "100000001": _undecided(Reason.BUSY),
    "100000002": _undecided(Reason.BUSY),
    "100000004": _undecided(Reason.UNKNOWN),
    "100000005": _undecided(Reason.INVALID_REQUEST),
    "100000007": _undecided(Reason.UNKNOWN),
    "100000009": _undecided(Reason.UNKNOWN),
    "100000010": _undecided(Reason.OPERATOR),
    "100000011": _undecided(Reason.BUSY),
}

_EVERYWHERE: Mapping[str, Meaning] = {
    "0": Meaning(Outcome.PAID, Reason.PAID),
    "2": _not_paid(Reason.LIMIT),
    "3": _not_paid(Reason.LIMIT),
    "4": _not_paid(Reason.LIMIT),
    "26": _not_paid(Reason.BUSY),
    "2028": _not_paid(Reason.CONFIGURATION),
}

RESULTS: Mapping[Api, Mapping[str, Meaning]] = MappingProxyType(
    {
        Api.EXPRESS: {**_EVERYWHERE, **_PROMPT},
        Api.B2C: {**_EVERYWHERE, **_OPERATOR},
        Api.B2B: {**_EVERYWHERE, **_OPERATOR, "SFC_IC0003": _not_paid(Reason.CONFIGURATION)},
        # Here 0 means that the question was answered; what became of the payment stands in the answer.
        Api.STATUS: {**_EVERYWHERE, **_OPERATOR},
        Api.BALANCE: {**_EVERYWHERE, **_OPERATOR},
        Api.REVERSAL: {
            **_EVERYWHERE,
            **_OPERATOR,
            # The portal calls 21 a missing role; older packages show it in a sample of a reversal that was done.
            "21": _undecided(Reason.OPERATOR),
            "R000001": _not_paid(Reason.ALREADY_REVERSED),
            "R000002": _not_paid(Reason.UNKNOWN_TRANSACTION),
        },
        Api.B2B_EXPRESS: {**_EVERYWHERE, "4001": _not_paid(Reason.CANCELLED)},
        # A prompt for the payer's PIN, so a prompt's codes. 3001 is seen live and explained nowhere.
        Api.STANDING_ORDER: {**_EVERYWHERE, **_PROMPT},
        # 1000 means rows were found; none of them is about the request itself.
        Api.PULL: {
            "1000": Meaning(Outcome.PAID, Reason.PAID),
            "1001": _not_paid(Reason.NOTHING_FOUND),
        },
    }
)

UNKNOWN_RESULT = Meaning(Outcome.PENDING, Reason.UNKNOWN)
"""A code in no table: nobody may take it for paid or for not paid. The payment stays open, is asked about again
and is left to the statement; a member's screen says that it is not confirmed."""


def meaning_of(result_code: str, api: Api = Api.EXPRESS) -> Meaning:
    """What a result code of this API's callback or answer means."""
    return RESULTS[api].get(result_code, UNKNOWN_RESULT)
