"""How does Daraja word the outcome of a prompt? Callback bodies and result texts, as captured callbacks show them."""

from datetime import datetime
from types import MappingProxyType

import msgspec

from core.clock import NAIROBI
from integrations.sandbox.events import PromptAnswered, PromptOpened

PAID = "0"
LAPSED = "1037"
CANCELLED = "1032"
WRONG_PIN = "2001"
RULE_LIMITED = "17"

_TEXTS = MappingProxyType(
    {
        PAID: "The service request is processed successfully.",
        "1": "The balance is insufficient for the transaction.",
        "8": "The transaction would exceed the maximum balance of the receiving account.",
        RULE_LIMITED: "Rule limited.",
        "1019": "Transaction has expired.",
        "1025": "An error occurred while sending a push request.",
        CANCELLED: "Request cancelled by user",
        LAPSED: "DS timeout user cannot be reached",
        WRONG_PIN: "The initiator information is invalid.",
    }
)


def result_text(result_code: str) -> str:
    """The ResultDesc that comes with a code."""
    return _TEXTS.get(result_code, "The request could not be completed.")


def callback_body(prompt: PromptOpened, result_code: str, *, receipt: str = "", at: datetime) -> str:
    """The stkCallback: with items only when paid, their money a number with a point, Balance without a value."""
    callback: dict[str, object] = {
        "MerchantRequestID": prompt.merchant_id,
        "CheckoutRequestID": prompt.checkout_id,
        "ResultCode": int(result_code) if result_code.isdigit() else result_code,
        "ResultDesc": result_text(result_code),
    }
    if result_code == PAID:
        items = [
            {"Name": "Amount", "Value": msgspec.Raw(f"{prompt.shillings}.00".encode())},
            {"Name": "MpesaReceiptNumber", "Value": receipt},
            {"Name": "Balance"},
            {"Name": "TransactionDate", "Value": int(f"{at.astimezone(NAIROBI):%Y%m%d%H%M%S}")},
            {"Name": "PhoneNumber", "Value": int(prompt.phone)},
        ]
        callback["CallbackMetadata"] = {"Item": items}
    return msgspec.json.encode({"Body": {"stkCallback": callback}}).decode()


def answer_body(prompt: PromptOpened, answer: PromptAnswered) -> str:
    """The callback that tells the truth about an answered prompt."""
    return callback_body(prompt, answer.result_code, receipt=answer.receipt, at=answer.at)
