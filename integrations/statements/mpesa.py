"""What does an export of the M-Pesa organisation portal say? CSV or Excel, in every variation that has been seen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from core.errors import StatementUnreadable
from core.money import Currency, Money
from core.reconciliation.model import (
    Balances,
    Fault,
    LineKind,
    Reading,
    Skipped,
    StatementLine,
    normal_reference,
)
from integrations.statements import cells
from integrations.statements.cells import Cell, CellFault
from integrations.statements.rows import Row

FIRST_CELL: Final = "receiptno"
NEEDED: Final = frozenset({"receiptno", "completiontime", "transactionstatus", "paidin", "withdrawn"})
_MOVED: Final = "completed"
_RECEIPT_LENGTHS: Final = range(6, 21)


def columns(row: Row) -> Mapping[str, int]:
    """Places of the columns by their names without blanks and stops.

    >>> dict(columns(Row(1, ["Receipt No.", "Paid In"])))
    {'receiptno': 0, 'paidin': 1}
    """
    named: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        name = normal_reference(cells.words(cell)).lower()
        if name:
            named.setdefault(name, place)
    return named


def is_header(row: Row) -> bool:
    named = columns(row)
    return FIRST_CELL in named and named[FIRST_CELL] == min(named.values())


@dataclass(slots=True)
class _Ends:
    """Balances at the file's ends as it goes by, whichever end is the newer."""

    first: StatementLine | None = None
    first_balance: Money | None = None
    last: StatementLine | None = None
    last_balance: Money | None = None
    are_confirmed: bool = True

    def pass_by(self, line: StatementLine, balance: Money | None, *, is_confirmed: bool) -> None:
        if self.first is None:
            self.first, self.first_balance = line, balance
        self.last, self.last_balance = line, balance
        self.are_confirmed &= is_confirmed and balance is not None

    def balances(self) -> Balances | None:
        """None where a balance is missing or not confirmed, or the order can't be told."""
        if self.first is None or self.last is None or not self.are_confirmed:
            return None
        if self.first_balance is None or self.last_balance is None or self.first.at == self.last.at:
            return None
        if self.first.at > self.last.at:
            return Balances(self.last_balance - self.last.amount, self.first_balance)
        return Balances(self.first_balance - self.first.amount, self.last_balance)


def read(name: str, rows: Iterator[Row]) -> Reading:
    """Lines from the header on; what is not completed is skipped. Raises StatementUnreadable for missing columns."""
    at = _header(name, rows)
    ends = _Ends()
    for row in rows:
        if row.is_garbled:
            yield Fault(row.number, "encoding", cells.words(row.cells[0])[:60])
        elif not is_header(row):
            try:
                yield from _line(_Named(at, row), ends)
            except CellFault as fault:
                yield Fault(row.number, fault.why, fault.text)
    balances = ends.balances()
    if balances is not None:
        yield balances


def _header(name: str, rows: Iterator[Row]) -> Mapping[str, int]:
    for row in rows:
        if is_header(row):
            named = columns(row)
            if not named.keys() >= NEEDED:
                raise StatementUnreadable(name=name, why="columns")
            return named
    raise StatementUnreadable(name=name, why="header")


class _Named:
    """One row by the names of its columns."""

    __slots__ = ("_at", "_cells", "number")

    def __init__(self, at: Mapping[str, int], row: Row) -> None:
        self._at = at
        self._cells = row.cells
        self.number = row.number

    def cell(self, name: str) -> Cell:
        place = self._at.get(name)
        return self._cells[place] if place is not None and place < len(self._cells) else None

    def text(self, name: str) -> str:
        return cells.words(self.cell(name))


def _line(row: _Named, ends: _Ends) -> Iterator[StatementLine | Skipped]:
    if row.text("transactionstatus").lower() != _MOVED:
        if not row.text("transactionstatus"):
            raise CellFault("status", "")
        yield Skipped(row.number)
        return
    amount = _moved(row)
    receipt = row.text("receiptno").upper()
    if len(receipt) not in _RECEIPT_LENGTHS or not receipt.isalnum():
        raise CellFault("receipt", receipt)
    line = _built(row, receipt, amount)
    balance = cells.amount(row.cell("balance"), Currency.KES) if row.text("balance") else None
    is_confirmed = row.text("balanceconfirmed").lower() in {"true", "yes", "1"}
    ends.pass_by(line, balance, is_confirmed=is_confirmed)
    yield line


def _moved(row: _Named) -> Money:
    """Paid in, less withdrawn, which some exports write below zero. One of the two is there."""
    paid_in = cells.amount(row.cell("paidin"), Currency.KES)
    withdrawn = cells.amount(row.cell("withdrawn"), Currency.KES)
    if bool(paid_in) == bool(withdrawn) or paid_in.minor < 0:
        raise CellFault("amount", f"{row.text('paidin')} {row.text('withdrawn')}")
    return paid_in or Money(-abs(withdrawn.minor), Currency.KES)


def _built(row: _Named, receipt: str, amount: Money) -> StatementLine:
    details, reason = row.text("details"), row.text("reasontype")
    phone, name = cells.party(row.text("otherpartyinfo"))
    return StatementLine(
        number=row.number,
        key=f"{receipt}|{reason.lower()}|{amount.minor}",
        at=cells.moment(row.cell("completiontime")),
        amount=amount,
        kind=kind_of(reason or details),
        receipt=receipt,
        linked=row.text("linkedtransactionid").upper(),
        reference=normal_reference(row.text("acno") or cells.account_within(details)),
        phone=phone,
        name=name,
        details=details[:500],
    )


def kind_of(reason: str) -> LineKind:
    """By the words that the provider uses for it."""
    said = reason.lower()
    if "charge" in said or "tariff" in said or " fee" in said:
        return LineKind.CHARGE
    return LineKind.REVERSAL if "revers" in said else LineKind.MOVEMENT
