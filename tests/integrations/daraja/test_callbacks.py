"""Is a callback read for what it says, whatever its spelling, and a malformed one refused by the name of the field?"""

import json

import pytest

from core.money import Money
from core.payments.ports import Enquiry, Outcome
from integrations.daraja.callbacks import MalformedCallbackError, read_stk_callback, redacted
from integrations.daraja.codes import Reason
from tests.integrations.outside import sample

HANDLE = "ws_CO_201120261015311700000101"


def paid(*, items: object | None = None, **fields: object) -> bytes:
    """A success callback with some things said otherwise."""
    if items is None:
        items = [
            {"Name": "Amount", "Value": 1500},
            {"Name": "MpesaReceiptNumber", "Value": "UKK4DEMO01"},
        ]
    callback: dict[str, object] = {
        "CheckoutRequestID": HANDLE,
        "ResultCode": 0,
        "ResultDesc": "ok",
        "CallbackMetadata": {"Item": items},
    }
    return json.dumps({"Body": {"stkCallback": callback | fields}}).encode()


def with_amount(literal: str) -> bytes:
    """A success callback whose amount is written so in the JSON text."""
    return paid().replace(b"1500", literal.encode())


@pytest.mark.parametrize("file", ["stk_callback_success", "stk_callback_success_no_balance_item"])
def test_success_has_receipt_and_exact_amount(file: str) -> None:
    heard = read_stk_callback(sample(f"daraja/{file}.json"))

    assert heard == Enquiry(
        Outcome.PAID,
        "0",
        "The service request is processed successfully.",
        reason=Reason.PAID,
        receipt="UKK4DEMO02" if "no_balance" in file else "UKK4DEMO01",
        amount=Money(150000),
        provider_request_id=HANDLE,
    )


@pytest.mark.parametrize(
    ("file", "code", "reason"),
    [
        ("stk_callback_cancelled_1032", "1032", Reason.CANCELLED),
        ("stk_callback_expired_1019", "1019", Reason.EXPIRED),
        ("stk_callback_insufficient_funds_1", "1", Reason.INSUFFICIENT),
        ("stk_callback_push_failed_1025", "1025", Reason.UNREACHABLE),
        ("stk_callback_rule_limited_17", "17", Reason.BUSY),
        ("stk_callback_unreachable_1037", "1037", Reason.UNREACHABLE),
        ("stk_callback_wrong_pin_2001", "2001", Reason.WRONG_PIN),
    ],
)
def test_failure_has_neither_receipt_nor_amount(file: str, code: str, reason: Reason) -> None:
    heard = read_stk_callback(sample(f"daraja/{file}.json"))

    assert (heard.outcome, heard.result_code, heard.reason) == (Outcome.NOT_PAID, code, reason)
    assert (heard.receipt, heard.amount, heard.provider_request_id) == (None, None, HANDLE)


def test_spelling_of_keys_order_of_items_and_kind_of_codes_do_not_matter() -> None:
    body = {
        "body": {
            "STKCallback": {
                "checkoutrequestid": HANDLE,
                "resultCode": "0",
                "CallbackMetadata": {
                    "item": [
                        {"name": "PhoneNumber", "value": 254711000001},
                        {"name": "mpesaReceiptNumber", "value": " ukk4demo01 "},
                        {"name": "Balance"},
                        {"name": "amount", "value": "1500.00"},
                        "no item",
                        {"Name": "SomethingNew", "Value": {"deep": []}},
                    ]
                },
                "Extra": None,
            }
        }
    }

    heard = read_stk_callback(json.dumps(body).encode())

    assert (heard.outcome, heard.receipt, heard.amount) == (Outcome.PAID, "UKK4DEMO01", Money(150000))


def test_unknown_code_is_pending_and_credits_nothing() -> None:
    heard = read_stk_callback(paid(ResultCode=4242))

    assert (heard.outcome, heard.reason) == (Outcome.PENDING, Reason.UNKNOWN)
    assert (heard.receipt, heard.amount) == (None, None)


@pytest.mark.parametrize(
    ("literal", "cents"),
    [("1500", 150000), ("1500.5", 150050), ('"1,500.00"', 150000), ("1.5e3", 150000), ("0.01", 1)],
)
def test_amount_is_exact_however_it_is_written(literal: str, cents: int) -> None:
    assert read_stk_callback(with_amount(literal)).amount == Money(cents)


