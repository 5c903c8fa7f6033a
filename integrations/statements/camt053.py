"""What does a CAMT.053 message say? Entry by entry, in any of its versions: elements are known by their local names."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from core.errors import StatementUnreadable
from core.money import Currency, Money
from core.reconciliation.model import Balances, Fault, Reading, Skipped, StatementLine
from integrations.statements import cells
from integrations.statements.bank_csv import Ordinals, described
from integrations.statements.cells import CellFault

_OPENING: Final = frozenset({"OPBD", "PRCD"})
_CLOSING: Final = "CLBD"
_BOOKED: Final = "BOOK"


def read(path: Path) -> Reading:
    """The booked entries; pending ones are skipped. Raises StatementUnreadable for broken or dangerous XML."""
    opening: Money | None = None
    closing: Money | None = None
    ordinals = Ordinals()
    number = 0
    for element in _finished(path):
        name = _name(element)
        try:
            if name == "Bal":
                code, balance = _balance(element)
                opening = balance if code in _OPENING and opening is None else opening
                closing = balance if code == _CLOSING else closing
            elif name == "Ntry":
                number += 1
                yield _entry(number, element, ordinals)
        except CellFault as fault:
            yield Fault(number, fault.why, fault.text)
        if name in {"Bal", "Ntry"}:
            element.clear()
    if opening is not None and closing is not None:
        yield Balances(opening, closing)


def _finished(path: Path) -> Iterator[Element]:
    """Elements as they end. What was read is let go, so that memory does not grow with the file."""
    open_ones: list[Element] = []
    try:
        for event, element in iterparse(str(path), events=("start", "end")):
            if event == "start":
                open_ones.append(element)
                continue
            open_ones.pop()
            yield element
            if open_ones and _name(element) == "Ntry":
                open_ones[-1].remove(element)
    except (ParseError, DefusedXmlException) as error:
        raise StatementUnreadable(name=path.name, why="damaged") from error


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _find(element: Element, *path: str) -> Element | None:
    """The first element down this path of local names."""
    for name in path:
        found = next((child for child in element if _name(child) == name), None)
        if found is None:
            return None
        element = found
    return element


def _text(element: Element, *path: str) -> str:
    found = _find(element, *path)
    return (found.text or "").strip() if found is not None else ""


def _money(element: Element) -> Money:
    amount = _find(element, "Amt")
    side = _text(element, "CdtDbtInd")
    if amount is None or side not in {"CRDT", "DBIT"}:
        raise CellFault("amount", side)
    try:
        currency = Currency(amount.get("Ccy", ""))
    except ValueError as error:
        raise CellFault("currency", amount.get("Ccy", "")) from error
    size = cells.amount(amount.text, currency)
    return size if side == "CRDT" else -size


def _balance(element: Element) -> tuple[str, Money]:
    return _text(element, "Tp", "CdOrPrtry", "Cd"), _money(element)


def _entry(number: int, element: Element, ordinals: Ordinals) -> StatementLine | Skipped:
    # From version 8 on the status is a code within the element.
    status = _text(element, "Sts", "Cd") or _text(element, "Sts")
    if status and status != _BOOKED:
        return Skipped(number)
    amount = _money(element)
    if not amount:
        raise CellFault("amount", "0")
    day = (
        _text(element, "BookgDt", "Dt") or _text(element, "BookgDt", "DtTm") or _text(element, "ValDt", "Dt")
    )
    details = _find(element, "NtryDtls", "TxDtls")
    end_to_end = _text(details, "Refs", "EndToEndId") if details is not None else ""
    narration = _narration(element, details)
    bank = _text(element, "AcctSvcrRef")
    return described(
        number=number,
        key=ordinals.key(bank, end_to_end, str(amount.minor), day[:10]),
        at=cells.moment(day[:19]),
        amount=amount,
        reference="" if end_to_end in {"", "NOTPROVIDED"} else end_to_end,
        narration=narration,
    )


def _narration(element: Element, details: Element | None) -> str:
    said = [_text(element, "AddtlNtryInf")]
    if details is not None:
        remittance = _find(details, "RmtInf")
        said += [(each.text or "").strip() for each in remittance or () if _name(each) == "Ustrd"]
        said.append(_text(details, "RltdPties", "Dbtr", "Nm"))
    return " ".join(part for part in said if part)
