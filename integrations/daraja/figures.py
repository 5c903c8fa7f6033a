"""How does Daraja write amounts and moments? Exact money and Nairobi's time, or nothing at all."""

from datetime import datetime
from decimal import Decimal

from core.clock import NAIROBI
from core.errors import InvalidAmount
from core.money import Currency, Money

_MOST_DIGITS = 20
_LARGEST_EXPONENT = 10
_FORMS = ("%Y%m%d%H%M%S", "%d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S")


def amount_in(value: object) -> Money | None:
    """Exact shillings and cents of not less than nothing, from a number or text; None for anything else.

    >>> amount_in("1500.00"), amount_in(1500) == amount_in("1,500"), amount_in("0.008"), amount_in(True)
    (Money(minor=150000, currency=<Currency.KES: 'KES'>), True, None, None)
    """
    text = _plain(value)
    if text is None:
        return None
    try:
        return Money.parse(text)
    except InvalidAmount:
        return None


def balance_in(value: object) -> Money | None:
    """The same, where less than nothing is possible too.

    >>> balance_in("-1980.00").minor
    -198000
    """
    text = _plain(value)
    if text is None:
        return None
    amount = amount_in(text.removeprefix("-"))
    return -amount if amount is not None and text.startswith("-") else amount


def moment_in(value: object) -> datetime | None:
    """A moment in one of the forms seen; where no zone is written it is Kenyan time.

    >>> moment_in(20261120103102) == moment_in("20.11.2026 10:31:02")
    True
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    for form in _FORMS:
        try:
            # The pull feed ends its times in Z and means Kenyan time all the same.
            return datetime.strptime(str(value).strip(), form).replace(tzinfo=NAIROBI)
        except ValueError:
            continue
    return None


def whole_shillings(amount: Money) -> int | None:
    """The shillings of an amount that M-Pesa can move: whole ones, at least one; None for any other."""
    shillings, cents = divmod(amount.minor, Currency.KES.minor_per_major)
    return None if amount.currency is not Currency.KES or cents or shillings < 1 else shillings


def _plain(value: object) -> str | None:
    """A number written out, unless writing it out would itself be an attack (1E+999999999)."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    _, digits, exponent = Decimal(value).as_tuple()
    if len(digits) > _MOST_DIGITS or not isinstance(exponent, int) or abs(exponent) > _LARGEST_EXPONENT:
        return None
    return format(Decimal(value), "f")
