"""Is every known payload of Daraja read to its meaning, or refused with its reason? What is expected stands beside it.

Sources of the samples: `tests/integrations/samples/README.md`.
"""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.clock import NAIROBI
from core.money import Money
from core.payments.ports import CollectionReply, Enquiry, Outcome, SendVerdict
from integrations.daraja import (
    acknowledgement,
    b2b,
    b2c,
    balance,
    c2b_urls,
    collect,
    enquiry,
    pull,
    qr,
    reversal,
    sim,
    standing_order,
    status,
    till_prompt,
    token,
)
from integrations.daraja.acknowledgement import Acknowledgement
from integrations.daraja.balance import AccountFunds
from integrations.daraja.callbacks import read_stk_callback
from integrations.daraja.codes import Api, Reason
from integrations.daraja.question import Unanswered
from integrations.daraja.results import MalformedResultError, QueueTimeout, read_queue_timeout
from integrations.daraja.wire import Body
from integrations.http import Answer
from tests.integrations.outside import SAMPLES, sample

FOLDER = SAMPLES / "daraja"
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


PROCESSED = "The service request is processed successfully."

READ: dict[str, tuple[Reader, object]] = {
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
    # B2C
    "b2c_response_accepted.json": (answered(200, Api.B2C), accepted(OURS, THEIRS)),
    "b2c_error_duplicate.json": (
        answered(500, Api.B2C),
        Acknowledgement(
            verdict=SendVerdict.ACCEPTED,
            reason=Reason.DUPLICATE,
            code="500.002.1001",
            text="Duplicate OriginatorConversationID.",
        ),
    ),
    "b2c_error_system_internal.json": (
        answered(500, Api.B2C),
        Acknowledgement(
            verdict=SendVerdict.UNKNOWN,
            reason=Reason.UNKNOWN,
            code="500.002.1001",
            text="System internal error.",
        ),
    ),
    "b2c_error_invalid_token.json": (
        answered(401, Api.B2C),
        Acknowledgement(verdict=SendVerdict.BUSY, reason=Reason.ACCESS, code="401.002.01"),
    ),
    "b2c_result_success.json": (
        b2c.read_payout_result,
        b2c.PayoutResult(
            originator_conversation_id=OURS,
            conversation_id=THEIRS,
            outcome=Outcome.PAID,
            reason=Reason.PAID,
            result_code="0",
            text=PROCESSED,
            receipt="UKK4DEMO21",
            amount=Money(250_000),
            completed_at=at(10, 31, 2),
            payee="254700000101 - JANE WANJIRU DEMO",
            is_registered=True,
            utility_funds=Money(88_450_000),
            working_funds=Money(12_000_000),
            charges=Money(-198_000),
        ),
    ),
    "b2c_result_failed_insufficient_balance_1.json": (
        b2c.read_payout_result,
        not_paid_out("1", Reason.FLOAT_LOW, "The balance is insufficient for the transaction."),
    ),
    "b2c_result_failed_bad_credentials_2001.json": (
        b2c.read_payout_result,
        not_paid_out("2001", Reason.OPERATOR, "The initiator information is invalid."),
    ),
    "b2c_result_failed_unregistered_2040.json": (
        b2c.read_payout_result,
        not_paid_out(
            "2040",
            Reason.UNREGISTERED,
            "Credit Party customer type (Unregistered or Registered Customer)"
            " can't be supported by the service.",
        ),
    ),
    "b2c_result_failed_max_balance_8.json": (
        b2c.read_payout_result,
        not_paid_out("8", Reason.PAYEE_FULL, "Declined due to limit rule: would exceed the maximum balance."),
    ),
    "b2c_result_failed_credential_locked_8006.json": (
        b2c.read_payout_result,
        not_paid_out("8006", Reason.OPERATOR_LOCKED, "The security credential is locked"),
    ),
    "b2c_result_failed_no_such_party_SFC_IC0003.json": (
        b2c.read_payout_result,
        not_paid_out("SFC_IC0003", Reason.UNREGISTERED, "The operator does not exist."),
    ),
    "b2c_queue_timeout.json": (read_queue_timeout, QueueTimeout(originator_conversation_id=OURS)),
    # Transaction status
    "transaction_status_response.json": (
        answered(200, Api.STATUS),
        accepted(QUESTION, "AG_20261120_2010e94c6e8f8858d001"),
    ),
    "transaction_status_result_completed.json": (
        status.read_status_result,
        status.StatusResult(
            question_id=QUESTION,
            is_answered=True,
            outcome=Outcome.PAID,
            reason=Reason.PAID,
            result_code="0",
            text=PROCESSED,
            status="Completed",
            originator_conversation_id=OURS,
            conversation_id=THEIRS,
            receipt="UKK4DEMO21",
            amount=Money(250_000),
            charge=Money(900),
            debit_party="600997 - Imarisha Demo Sacco",
            credit_party="254700000101 - JANE WANJIRU DEMO",
            started_at=at(10, 30, 58),
            finished_at=at(10, 31, 2),
        ),
    ),
    # Account balance
    "account_balance_response.json": (
        answered(200, Api.BALANCE),
        accepted(QUESTION, "AG_20261120_2010417fed8ed666e001"),
    ),
    "account_balance_result.json": (
        balance.read_balance_result,
        balance.BalanceResult(
            question_id="16917-22577599-3",
            is_answered=True,
            reason=None,
            result_code="0",
            text="The service request is processed successfully",
            accounts=(
                AccountFunds("Working Account", Money(12_000_000)),
                AccountFunds("Float Account", Money(0)),
                AccountFunds("Utility Account", Money(88_450_000)),
                AccountFunds("Charges Paid Account", Money(-198_000)),
                AccountFunds("Organization Settlement Account", Money(0)),
            ),
            at=at(11, 0, 5),
        ),
    ),
    # Reversal
    "reversal_response.json": (
        answered(200, Api.REVERSAL),
        accepted(QUESTION, "AG_20261120_2010e94c6e8f8858d001"),
    ),
    "reversal_result_success.json": (
        reversal.read_reversal_result,
        reversal.ReversalResult(
            request_id="dad6-4c34-8787-c8cb963a496d0000005",
            conversation_id="AG_20261120_201018edbbf9f1582001",
            outcome=Outcome.PAID,
            reason=Reason.PAID,
            result_code="0",
            text=PROCESSED,
            receipt="UKK4DEMO31",
            original_receipt="UKK4DEMO11",
            amount=Money(150_000),
            charge=Money(0),
            completed_at=at(11, 34, 12),
            credit_party="254700000101 - JANE WANJIRU DEMO",
        ),
    ),
    "reversal_result_already_reversed.json": (
        reversal.read_reversal_result,
        not_reversed("R000001", Reason.ALREADY_REVERSED, "The transaction has already been reversed"),
    ),
    "reversal_result_unknown_transaction.json": (
        reversal.read_reversal_result,
        not_reversed("R000002", Reason.UNKNOWN_TRANSACTION, "The OriginalTransactionID is invalid."),
    ),
    # B2B
    "b2b_result_success.json": (
        b2b.read_business_result,
        b2b.BusinessResult(
            request_id="626f6ddf-ab37-4650-b882-b1de92ec0006",
            conversation_id="AG_20261120_00004d7ee675c0c7e001",
            outcome=Outcome.PAID,
            reason=Reason.PAID,
            result_code="0",
            text="The service request is processed successfully",
            receipt="UKK4DEMO41",
            amount=Money(1_200_000),
            payee="600000 - Demo Supplier",
            completed_at=at(11, 45, 1),
        ),
    ),
    "b2b_result_failed.json": (
        b2b.read_business_result,
        b2b.BusinessResult(
            request_id="12337-23509183-5",
            conversation_id="AG_20261120_0000657265d5fa9ae001",
            outcome=Outcome.NOT_PAID,
            reason=Reason.OPERATOR,
            result_code="2001",
            text="The initiator information is invalid.",
        ),
    ),
    "b2b_express_response.json": (
        till_prompt.read_till_answer,
        Acknowledgement(verdict=SendVerdict.ACCEPTED, code="0", text="USSD Initiated Successfully"),
    ),
    "b2b_express_callback_success.json": (
        till_prompt.read_till_payment,
        till_prompt.TillPayment(
            request_id="550e8400-e29b-41d4-a716-446655440011",
            outcome=Outcome.PAID,
            reason=Reason.PAID,
            result_code="0",
            text=PROCESSED,
            amount=Money(500_000),
            receipt="UKK4DEMO61",
        ),
    ),
    "b2b_express_callback_cancelled.json": (
        till_prompt.read_till_payment,
        till_prompt.TillPayment(
            request_id="550e8400-e29b-41d4-a716-446655440011",
            outcome=Outcome.NOT_PAID,
            reason=Reason.CANCELLED,
            result_code="4001",
            text="User cancelled transaction",
            amount=Money(500_000),
            reference="FLOAT0042",
        ),
    ),
    # Dynamic QR: what stands in place of the picture is no base64.
    "dynamic_qr_response.json": (parsed(qr.read_qr_code), Unanswered(reason=Reason.UNREADABLE)),
    # Ratiba
    "ratiba_create_response.json": (
        standing_order.read_standing_order_answer,
        Acknowledgement(
            verdict=SendVerdict.ACCEPTED,
            originator_conversation_id="4dd9b5d9-d738-42ba-9326-2cc99e960007",
            code="200",
            text="Request accepted for processing",
        ),
    ),
    "ratiba_callback_success.json": (
        standing_order.read_standing_order_word,
        standing_order.StandingOrderWord(
            request_id="0acc0239-20fa-4a52-8b9d-9bd64c040008",
            outcome=Outcome.PAID,
            reason=Reason.PAID,
            result_code="0",
            text="The service request is processed successfully",
            receipt="UKK4DEMO51",
            payer="254******101",
        ),
    ),
    "ratiba_callback_failed.json": (
        standing_order.read_standing_order_word,
        standing_order.StandingOrderWord(
            request_id="c8c2bb31-3b3a-402e-84fc-21ef35160009",
            outcome=Outcome.NOT_PAID,
            reason=Reason.UNREACHABLE,
            result_code="1037",
            text="Error",
            payer="*********101",
        ),
    ),
    # Pull
    "pull_register_response.json": (parsed(pull.read_pull_registration), None),
    "pull_query_response.json": (
        parsed(pull.read_pulled),
        pull.PulledPage(
            payments=(
                pull.PulledPayment(
                    receipt="UKK4DEMO11",
                    amount=Money(150_000),
                    at=at(10, 22, 33),
                    reference="SAV000123",
                    payer="700000101",
                    kind="c2b-pay-bill-debit",
                ),
            ),
            rows=1,
        ),
    ),
    "pull_query_response_empty.json": (parsed(pull.read_pulled), pull.PulledPage(payments=(), rows=0)),
    # SIM checks
    "sim_swap_response.json": (parsed(sim.read_sim), sim.Sim(swapped_on=None)),
    "imsi_response.json": (
        parsed(sim.read_sim),
        sim.Sim(swapped_on=date(2026, 5, 1), registered_on=date(2022, 3, 1)),
    ),
}

