"""What does an MT940 message say? Read field by field, so that a long file takes no more memory than a short one."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from core.clock import NAIROBI
from core.errors import StatementUnreadable
from core.money import Currency, Money
from core.reconciliation.model import Balances, Fault, Reading, StatementLine
from integrations.statements import cells
from integrations.statements.bank_csv import Ordinals, described
from integrations.statements.cells import CellFault

_TAG: Final = re.compile(r"^:(\d{2}[A-Z]?):(.*)$")
_BALANCE: Final = re.compile(r"^([CD])(\d{6})([A-Z]{3})([\d,]+)$")
_LINE: Final = re.compile(
    r"^(?P<day>\d{6})(?:\d{4})?(?P<side>R?[CD])[A-Z]?(?P<amount>\d+,\d*)[NFS](?P<kind>[A-Z0-9]{3})"
    r"(?P<ours>[^/]*)(?://(?P<bank>.*))?$"
)
_FIELDS_JOINED: Final = {"86": " ", "61": "\n"}
_NOON: Final = 12

_Field = tuple[int, str, str]


def read(path: Path) -> Reading:
    """The lines of every message of the file. The balances are the first opening and the last closing one."""
    fields = _fields(path)
    currency: Currency | None = None
    opening: Money | None = None
    closing: Money | None = None
    ordinals = Ordinals()
    waiting: _Field | None = None
    for number, tag, content in fields:
        if waiting is not None and tag != "86":
            yield _line(waiting, "", currency, ordinals)
            waiting = None
        try:
            match tag:
                case "60F":
                    balance = _balance(path, content)
                    currency = balance.currency
                    opening = opening if opening is not None else balance
                case "62F":
                    closing = _balance(path, content)
                case "61":
                    waiting = (number, tag, content)
                case "86" if waiting is not None:
                    yield _line(waiting, content, currency, ordinals)
                    waiting = None
        except CellFault as fault:
            yield Fault(number, fault.why, fault.text)
    if waiting is not None:
        yield _line(waiting, "", currency, ordinals)
    if opening is not None and closing is not None:
        yield Balances(opening, closing)


def _fields(path: Path) -> Iterator[_Field]:
    """Tag and content; a field runs on over the lines below it."""
    current: tuple[int, str, list[str]] | None = None
    with path.open(encoding="latin-1") as file:
        for number, raw in enumerate(file, 1):
            line = raw.rstrip("\r\n")
            found = _TAG.match(line)
            if found is None:
                if current is not None and line not in {"-", "-}"}:
                    current[2].append(line)
                continue
            if current is not None:
                yield _joined(*current)
            current = (number, found[1], [found[2]])
    if current is not None:
        yield _joined(*current)


def _joined(number: int, tag: str, lines: list[str]) -> _Field:
    return number, tag, _FIELDS_JOINED.get(tag, " ").join(lines)


def _balance(path: Path, content: str) -> Money:
    found = _BALANCE.match(content.strip())
    if found is None:
        raise CellFault("balance", content)
    try:
        currency = Currency(found[3])
    except ValueError as error:
        raise StatementUnreadable(name=path.name, why="currency") from error
    size = cells.european_amount(found[4], currency)
    return size if found[1] == "C" else -size


def _line(
    field: _Field, narration: str, currency: Currency | None, ordinals: Ordinals
) -> StatementLine | Fault:
    number, _, content = field
    found = _LINE.match(content.split("\n")[0].strip())
    if found is None or currency is None:
        return Fault(number, "line", content[:60])
    try:
        size = cells.european_amount(found["amount"], currency)
        day = datetime.strptime(found["day"], "%y%m%d").replace(hour=_NOON, tzinfo=NAIROBI)
    except (CellFault, ValueError):
        return Fault(number, "line", content[:60])
    # RC takes a credit back, RD a debit.
    amount = size if found["side"] in {"C", "RD"} else -size
    ours, bank = found["ours"].strip(), (found["bank"] or "").strip()
    reference = "" if ours == "NONREF" else ours
    return described(
        number=number,
        key=ordinals.key(found["day"], str(amount.minor), ours, bank, narration),
        at=day,
        amount=amount,
        reference=reference,
        narration=" ".join(narration.split()),
    )
