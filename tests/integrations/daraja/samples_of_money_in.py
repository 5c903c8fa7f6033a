"""What does each sample about tokens, prompts and the paybill mean?"""

from datetime import datetime

from core.clock import NAIROBI
from core.money import Money
from core.payments.ports import CollectionReply, Outcome, SendVerdict
from core.payments.receipt import PaybillReceipt, phone_hash
from core.phone import Msisdn
from integrations.daraja import (
    token,
)
from integrations.daraja.acknowledgement import Acknowledgement
from integrations.daraja.callbacks import read_stk_callback
from integrations.daraja.codes import Api, Reason
from tests.integrations.daraja.sample_reading import (
    HANDLE,
    PROCESSED,
    Reader,
    accepted,
    answered,
    at,
    paybill_call,
    pushed,
    queried,
    stk,
    tokened,
)

READ_IN: dict[str, tuple[Reader, object]] = {
    "oauth_token_response.json": (
        tokened(200),
        token.Token("dEm0AccessT0kenValue28chars", datetime(2026, 11, 20, 11, 15, 30, tzinfo=NAIROBI)),
    ),
    "oauth_error_400.json": (tokened(400), "TokenRefusedError: 400.008.01"),
    # M-Pesa Express
    "stk_push_response.json": (pushed(200), CollectionReply(SendVerdict.ACCEPTED, HANDLE)),
    "stk_push_error_invalid_field.json": (
        pushed(400),
        CollectionReply(SendVerdict.REFUSED, reason=Reason.INVALID_REQUEST),
    ),
    "stk_push_error_invalid_token.json": (
        pushed(404),
        CollectionReply(SendVerdict.BUSY, reason=Reason.ACCESS),
    ),
    "stk_push_error_wrong_credentials.json": (
        pushed(500),
        CollectionReply(SendVerdict.REFUSED, reason=Reason.CONFIGURATION),
    ),
    "stk_push_error_subscriber_locked.json": (
        pushed(500),
        CollectionReply(SendVerdict.BUSY, reason=Reason.BUSY),
    ),
    "stk_push_error_spike_arrest.json": (
        pushed(500),
        CollectionReply(SendVerdict.BUSY, reason=Reason.BUSY),
    ),
    "stk_callback_success.json": (
        read_stk_callback,
        stk(Outcome.PAID, Reason.PAID, "0", PROCESSED, receipt="UKK4DEMO01", amount=Money(150_000)),
    ),
    "stk_callback_success_no_balance_item.json": (
        read_stk_callback,
        stk(Outcome.PAID, Reason.PAID, "0", PROCESSED, receipt="UKK4DEMO02", amount=Money(150_000)),
    ),
    "stk_callback_cancelled_1032.json": (
        read_stk_callback,
        stk(Outcome.NOT_PAID, Reason.CANCELLED, "1032", "Request cancelled by user"),
    ),
    "stk_callback_unreachable_1037.json": (
        read_stk_callback,
        stk(Outcome.NOT_PAID, Reason.UNREACHABLE, "1037", "DS timeout user cannot be reached"),
    ),
    "stk_callback_wrong_pin_2001.json": (
        read_stk_callback,
        stk(Outcome.NOT_PAID, Reason.WRONG_PIN, "2001", "The initiator information is invalid."),
    ),
    "stk_callback_insufficient_funds_1.json": (
        read_stk_callback,
        stk(Outcome.NOT_PAID, Reason.INSUFFICIENT, "1", "The balance is insufficient for the transaction."),
    ),
    "stk_callback_expired_1019.json": (
        read_stk_callback,
        stk(Outcome.NOT_PAID, Reason.EXPIRED, "1019", "Transaction has expired."),
    ),
    "stk_callback_push_failed_1025.json": (
        read_stk_callback,
        stk(Outcome.NOT_PAID, Reason.UNREACHABLE, "1025", "An error occurred while sending a push request."),
    ),
    "stk_callback_rule_limited_17.json": (
        read_stk_callback,
        stk(Outcome.NOT_PAID, Reason.BUSY, "17", "Rule limited."),
    ),
    "stk_query_response_success.json": (
        queried(200),
        stk(Outcome.PAID, Reason.PAID, "0", PROCESSED),
    ),
    "stk_query_response_cancelled.json": (
        queried(200),
        stk(Outcome.NOT_PAID, Reason.CANCELLED, "1032", "Request canceled by the user"),
    ),
    "stk_query_response_processing_4999.json": (
        queried(200),
        stk(Outcome.PENDING, Reason.PROCESSING, "4999", "The transaction is still under processing"),
    ),
    "stk_query_error_processing_500.json": (
        queried(500),
        stk(Outcome.PENDING, Reason.PROCESSING, "500.001.1001", "The transaction is being processed"),
    ),
    # C2B
    "c2b_register_url_response.json": (
        answered(200, Api.C2B),
        accepted("6e86-45dd-91ac-fd5d4178ab520000001", text="Success"),
    ),
    "c2b_register_url_error_exists.json": (
        answered(500, Api.C2B),
        Acknowledgement(
            verdict=SendVerdict.ACCEPTED,
            reason=Reason.DUPLICATE,
            code="500.003.1001",
            text="Urls are already registered.",
        ),
    ),
    "c2b_simulate_response.json": (
        answered(200, Api.C2B),
        accepted("6e86-45dd-91ac-fd5d4178ab520000003"),
    ),
    "c2b_validation_request.json": (
        paybill_call,
        PaybillReceipt(
            receipt="UKK4DEMO11",
            amount=Money(150_000),
            reference="SAV000123",
            paid_at=at(10, 22, 33),
            payer_name="JANE",
            payer_ending="101",
        ),
    ),
    "c2b_confirmation_v1_hashed.json": (
        paybill_call,
        PaybillReceipt(
            receipt="UKK4DEMO11",
            amount=Money(150_000),
            reference="SAV000123",
            paid_at=at(10, 22, 33),
            payer_name="JANE WANJIRU DEMO",
            payer_hash=phone_hash(Msisdn("+254700000101")),
        ),
    ),
    "c2b_confirmation_v2_masked.json": (
        paybill_call,
        PaybillReceipt(
            receipt="UKK4DEMO11",
            amount=Money(150_000),
            reference="SAV000123",
            paid_at=at(10, 22, 33),
            payer_name="JANE",
            payer_ending="101",
        ),
    ),
}