SENT: dict[str, tuple[type[Body], dict[str, object]]] = {
    "b2c_request_v3.json": (
        b2c.PayoutBody,
        {"originator_conversation_id": OURS, "amount": 2500, "occasion": "Disbursement"},
    ),
    "transaction_status_request_by_conversation.json": (
        status.StatusBody,
        {"original_conversation_id": OURS, "transaction_id": "", "identifier_type": "4"},
    ),
    "transaction_status_request_by_receipt.json": (
        status.StatusBody,
        {"original_conversation_id": "", "transaction_id": "UKK4DEMO21"},
    ),
    "account_balance_request.json": (balance.BalanceBody, {"party_a": "600997", "remarks": "hourly"}),
    "reversal_request.json": (
        reversal.ReversalBody,
        {"transaction_id": "UKK4DEMO11", "amount": "1500", "receiver_identifier_type": "11"},
    ),
    "b2b_business_paybill_request.json": (
        b2b.BusinessBody,
        {"command_id": b2b.BusinessCommand.PAY_BILL, "requester": "254700000101"},
    ),
    "b2c_account_topup_request.json": (
        b2b.BusinessBody,
        {"command_id": b2b.BusinessCommand.TOP_UP, "account_reference": "TOPUP20261120"},
    ),
    "tax_remittance_request.json": (
        b2b.BusinessBody,
        {"command_id": b2b.BusinessCommand.TAX, "party_b": b2b.TAX_OFFICE, "requester": ""},
    ),
    "b2b_express_request.json": (
        till_prompt.TillPromptBody,
        {"payment_ref": "FLOAT0042", "request_ref_id": "550e8400-e29b-41d4-a716-446655440011"},
    ),
    "c2b_register_url_request.json": (
        c2b_urls.UrlsBody,
        {"response_type": c2b_urls.Unanswered.COMPLETED, "short_code": "600984"},
    ),
    "dynamic_qr_request.json": (qr.QrBody, {"trx_code": "PB", "cpi": "600984", "size": "300"}),
    "ratiba_create_request.json": (
        standing_order.StandingOrderBody,
        {"frequency": standing_order.Frequency.MONTHLY, "start_date": "20261201"},
    ),
    "pull_register_request.json": (pull.PullRegisterBody, {"nominated_number": "254700000900"}),
    "pull_query_request.json": (pull.PullBody, {"off_set_value": "0", "start_date": "2026-11-20 08:00:00"}),
    "sim_swap_request.json": (sim.SimBody, {"customer_number": "254700000101"}),
    "stk_push_request.json": (
        collect.PushBody,
        {"amount": 1500, "account_reference": "SAV000123", "transaction_desc": "Deposit"},
    ),
    "stk_query_request.json": (enquiry.QueryBody, {"checkout_request_id": HANDLE}),
}

