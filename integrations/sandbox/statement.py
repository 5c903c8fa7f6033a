"""What would the organisation portal export? The paybill's statement, from the sandbox's own payments.

The header's order and the preamble are those of real exports (five public repositories read them so).
"""

import csv
import io
from datetime import datetime

from core.clock import NAIROBI
from core.money import Currency, Money
from integrations.sandbox.events import PromptAnswered
from integrations.sandbox.memory import Memory
from integrations.sandbox.settings import SandboxSettings

HEADER = (
    "Receipt No.",
    "Completion Time",
    "Initiation Time",
    "Details",
    "Transaction Status",
    "Paid In",
    "Withdrawn",
    "Balance",
    "Balance Confirmed",
    "Reason Type",
    "Other Party Info",
    "Linked Transaction ID",
    "A/C No.",
)


def statement_csv(settings: SandboxSettings, memory: Memory) -> str:
    """Every payment to the paybill since the sandbox began, the newest first, over an opening balance of nothing."""
    lines = []
    balance = Money.zero()
    for payment in memory.payments:
        paid_in = Money(memory.prompts[payment.checkout_id].shillings * Currency.KES.minor_per_major)
        balance += paid_in
        lines.append(_line(memory, payment, paid_in, balance))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([["Organization Name", settings.organisation], ["Paybill", settings.shortcode], []])
    writer.writerow(HEADER)
    writer.writerows(reversed(lines))
    return file.getvalue()


def _line(memory: Memory, payment: PromptAnswered, paid_in: Money, balance: Money) -> list[str]:
    prompt = memory.prompts[payment.checkout_id]
    payer = f"{prompt.phone[:4]}****{prompt.phone[-4:]} - SANDBOX CUSTOMER"
    return [
        payment.receipt,
        _written(payment.at),
        _written(prompt.opened_at),
        f"Pay Bill from {payer} Acc. {prompt.account}",
        "Completed",
        paid_in.plain(),
        "",
        balance.plain(),
        "true",
        "Pay Bill Online",
        payer,
        "",
        prompt.account,
    ]


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(NAIROBI):%d-%m-%Y %H:%M:%S}"
