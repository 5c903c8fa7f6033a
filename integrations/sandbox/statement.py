"""What would the organisation portal export? The statement of one of the paybill's accounts, from M-Pesa's own book.

The header's order and the preamble are those of real exports (five public repositories read them so).
"""

import csv
import io
from datetime import datetime

from core.clock import NAIROBI
from integrations.sandbox.events import AccountName
from integrations.sandbox.paybill_book import DETAILS, Line, PaybillBook
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


def statement_csv(settings: SandboxSettings, book: PaybillBook, account: AccountName) -> str:
    """Every movement of one account since the sandbox began, the newest first. Each account has its own file."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([["Organization Name", settings.organisation], ["Paybill", settings.shortcode], []])
    writer.writerow(HEADER)
    writer.writerows(_line(line) for line in reversed(book.lines(account)))
    return file.getvalue()


def _line(line: Line) -> list[str]:
    movement = line.movement
    party = _party(movement.counterparty)
    return [
        movement.receipt,
        _written(movement.at),
        _written(movement.started_at),
        DETAILS[movement.kind].format(party=party, reference=movement.reference, linked=movement.linked),
        "Completed",
        line.paid_in.plain() if line.paid_in else "",
        f"-{line.withdrawn.plain()}" if line.withdrawn else "",
        line.balance.plain(),
        "true",
        movement.kind.value,
        party,
        movement.linked,
        movement.reference,
    ]


def _party(counterparty: str) -> str:
    """A customer's number is masked, a shortcode is not."""
    if not counterparty.startswith("254"):
        return f"{counterparty} - SANDBOX BUSINESS"
    return f"{counterparty[:4]}****{counterparty[-4:]} - SANDBOX CUSTOMER"


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(NAIROBI):%d-%m-%Y %H:%M:%S}"
