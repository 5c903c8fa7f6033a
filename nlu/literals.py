"""What can a number written in digits mean? `2,500` is one thing, `2.500` is two."""

import re
from decimal import Decimal

from nlu.tokens import Tokens

_LONGEST = 12
_GROUPS_MOST = 4
"""Millions have three groups; without an end, a page of groups would be read again from each of them."""
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?")
_DOTTED_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}")
_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]{1,2})?")
_ONE_DOT_THREE = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_ONE_COMMA = re.compile(r"[1-9][0-9]*,[0-9]{1,2}")
_MISPLACED_COMMAS = re.compile(r"[1-9][0-9]*(?:,[0-9]+)+")

Readings = tuple[Decimal, ...]


def readings(word: str) -> Readings:
    """Everything a piece in digits can mean; nothing where it is no number of things.

    >>> readings("2,500"), readings("2.500"), readings("007")
    ((Decimal('2500'),), (Decimal('2500'), Decimal('2.500')), ())
    """
    if len(word) > _LONGEST + 4:
        return ()
    if _PLAIN.fullmatch(word):
        return (Decimal(word),)
    if _GROUPED.fullmatch(word):
        return (Decimal(word.replace(",", "")),)
    if _DOTTED_GROUPS.fullmatch(word):
        return (Decimal(word.replace(".", "")),)
    if _ONE_DOT_THREE.fullmatch(word):
        return (Decimal(word.replace(".", "")), Decimal(word))
    if _ONE_COMMA.fullmatch(word):
        return (Decimal(word.replace(",", ".")), Decimal(word.replace(",", "")))
    if _MISPLACED_COMMAS.fullmatch(word):
        head, _, last = word.rpartition(",")
        head = head.replace(",", "")
        return (Decimal(head + last), Decimal(head + last[:3]))
    return ()


def literal_at(tokens: Tokens, n: int) -> tuple[Readings, int] | None:
    """The number in digits at this piece and the piece after it, thousands set apart by spaces included.

    `10 000` is ten thousand; `2 500` may also be two numbers.
    """
    if not tokens.is_number(n):
        return None
    word = tokens.words[n]
    found = readings(word)
    if not found:
        return None
    end = n + 1
    if len(word) > 3 or not word.isdigit() or word == "0":  # noqa: PLR2004 - thousands are groups of three digits
        return found, end
    while end < n + _GROUPS_MOST and _is_group(tokens, end):
        end += 1
    if end == n + 1:
        return found, end
    groups = tokens.words[n:end]
    whole = Decimal("".join(groups)) if sum(map(len, groups)) <= _LONGEST else None
    if whole is not None and all(group == "000" for group in groups[1:]):
        return (whole,), end
    apart = tuple(Decimal(group) for group in groups if int(group))
    return ((whole, *apart) if whole is not None else apart), end


def _is_group(tokens: Tokens, n: int) -> bool:
    """Whether this is a further group of a number set apart: three digits behind one space."""
    word = tokens.words[n]
    return (
        len(word) == 3  # noqa: PLR2004 - the same
        and word.isdigit()
        and tokens.is_number(n)
        and tokens.starts[n] - tokens.ends[n - 1] == 1
        and not (tokens.is_tight(n) and tokens.said[n + 1].isalpha())
    )
