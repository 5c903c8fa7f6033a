"""What does a bank's CSV or Excel export say? Layouts differ and change, so columns are known by the words for them."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from core.errors import StatementUnreadable
from core.money import Currency, Money
from core.reconciliation.model import Balances, Fault, Reading, StatementLine, normal_reference
from integrations.statements import cells
from integrations.statements.cells import CellFault
from integrations.statements.mpesa import columns, kind_of
from integrations.statements.rows import Row

_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "date": frozenset({"date", "transactiondate", "trandate", "postingdate", "bookingdate", "txndate"}),
    "narration": frozenset(
        {"narration", "narrative", "description", "details", "particulars", "transactiondetails", "remarks"}
    ),
    "reference": frozenset(
        {"reference", "ref", "referenceno", "transactionreference", "chequeno", "refno", "transactionid"}
    ),
    "debit": frozenset({"debit", "withdrawal", "withdrawals", "moneyout", "debitamount", "dr", "paidout"}),
    "credit": frozenset({"credit", "deposit", "deposits", "moneyin", "creditamount", "cr", "paidin"}),
    "amount": frozenset({"amount", "transactionamount"}),
    "balance": frozenset({"balance", "runningbalance", "closingbalance", "ledgerbalance", "bookbalance"}),
}


def _known(row: Row) -> Mapping[str, int]:
    named = columns(row)
    return {
        meaning: named[word] for meaning, some in _WORDS.items() for word in sorted(some) if word in named
    }


def is_header(row: Row) -> bool:
    """A date, words, and an amount or both sides of it."""
    known = _known(row).keys()
    return {"date", "narration"} <= known and ("amount" in known or {"debit", "credit"} <= known)


class Ordinals:
    """Tells lines apart that say the same on the same day: the first, the second, and so on.

    A file that overlaps another holds whole days, so a line has the same number in both.
    """

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def key(self, *facts: str) -> str:
        digest = hashlib.blake2b("\x1f".join(facts).encode(), digest_size=12).digest()
        self._seen[digest] += 1
        return f"{digest.hex()}:{self._seen[digest]}"


def read(name: str, rows: Iterator[Row], currency: Currency = Currency.KES) -> Reading:
    """Lines from the header on. Raises StatementUnreadable where there is no header."""
    at = next((_known(row) for row in rows if is_header(row)), None)
    if at is None:
        raise StatementUnreadable(name=name, why="header")
    ordinals = Ordinals()
    ends: list[tuple[StatementLine, Money]] = []
    for row in rows:
        if row.is_garbled:
            yield Fault(row.number, "encoding", cells.words(row.cells[0])[:60])
            continue
        try:
            line, balance = _line(at, row, ordinals, currency)
        except CellFault as fault:
            if _is_footer(at, row):
                continue
            yield Fault(row.number, fault.why, fault.text)
            continue
        if balance is not None:
            ends = [*ends[:1], (line, balance)]
        yield line
    balances = _balances(ends)
    if balances is not None:
        yield balances


def _text(at: Mapping[str, int], row: Row, meaning: str) -> str:
    place = at.get(meaning)
    return cells.words(row.cells[place]) if place is not None and place < len(row.cells) else ""


def _is_footer(at: Mapping[str, int], row: Row) -> bool:
    """Opening and closing balances and totals, which have no amounts of their own or no date."""
    said = " ".join(cells.words(cell) for cell in row.cells).lower()
    summed = any(word in said for word in ("total", "opening balance", "closing balance", "brought forward"))
    return summed and (not _text(at, row, "date") or not (_text(at, row, "debit") + _text(at, row, "credit")))


def _line(
    at: Mapping[str, int], row: Row, ordinals: Ordinals, currency: Currency
) -> tuple[StatementLine, Money | None]:
    place = at["date"]
    when = cells.moment(row.cells[place] if place < len(row.cells) else None)
    amount = _amount(at, row, currency)
    narration, reference = _text(at, row, "narration"), _text(at, row, "reference")
    balance = _text(at, row, "balance")
    line = described(
        number=row.number,
        key=ordinals.key(when.isoformat(), str(amount.minor), reference, narration),
        at=when,
        amount=amount,
        reference=reference,
        narration=narration,
    )
    return line, cells.amount(balance, currency) if balance else None


def _amount(at: Mapping[str, int], row: Row, currency: Currency) -> Money:
    if "amount" in at:
        amount = cells.amount(_cell(at, row, "amount"), currency)
    else:
        debit = cells.amount(_cell(at, row, "debit"), currency)
        credit = cells.amount(_cell(at, row, "credit"), currency)
        if bool(debit) and bool(credit):
            raise CellFault("amount", f"{debit.plain()} {credit.plain()}")
        amount = credit or Money(-abs(debit.minor), currency)
    if not amount:
        raise CellFault("amount", "")
    return amount


def _cell(at: Mapping[str, int], row: Row, meaning: str) -> cells.Cell:
    place = at[meaning]
    return row.cells[place] if place < len(row.cells) else None


def _balances(ends: list[tuple[StatementLine, Money]]) -> Balances | None:
    if len(ends) < 2:  # noqa: PLR2004 (both ends)
        return None
    (first, first_balance), (last, last_balance) = ends
    if first.at == last.at:
        return None
    if first.at > last.at:
        return Balances(last_balance - last.amount, first_balance)
    return Balances(first_balance - first.amount, last_balance)


def described(
    *, number: int, key: str, at: datetime, amount: Money, reference: str, narration: str
) -> StatementLine:
    """A bank's line with what can be read out of its narration: a receipt, a phone, an account."""
    said = f"{reference} {narration}"
    return StatementLine(
        number=number,
        key=key,
        at=at,
        amount=amount,
        kind=kind_of(narration),
        receipt=cells.receipt_within(said),
        reference=normal_reference(cells.account_within(narration) or reference),
        phone=cells.phone_within(narration),
        details=narration[:500],
    )