ELSEWHERE = {
    # What the sandbox is asked by a developer, and what we answer.
    "c2b_simulate_request.json",
    "c2b_validation_accept.json",
    "c2b_validation_reject.json",
    "c2b_confirmation_ack.json",
    # What we are told of payments to the paybill.
    "c2b_validation_request.json",
    "c2b_confirmation_v1_hashed.json",
    "c2b_confirmation_v2_masked.json",
}
"""Samples that have a test of their own below or beside."""


@pytest.mark.parametrize("name", READ)
def test_what_daraja_says_is_read_to_its_meaning(name: str) -> None:
    read, expected = READ[name]

    assert read(sample(f"daraja/{name}")) == expected


@pytest.mark.parametrize("name", SENT)
def test_what_we_send_has_the_documented_form(name: str) -> None:
    kind, expected = SENT[name]

    body = msgspec.json.decode(sample(f"daraja/{name}"), type=kind)

    assert {field: getattr(body, field) for field in expected} == expected
    assert body.fields() == json.loads(sample(f"daraja/{name}"))


def test_every_sample_is_expected_to_mean_something() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == {*READ, *SENT, *ELSEWHERE}


RESULTS: dict[str, Callable[[bytes], object]] = {
    "b2c_result_success.json": b2c.read_payout_result,
    "transaction_status_result_completed.json": status.read_status_result,
    "account_balance_result.json": balance.read_balance_result,
    "reversal_result_success.json": reversal.read_reversal_result,
    "b2b_result_success.json": b2b.read_business_result,
}


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize(
    ("field", "value"), [("ResultCode", None), ("ResultCode", [0]), ("OriginatorConversationID", 7)]
)
def test_result_without_code_or_handle_is_refused_by_name(name: str, field: str, value: object) -> None:
    told = json.loads(sample(f"daraja/{name}"))
    told["Result"][field] = value
    told["Result"]["ConversationID"] = None

    with pytest.raises(MalformedResultError) as refused:
        RESULTS[name](json.dumps(told).encode())

    assert refused.value.field in {field, "OriginatorConversationID"}


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"Result": 1}', b"\xff", b"{" * 70_000])
def test_what_is_no_result_is_refused(name: str, body: bytes) -> None:
    with pytest.raises(MalformedResultError):
        RESULTS[name](body)


