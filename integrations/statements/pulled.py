"""What did Safaricom answer when asked for transactions? The reply of Pull Transactions, as it was saved."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from core.clock import NAIROBI
from core.errors import StatementUnreadable
from core.money import Currency, Money
from core.reconciliation.model import Fault, Reading, StatementLine, normal_reference
from integrations.statements import cells
from integrations.statements.cells import CellFault


class _Pulled(msgspec.Struct):
    """One transaction. Safaricom writes numbers as numbers and as text, and a Z behind what is Nairobi's time."""

    transactionId: str  # noqa: N815 (Safaricom's own spelling)
    trxDate: str  # noqa: N815 (the same)
    amount: str | int | float
    msisdn: str | int = ""
    sender: str = ""
    transactiontype: str = ""
    billreference: str = ""


class _Reply(msgspec.Struct):
    """Transactions in lists of lists; one reply holds at most what one page does."""

    Response: list[list[msgspec.Raw]] = []


def read(path: Path) -> Reading:
    """The transactions of one reply, or of a reply a line. Raises StatementUnreadable."""
    content = path.read_bytes()
    try:
        replies = _replies(content)
    except msgspec.MsgspecError as error:
        raise StatementUnreadable(name=path.name, why="damaged") from error
    yield from _lines(replies)


def _replies(content: bytes) -> list[_Reply]:
    try:
        return [msgspec.json.decode(content, type=_Reply)]
    except msgspec.DecodeError:
        return msgspec.json.Decoder(_Reply).decode_lines(content)


def _lines(replies: list[_Reply]) -> Iterator[StatementLine | Fault]:
    each = (raw for reply in replies for page in reply.Response for raw in page)
    for number, raw in enumerate(each, 1):
        try:
            yield _line(number, msgspec.json.decode(raw, type=_Pulled))
        except msgspec.MsgspecError as error:
            yield Fault(number, "fields", str(error)[:60])
        except CellFault as fault:
            yield Fault(number, fault.why, fault.text)


def _line(number: int, pulled: _Pulled) -> StatementLine:
    amount = cells.amount(str(pulled.amount), Currency.KES)
    receipt = pulled.transactionId.strip().upper()
    if amount.minor <= 0 or not receipt.isalnum():
        raise CellFault("amount" if amount.minor <= 0 else "receipt", receipt)
    digits = str(pulled.msisdn)
    return StatementLine(
        number=number,
        # A pay-in on the portal's statement has this key too, so that a pull and a statement make one line.
        key=f"{receipt}|pay bill online|{amount.minor}",
        at=cells.moment(pulled.trxDate[:19]).replace(tzinfo=NAIROBI),
        amount=Money(amount.minor, amount.currency),
        receipt=receipt,
        reference=normal_reference(pulled.billreference),
        phone=f"254{digits[-9:]}" if len(digits) >= 9 else digits,  # noqa: PLR2004 (a national number)
        details=pulled.transactiontype,
    )