@pytest.mark.parametrize(
    "literal",
    [
        "0",
        "-1500",
        "1500.005",
        "true",
        "null",
        "[1500]",
        '""',
        '"1500 KES"',
        "1e-999999999",
        "1e999999999",
        "1" * 200,
        "0." + "1" * 200,
    ],
)
def test_amount_that_is_none_is_refused(literal: str) -> None:
    with pytest.raises(MalformedCallbackError) as refused:
        read_stk_callback(with_amount(literal))

    assert refused.value.field == "Amount"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"not JSON", "body"),
        (b"\xff\xfe{}", "body"),
        (b"[]", "body"),
        (b"null", "body"),
        (b"[" * 50_000, "body"),
        (b'{"a":' + b"1" * 5_000 + b"}", "body"),
        (b'{"a": NaN}', "body"),
        (b'{"a": 1e99999999999999999999}', "body"),
        (b'{"Body": "' + b"x" * 70_000 + b'"}', "body"),
        (b"{}", "Body.stkCallback"),
        (b'{"Body": []}', "Body.stkCallback"),
        (b'{"Body": {"stkCallback": "x"}}', "ResultCode"),
        (paid(ResultCode=None), "ResultCode"),
        (paid(ResultCode=True), "ResultCode"),
        (paid(ResultCode=0.5), "ResultCode"),
        (paid(ResultCode="0; DROP TABLE"), "ResultCode"),
        (paid(CheckoutRequestID=None), "CheckoutRequestID"),
        (paid(CheckoutRequestID=12), "CheckoutRequestID"),
        (paid(CheckoutRequestID="ws CO"), "CheckoutRequestID"),
        (paid(CheckoutRequestID="\ud800"), "CheckoutRequestID"),
        (paid(items=[]), "MpesaReceiptNumber"),
        (paid(items="none"), "MpesaReceiptNumber"),
        (paid(items={"Name": "MpesaReceiptNumber", "Value": "UKK4DEMO01"}), "Amount"),
        (
            paid(items=[{"Name": "Amount", "Value": 1500}, {"Name": "MpesaReceiptNumber"}]),
            "MpesaReceiptNumber",
        ),
        (
            paid(
                items=[{"Name": "Amount", "Value": 1}, {"Name": "MpesaReceiptNumber", "Value": "UKK\u0000"}]
            ),
            "MpesaReceiptNumber",
        ),
        (paid(CallbackMetadata=None), "MpesaReceiptNumber"),
    ],
)
def test_malformed_callback_is_refused_by_the_name_of_its_field(body: bytes, field: str) -> None:
    with pytest.raises(MalformedCallbackError) as refused:
        read_stk_callback(body)

    assert refused.value.field == field
    assert field in str(refused.value)


def test_sentence_of_the_provider_can_always_be_stored() -> None:
    heard = read_stk_callback(paid(ResultDesc="a\u0000b\ud800c\n" + "d" * 500))

    assert heard.result_text == "abc" + "d" * 194


def test_redacted_body_keeps_the_facts_and_hides_the_person() -> None:
    kept = redacted(sample("daraja/stk_callback_success.json"))

    assert "UKK4DEMO01" in kept
    assert "1500.0" in kept
    assert "254700000101" not in kept
    assert "700000101" not in kept
    assert "2547***101" in kept


def test_redacted_body_hides_secrets_under_any_spelling() -> None:
    body = {"SecurityCredential": "abc", "nested": [{"PASSWORD": {"x": 1}, "Pin": 4271}], "ok": "yes"}

    kept = redacted(json.dumps(body).encode())

    assert json.loads(kept) == {
        "SecurityCredential": "***",
        "nested": [{"PASSWORD": "***", "Pin": "***"}],
        "ok": "yes",
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON 254711000001 \x00\xff",
        b"[" * 50_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b"x" * 99_999,
    ],
)
def test_any_body_can_be_redacted_and_stored(body: bytes) -> None:
    kept = redacted(body)

    assert len(kept) <= 4_000
    assert kept.isprintable()
    assert "254711000001" not in kept
