"""What does each sample about payouts, questions, reversals and the smaller products mean?"""

from datetime import date

from core.money import Money
from core.payments.ports import Outcome, SendVerdict
from integrations.daraja import (
    b2b,
    b2c,
    balance,
    pull,
    qr,
    reversal,
    sim,
    standing_order,
    status,
    till_prompt,
)
from integrations.daraja.acknowledgement import Acknowledgement
from integrations.daraja.balance import AccountFunds
from integrations.daraja.codes import Api, Reason
from integrations.daraja.question import Unanswered
from integrations.daraja.results import QueueTimeout, read_queue_timeout
from tests.integrations.daraja.sample_reading import (
    OURS,
    PROCESSED,
    QUESTION,
    THEIRS,
    Reader,
    accepted,
    answered,
    at,
    not_paid_out,
    not_reversed,
    parsed,
)

READ_OUT: dict[str, tuple[Reader, object]] = {
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
