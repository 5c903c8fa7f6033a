"""Which field of a request does Daraja find wrong first? Checked in the order of the portal's page."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

import httpx

_SHORTCODE = re.compile(r"\d{5,7}", re.ASCII)
_PHONE = re.compile(r"254[17]\d{8}", re.ASCII)
_TIMESTAMP = re.compile(r"\d{14}", re.ASCII)
_AMOUNT = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_PASSWORD = re.compile(r"[A-Za-z0-9+/]{8,}={0,2}", re.ASCII)
_FORBIDDEN = (
    "mpesa",
    "m-pesa",
    "safaricom",
    "exe",
    "exec",
    "cmd",
    "sql",
    "query",
    "ngrok",
    "requestbin",
)
_LONGEST_REFERENCE = 12
_LONGEST_DESCRIPTION = 13

Check = Callable[[object], bool]


def _matches(pattern: re.Pattern[str]) -> Check:
    """A number is as good as the string of its digits."""

    def check(value: object) -> bool:
        return type(value) in {str, int} and pattern.fullmatch(str(value)) is not None

    return check


def _of_length(longest: int) -> Check:
    def check(value: object) -> bool:
        return isinstance(value, str) and 0 < len(value.strip()) <= longest

    return check


def _is_timestamp(value: object) -> bool:
    if not _TIMESTAMP.fullmatch(str(value)):
        return False
    try:
        datetime.strptime(f"{value}+0300", "%Y%m%d%H%M%S%z")
    except ValueError:
        return False
    return True


def _is_callback_url(value: object) -> bool:
    if not isinstance(value, str) or any(word in value.lower() for word in _FORBIDDEN):
        return False
    try:
        url = httpx.URL(value)
    except httpx.InvalidURL:
        return False
    return url.scheme in {"http", "https"} and bool(url.host)


def _is_transaction_type(value: object) -> bool:
    return value in {"CustomerPayBillOnline", "CustomerBuyGoodsOnline"}


_PUSH: Mapping[str, Check] = {
    "BusinessShortCode": _matches(_SHORTCODE),
    "Password": _matches(_PASSWORD),
    "Timestamp": _is_timestamp,
    "TransactionType": _is_transaction_type,
    "Amount": _matches(_AMOUNT),
    "PartyA": _matches(_PHONE),
    "PartyB": _matches(_SHORTCODE),
    "PhoneNumber": _matches(_PHONE),
    "CallBackURL": _is_callback_url,
    "AccountReference": _of_length(_LONGEST_REFERENCE),
    "TransactionDesc": _of_length(_LONGEST_DESCRIPTION),
}

_QUERY: Mapping[str, Check] = {
    "BusinessShortCode": _matches(_SHORTCODE),
    "Password": _matches(_PASSWORD),
    "Timestamp": _is_timestamp,
    "CheckoutRequestID": _of_length(100),
}


def _is_one_of(*values: object) -> Check:
    return lambda value: value in values


def _optional(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _is_moment(value: object) -> bool:
    try:
        datetime.strptime(f"{value}+0300", "%Y-%m-%d %H:%M:%S%z")
    except ValueError:
        return False
    return True


_DAY = re.compile(r"\d{8}", re.ASCII)
_NUMBER = re.compile(r"\d{1,7}", re.ASCII)
_REMARKS_MAX = 100
_HANDLE_MAX = 128

_OPERATOR_URLS: Mapping[str, Check] = {
    "QueueTimeOutURL": _is_callback_url,
    "ResultURL": _is_callback_url,
}

_FIELDS: Mapping[str, Mapping[str, Check]] = {
    "c2b_urls": {
        "ShortCode": _matches(_SHORTCODE),
        "ResponseType": _is_one_of("Completed", "Cancelled"),
        "ConfirmationURL": _is_callback_url,
        "ValidationURL": _is_callback_url,
    },
    "c2b_simulate": {
        "ShortCode": _matches(_SHORTCODE),
        "CommandID": _is_one_of("CustomerPayBillOnline"),
        "Amount": _matches(_AMOUNT),
        "Msisdn": _matches(_PHONE),
        "BillRefNumber": _of_length(20),
    },
    "b2c": {
        "OriginatorConversationID": _of_length(_HANDLE_MAX),
        "InitiatorName": _of_length(_REMARKS_MAX),
        "SecurityCredential": _of_length(1000),
        "CommandID": _is_one_of("BusinessPayment", "SalaryPayment", "PromotionPayment"),
        "Amount": _matches(_AMOUNT),
        "PartyA": _matches(_SHORTCODE),
        "PartyB": _matches(_PHONE),
        "Remarks": _of_length(_REMARKS_MAX),
        **_OPERATOR_URLS,
    },
    "b2b": {
        "Initiator": _of_length(_REMARKS_MAX),
        "SecurityCredential": _of_length(1000),
        "CommandID": _is_one_of(
            "BusinessPayBill",
            "BusinessBuyGoods",
            "BusinessPayToBulk",
            "BusinessTransferFromMMFToUtility",
            "PayTaxToKRA",
        ),
        "SenderIdentifierType": _is_one_of("4", 4),
        "RecieverIdentifierType": _is_one_of("2", "4", 2, 4),
        "Amount": _matches(_AMOUNT),
        "PartyA": _matches(_SHORTCODE),
        "PartyB": _matches(_SHORTCODE),
        "AccountReference": _of_length(20),
        "Remarks": _of_length(_REMARKS_MAX),
        **_OPERATOR_URLS,
    },
    "reversal": {
        "Initiator": _of_length(_REMARKS_MAX),
        "SecurityCredential": _of_length(1000),
        "CommandID": _is_one_of("TransactionReversal"),
        "TransactionID": _of_length(_HANDLE_MAX),
        "Amount": _matches(_AMOUNT),
        "ReceiverParty": _matches(_SHORTCODE),
        "RecieverIdentifierType": _is_one_of("11", 11),
        "Remarks": _of_length(_REMARKS_MAX),
        **_OPERATOR_URLS,
    },
    "till": {
        "primaryShortCode": _matches(_SHORTCODE),
        "receiverShortCode": _matches(_SHORTCODE),
        "amount": _matches(_AMOUNT),
        "paymentRef": _of_length(_REMARKS_MAX),
        "callbackUrl": _is_callback_url,
        "partnerName": _of_length(_REMARKS_MAX),
        "RequestRefID": _of_length(_HANDLE_MAX),
    },
    "qr": {
        "MerchantName": _of_length(_REMARKS_MAX),
        "RefNo": _of_length(_REMARKS_MAX),
        "Amount": _matches(_AMOUNT),
        "TrxCode": _is_one_of("BG", "WA", "PB", "SM", "SB"),
        "CPI": _of_length(_REMARKS_MAX),
        "Size": _matches(_AMOUNT),
    },
    "ratiba": {
        "StandingOrderName": _of_length(_REMARKS_MAX),
        "StartDate": _matches(_DAY),
        "EndDate": _matches(_DAY),
        "BusinessShortCode": _matches(_SHORTCODE),
        "TransactionType": _is_one_of(
            "Standing Order Customer Pay Bill", "Standing Order Customer Pay Merchant"
        ),
        "ReceiverPartyIdentifierType": _is_one_of("2", "4"),
        "Amount": _matches(_AMOUNT),
        "PartyA": _matches(_PHONE),
        "CallBackURL": _is_callback_url,
        "AccountReference": _of_length(_LONGEST_REFERENCE),
        "TransactionDesc": _of_length(_LONGEST_DESCRIPTION),
        "Frequency": _is_one_of(*"12345678"),
    },
    "pull_register": {
        "ShortCode": _matches(_SHORTCODE),
        "RequestType": _is_one_of("Pull"),
        "NominatedNumber": _matches(_PHONE),
        "CallBackURL": _is_callback_url,
    },
    "pull": {
        "ShortCode": _matches(_SHORTCODE),
        "StartDate": _is_moment,
        "EndDate": _is_moment,
        "OffSetValue": _matches(_NUMBER),
    },
    "sim": {"customerNumber": _matches(_PHONE)},
    "status": {
        "Initiator": _of_length(_REMARKS_MAX),
        "SecurityCredential": _of_length(1000),
        "CommandID": _is_one_of("TransactionStatusQuery"),
        "TransactionID": _optional(_of_length(_HANDLE_MAX)),
        "OriginalConversationID": _optional(_of_length(_HANDLE_MAX)),
        "PartyA": _matches(_SHORTCODE),
        "IdentifierType": _is_one_of("1", "2", "4", 1, 2, 4),
        "Remarks": _of_length(_REMARKS_MAX),
        **_OPERATOR_URLS,
    },
    "balance": {
        "Initiator": _of_length(_REMARKS_MAX),
        "SecurityCredential": _of_length(1000),
        "CommandID": _is_one_of("AccountBalance"),
        "PartyA": _matches(_SHORTCODE),
        "IdentifierType": _is_one_of("1", "2", "4", 1, 2, 4),
        "Remarks": _of_length(_REMARKS_MAX),
        **_OPERATOR_URLS,
    },
}


def wrong_field(api: str, body: Mapping[str, object]) -> str | None:
    """The first wrong field of a request, or None."""
    return _first_wrong(_FIELDS[api], body)


def wrong_push_field(body: Mapping[str, object]) -> str | None:
    """The first wrong field of a push as the error message names it, or None."""
    wrong = _first_wrong(_PUSH, body)
    # Live, a missing description is refused under another name.
    return "Remarks" if wrong == "TransactionDesc" else wrong


def wrong_query_field(body: Mapping[str, object]) -> str | None:
    """The first wrong field of a query, or None."""
    return _first_wrong(_QUERY, body)


def _first_wrong(checks: Mapping[str, Check], body: Mapping[str, object]) -> str | None:
    return next((name for name, check in checks.items() if not check(body.get(name))), None)
