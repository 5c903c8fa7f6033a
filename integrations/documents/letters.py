"""Which letters of a name or word can be printed or put into a cell, and what stands in for the others?"""

import unicodedata
from collections.abc import Container

_STAND_IN = "?"
# What spreadsheets take for the beginning of a formula: OWASP, "CSV Injection"; full-width twins included, which
# some of them fold.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def printable(text: str, drawn: Container[int]) -> str:
    """The text in letters a font can draw: without control characters, others by their nearest letter or `?`."""
    return "".join(_nearest(letter, drawn) for letter in unicodedata.normalize("NFC", one_line(text)))


def one_line(text: str) -> str:
    r"""Without line breaks, marks of direction and control characters, which could make a figure look like another.

    >>> one_line("Amina\u202e Wanjiru\n")
    'Amina Wanjiru'
    """
    letters = (" " if letter.isspace() else letter for letter in text)
    return "".join(letter for letter in letters if not unicodedata.category(letter).startswith("C")).strip()


def harmless(text: str) -> str:
    """The text as no spreadsheet takes it for a formula.

    >>> harmless("=HYPERLINK(1)"), harmless("Amina")
    ("'=HYPERLINK(1)", 'Amina')
    """
    text = one_line(text)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _nearest(letter: str, drawn: Container[int]) -> str:
    if ord(letter) in drawn:
        return letter
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return bare if bare and all(ord(part) in drawn for part in bare) else _STAND_IN
