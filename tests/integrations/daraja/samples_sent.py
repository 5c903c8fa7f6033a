"""What does each sample of a request of ours say?"""

from integrations.daraja import (
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
)
from integrations.daraja.wire import Body
from tests.integrations.daraja.sample_reading import (
    HANDLE,
    OURS,
)

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