MONEY_RESULTS = {
    "b2c_result_success.json": ("TransactionAmount", b2c.read_payout_result),
    "transaction_status_result_completed.json": ("Amount", status.read_status_result),
    "reversal_result_success.json": ("Amount", reversal.read_reversal_result),
    "b2b_result_success.json": ("Amount", b2b.read_business_result),
}


@pytest.mark.parametrize("name", MONEY_RESULTS)
@pytest.mark.parametrize("amount", [0, -5, "-1500.00", "1e9", 10**30, "0.001", True, None, {"a": 1}])
def test_success_without_an_amount_anyone_can_mean_is_refused(name: str, amount: object) -> None:
    field, read = MONEY_RESULTS[name]
    told = json.loads(sample(f"daraja/{name}"))
    for item in told["Result"]["ResultParameters"]["ResultParameter"]:
        if item["Key"] == field:
            item["Value"] = amount

    with pytest.raises(MalformedResultError) as refused:
        read(json.dumps(told).encode())

    assert refused.value.field == field


def test_folder_of_samples_names_its_sources() -> None:
    notes = (Path(FOLDER).parent / "README.md").read_text(encoding="utf-8")

    kinds = {path.name.split("_")[0] for path in FOLDER.glob("*.json")}
    assert {kind for kind in kinds if f"`{kind}_" not in notes} == set()
