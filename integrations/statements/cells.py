"""What does a cell of a statement say? Amounts, moments, phones and names, as portals and spreadsheets write them."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from core.clock import NAIROBI
from core.money import Currency, Money

Cell = str | int | float | Decimal | datetime | date | time | bool | None
"""What a table holds: text from CSV, anything from a spreadsheet."""


class CellFault(Exception):
    """A cell can't be read; `why` is a short stable word."""

    def __init__(self, why: str, text: str) -> None:
        super().__init__(why)
        self.why = why
        self.text = text[:60]


_AMOUNT: Final = re.compile(r"^(?:KES|KSH|KSHS|USD|EUR|GBP|UGX|TZS)?\.?\s*([-+]?)([\d,]*\.?\d*)(-?)$")
_GROUPED: Final = re.compile(r"^(\d{1,3}(,\d{2,3})*|\d*)(\.\d*)?$")
_MOMENT: Final = re.compile(
    r"^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(AM|PM)?)?Z?$"
)
_SERIAL: Final = re.compile(r"^\d{5}(\.\d+)?$")
_SPREADSHEET_BEGAN: Final = datetime(1899, 12, 30)  # noqa: DTZ001 (a spreadsheet's day 0 has no zone)
_NOON: Final = 12
_YEAR_DIGITS: Final = 4


def words(cell: Cell) -> str:
    """As text in one line."""
    if cell is None:
        return ""
    return " ".join(str(cell).replace("\x00", "").split())


def amount(cell: Cell, currency: Currency) -> Money:
    """Nothing for an empty cell. Below zero for a minus on either side or brackets. Raises CellFault.

    >>> amount("(1,500.00)", Currency.KES).minor, amount("-2,500.5", Currency.KES).minor, amount("", Currency.KES).minor
    (-150000, -250050, 0)
    """
    if isinstance(cell, (bool, datetime | date | time)):
        raise CellFault("amount", str(cell))
    if isinstance(cell, int | float | Decimal):
        return _exact(Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell), cell, currency)
    text = words(cell).upper().replace(" ", "").replace("/=", "")
    if text in {"", "-", "--"}:
        return Money.zero(currency)
    in_brackets = text.startswith("(") and text.endswith(")")
    found = _AMOUNT.match(text[1:-1] if in_brackets else text)
    if found is None or not _GROUPED.match(found[2]) or not found[2].strip(",."):
        raise CellFault("amount", text)
    size = Decimal(found[2].replace(",", ""))
    is_below = in_brackets or "-" in {found[1], found[3]}
    return _exact(-size if is_below else size, text, currency)


def european_amount(text: str, currency: Currency) -> Money:
    """With a comma before the cents, as in MT940. Raises CellFault."""
    if not re.fullmatch(r"\d{1,15},\d{0,3}", text):
        raise CellFault("amount", text)
    return amount(text.replace(",", "."), currency)


def _exact(size: Decimal, cell: Cell, currency: Currency) -> Money:
    try:
        minor = size * currency.minor_per_major
    except InvalidOperation as error:
        raise CellFault("amount", str(cell)) from error
    if not minor.is_finite() or minor != minor.to_integral_value() or abs(minor) > 10**15:
        raise CellFault("amount", str(cell))
    return Money(int(minor), currency)


def moment(cell: Cell) -> datetime:
    """A moment in Nairobi; noon for a day alone. Year first or day first; a spreadsheet's number too. Raises CellFault.

    >>> moment("20-11-2026 11:34:12").isoformat(), moment("2026-11-20 11:34").isoformat()
    ('2026-11-20T11:34:12+03:00', '2026-11-20T11:34:00+03:00')
    """
    if isinstance(cell, datetime):
        return _in_nairobi(cell)
    if isinstance(cell, date):
        return datetime.combine(cell, time(_NOON), NAIROBI)
    if isinstance(cell, (bool, time)):
        raise CellFault("date", str(cell))
    text = words(cell).upper()
    if _SERIAL.match(text):
        return _from_serial(Decimal(text))
    found = _MOMENT.match(text)
    if found is None:
        raise CellFault("date", text)
    try:
        return _built(found, text)
    except ValueError as error:
        raise CellFault("date", text) from error


def _built(found: re.Match[str], text: str) -> datetime:
    first, month, last = found[1], int(found[2]), found[3]
    if len(first) == _YEAR_DIGITS:
        year, day = int(first), int(last)
    elif len(last) == _YEAR_DIGITS:
        year, day = int(last), int(first)
    else:
        raise CellFault("date", text)
    if found[4] is None:
        return datetime(year, month, day, _NOON, tzinfo=NAIROBI)
    hour = int(found[4])
    if found[7]:
        hour = hour % _NOON + (_NOON if found[7] == "PM" else 0)
    return datetime(year, month, day, hour, int(found[5]), int(found[6] or 0), tzinfo=NAIROBI)


def _from_serial(days: Decimal) -> datetime:
    seconds = int((days * 86400).to_integral_value())
    return (_SPREADSHEET_BEGAN + timedelta(seconds=seconds)).replace(tzinfo=NAIROBI)


def _in_nairobi(when: datetime) -> datetime:
    return when.replace(tzinfo=NAIROBI) if when.tzinfo is None else when.astimezone(NAIROBI)


_PARTY: Final = re.compile(r"^(?:\+)?([\d*Xx•]{9,15})(?:\s*-\s*(.*))?$")


def party(text: str) -> tuple[str, str]:
    """Number and name of `2547****0101 - JANE DEMO`; the number is empty where there is none.

    >>> party("2547****0101 - JANE DEMO")
    ('2547****0101', 'JANE DEMO')
    """
    found = _PARTY.match(text.strip())
    if found is None:
        return "", text.strip()
    return found[1].translate(_HIDDEN), (found[2] or "").strip()


_HIDDEN: Final = str.maketrans("Xx•", "***")
_PHONE_WITHIN: Final = re.compile(r"(?<![\dA-Z*])(?:\+?254|0)[17][\d*]{8}(?![\d*])")


def phone_within(text: str) -> str:
    """The first Kenyan number in a narration, as digits.

    >>> phone_within("MPESA 0700000101 JANE")
    '254700000101'
    """
    found = _PHONE_WITHIN.search(text)
    if found is None:
        return ""
    digits = found[0].removeprefix("+")
    return f"254{digits[1:]}" if digits.startswith("0") else digits


_RECEIPT_WITHIN: Final = re.compile(r"\b(?=[A-Z0-9]{10}\b)(?=[A-Z]*\d)[A-Z]{2}[A-Z0-9]{8}\b")


def receipt_within(text: str) -> str:
    """The first M-Pesa receipt in a narration: ten capitals and digits that begin with two letters.

    >>> receipt_within("MPESA UKJ4DEMO71 JANE")
    'UKJ4DEMO71'
    """
    found = _RECEIPT_WITHIN.search(text.upper())
    return found[0] if found else ""


_ACCOUNT_WITHIN: Final = re.compile(
    r"\bACC(?:OUNT|T)?\.?\s*(?:NO\.?)?\s*[:#]?\s*([A-Z0-9/-]{3,25})", re.IGNORECASE
)


def account_within(text: str) -> str:
    """The account that a payer named, of `... Acc. SAV000123`; empty where none stands.

    >>> account_within("Pay Bill from 2547****0101 - JANE DEMO Acc. SAV000123")
    'SAV000123'
    """
    found = _ACCOUNT_WITHIN.search(text)
    return found[1] if found else ""
