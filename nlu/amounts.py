"""How much money is spoken of? Every amount, exact, with each of its readings.

A number becomes an amount by what stands around it: a currency, a word of size, or nothing that makes it a count, a
code, a time or a secret. What is doubtful has several readings or is left out, because it is asked for then.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from nlu.intents import EntityKind
from nlu.mentions import Mention
from nlu.money_words import (
    COUNTED,
    CURRENCY_BEFORE,
    CURRENCY_BEHIND,
    FOREIGN,
    LEADING,
    NUMBERED,
    SECRETS,
    THINGS,
    TIES,
)
from nlu.number_words import ALSO_OTHER_WORDS, COUNT_BEHIND, COUNT_FIRST, HALVES, SHENG, TEENS, TENS, UNITS
from nlu.numerals import Number, number_at
from nlu.tokens import Tokens

_BEGINNINGS: Final = frozenset(
    {*UNITS, *TEENS, *TENS, *SHENG, *COUNT_BEHIND, *HALVES, *COUNT_FIRST, "a", "an"}
)
_LEAST_ALONE = 10
"""Smaller numbers without a currency choose from a menu, count, or stand for `to` and `for`."""
_MOST = 10**9
_CENTS = Decimal("0.01")
_VERB_STARTS: Final = ("ni", "na", "ku", "nta", "tu")
_SHORTEST_VERB = 5
_SAYS_WHAT: Final = frozenset({"is", "ni", "ndio", "ndiyo", "my", "was", "=", "ilikuwa"})
_COUNTS: Final = frozenset({*UNITS, *TEENS, *TENS})
_SECRET_DIGITS = range(4, 7)
_COUNT_DIGITS = 2
_ACCOUNT_DIGITS = 6
"""Account numbers are longer than most amounts."""
_ACCOUNTS: Final = frozenset({"account", "acc", "akaunti", "ac", "account:", "a/c"})
_REACH = 5
"""How many pieces away the word stands that says what a number is."""
_THANKS: Final = frozenset({"thanks", "thank", "asante", "shukran", "you", "asanteni"})
_LITTLE_WORDS: Final = frozenset({"ya", "za", "wa", "la", "na", "a", "my", "ni", "is", "for", "of", "with"})
_JOINS_SIGNS: Final = frozenset("*#:/@_")


def amounts(tokens: Tokens) -> Iterator[Mention]:
    """Every amount in what is not taken yet; takes nothing."""
    n = 0
    while n < tokens.length:
        if not (tokens.is_number(n) or tokens.words[n] in _BEGINNINGS):
            n += 1
            continue
        number = number_at(tokens, n)
        if number is None:
            n += 1
            continue
        mention = _amount(tokens, n, number)
        if mention is not None:
            yield mention
        n = number.end


def _amount(tokens: Tokens, n: int, number: Number) -> Mention | None:
    first, end = _currency_before(tokens, n), _currency_behind(tokens, number.end)
    has_currency = first < n or end > number.end
    if _is_tied_before(tokens, first) or _is_tied_behind(tokens, number.end, has_currency=has_currency):
        return None
    if _is_of_many_or_foreign(tokens, n, number.end):
        return None
    if not has_currency and not _is_money(tokens, n, number):
        return None
    values = _values(number, has_currency=has_currency)
    if not values:
        return None
    return Mention(EntityKind.AMOUNT, values, tokens.starts[first], tokens.ends[end - 1])


def _currency_before(tokens: Tokens, n: int) -> int:
    """Where the amount begins: at the currency before the number, or at the number."""
    at = n - 1
    if at > 0 and tokens.words[at] in {".", ":"} and (tokens.is_tight(at - 1) or not tokens.is_tight(at)):
        at -= 1
    return at if at >= 0 and tokens.words[at] in CURRENCY_BEFORE else n


def _currency_behind(tokens: Tokens, end: int) -> int:
    """Where the amount ends: `500 bob`, `500/=`, `500/-`, `500=`."""
    word = tokens.words[end]
    if word in CURRENCY_BEHIND:
        return end + 1
    if word == "kenya" and tokens.words[end + 1] in CURRENCY_BEHIND:
        return end + 2
    if word == "/" and tokens.words[end + 1] in {"=", "-"} and tokens.is_tight(end - 1):
        return end + 2
    return end + 1 if word == "=" and tokens.is_tight(end - 1) else end


def _is_tied_before(tokens: Tokens, n: int) -> bool:
    """Whether letters or signs run into the amount: `b4`, `*384`, `1/2`, `10:30`, `-500`, but not `5k-10k`."""
    before = tokens.before(n)
    if not n or not tokens.is_tight(n - 1):
        return before == "asilimia"
    is_third_tied = n > 1 and tokens.is_tight(n - 2)
    if before in {"-", "\u2212"}:
        return not (is_third_tied and tokens.said[n - 2][-1].isalnum())
    if before == ".":
        # `.50`, but not `Kshs.50`.
        return not is_third_tied
    return before in _JOINS_SIGNS or before.isalpha()


def _is_tied_behind(tokens: Tokens, end: int, *, has_currency: bool) -> bool:
    """Whether the number runs into letters or signs, or is a percentage: `5pm`, `1/2`, `384*`, `2.5%`."""
    behind = tokens.said[end]
    if behind in {"%", "percent", "asilimia"} or (behind == "per" and tokens.said[end + 1] == "cent"):
        return True
    if _is_broken_number(tokens, end):
        return True
    if has_currency or end >= tokens.length or not tokens.is_tight(end - 1):
        return False
    if behind in {"-", "_"} and tokens.said[end + 1] in _BEGINNINGS:
        return True
    return behind in _JOINS_SIGNS or (behind.isalpha() and tokens.said[end - 1][-1:].isdigit())


def _is_broken_number(tokens: Tokens, end: int) -> bool:
    """`50 00`: digits with a nought before them belong to what stands before."""
    word = tokens.words[end]
    return word[:1] == "0" and word.isdigit() and len(word) <= 3  # noqa: PLR2004 - longer ones are phones


def _is_of_many_or_foreign(tokens: Tokens, n: int, end: int) -> bool:
    """`one twenty thousand`, `mara mbili ya 5000`, `$100`, `50 cents`: not this many shillings."""
    before, behind = tokens.words[n - 1] if n else "", tokens.words[end]
    if before in _COUNTS or before in FOREIGN or behind in FOREIGN:
        return True
    if "mara" in tokens.words[max(0, n - 3) : n] or before in {"twice", "double", "x"}:
        return True
    return behind in {"each", "apiece", "x", "times"} or (
        behind == "kila" and tokens.words[end + 1] in {"mmoja", "mtu"}
    )


def _is_money(tokens: Tokens, n: int, number: Number) -> bool:
    """Whether a number without a currency is meant as an amount."""
    before, behind = tokens.before(n), tokens.said[number.end]
    if number.is_bare_size:
        is_led = _leads(before) and not (tokens.words[n] in ALSO_OTHER_WORDS and before in _LITTLE_WORDS)
        is_slang_first = n == 0 and tokens.words[n] in SHENG and tokens.words[n] not in ALSO_OTHER_WORDS
        return (is_led or is_slang_first or tokens.length == 1) and not (
            tokens.words[n] == "mia" and behind == "kwa"
        )
    if number.is_half_alone:
        return _leads(before) or number.end == tokens.length
    if number.has_size:
        return not (
            before in _THANKS or before in {"watu", "people"} or behind in {"times", "people", "watu"}
        )
    if not number.is_digits:
        return _leads(before) and behind not in COUNTED
    return not _is_name_or_count(tokens, n, number.end)


def _leads(word: str) -> bool:
    """Whether money is to be expected behind this word: one of a list, or a Swahili verb such as `nisave`."""
    return word in LEADING or (len(word) >= _SHORTEST_VERB and word.startswith(_VERB_STARTS))


def _is_name_or_count(tokens: Tokens, n: int, end: int) -> bool:
    """Whether digits are a code, a secret or a count of things."""
    said = tokens.said
    tied = _tied_before(tokens, n)
    if tied in NUMBERED or tokens.words[end] in COUNTED:
        return True
    digits = sum(map(len, said[n:end]))
    if digits <= _COUNT_DIGITS and tokens.before(n) in THINGS:
        return True
    if digits in _SECRET_DIGITS and (tied in SECRETS or _tied_behind(tokens, end) in SECRETS):
        return True
    return tied in _ACCOUNTS and digits >= _ACCOUNT_DIGITS


def _tied_before(tokens: Tokens, n: int) -> str:
    """The word that says what a number is: `pin yangu ni 1234`, `member no 3321`."""
    for at in range(n - 1, max(n - _REACH, 0) - 1, -1):
        if tokens.said[at] not in TIES or tokens.said[at] in NUMBERED:
            return tokens.said[at]
    return ""


def _tied_behind(tokens: Tokens, end: int) -> str:
    """`1234 is my pin`; in `5000 pin 1234` the amount is not."""
    if tokens.said[end] not in _SAYS_WHAT:
        return ""
    return next((word for word in tokens.said[end : end + _REACH] if word not in TIES), "")


def _values(number: Number, *, has_currency: bool) -> tuple[str, ...]:
    readings = number.readings
    if number.is_half_alone and not has_currency:
        # One and a half of what? Thousands in a shop, lakhs in a bank.
        readings = (readings[0] * 1000, readings[0] * 100_000)
    least = 0 if has_currency or number.has_size else _LEAST_ALONE
    if max(readings) < least or any(each != each.quantize(_CENTS) for each in readings):
        return ()
    return tuple(dict.fromkeys(_written(each) for each in readings if 0 < each < _MOST))


def _written(value: Decimal) -> str:
    """`2500`, or `2500.50` where there are cents."""
    return str(int(value)) if value == value.to_integral_value() else f"{value:.2f}"
