"""Which receipts and loan numbers stand in a text?"""

import re
from collections.abc import Iterator
from typing import Final

from nlu.intents import EntityKind
from nlu.mentions import Mention
from nlu.word_sets import words

_LOAN: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:ln[\s:#\-\u2010-\u2015]{0,3}|loan\s(?:no\.?|number|namba|nambari)\s(?:is\s|ni\s)?)"
    r"(?P<digits>[0-9]{5,12})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
# M-Pesa: ten letters and digits; the first three tell year, month and day.
_RECEIPT: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]{9}(?![A-Za-z0-9])")
_DATED: Final = re.compile(r"[A-Z][A-L][1-9A-V][A-Z0-9]{7}")
_WORD_AND_NUMBER: Final = re.compile(r"[A-Za-z]+[0-9]+|[0-9]+[A-Za-z]+")
_CUES: Final = words(
    """
    code codes kodi ref reference receipt risiti transaction txn mpesa id namba nambari number confirmation
    marejeo muamala
    """
)
_WORD: Final = re.compile(r"[A-Za-z]+")
_NEAR = 24
"""Letters before a code in which a cue such as `code` is looked for."""


def references(text: str) -> Iterator[Mention]:
    """Loan numbers as `LN-00871`, receipts in capitals.

    >>> [found.readings for found in references("code ni tkl98hg7yu ya ln 00871")]
    [('LN-00871',), ('TKL98HG7YU',)]
    """
    for found in _LOAN.finditer(text):
        yield Mention(EntityKind.REFERENCE, (f"LN-{found['digits']}",), found.start(), found.end())
    for found in _RECEIPT.finditer(text):
        code = found.group()
        if _is_receipt(code, text[max(0, found.start() - _NEAR) : found.start()]):
            yield Mention(EntityKind.REFERENCE, (code.upper(),), found.start(), found.end())


def _is_receipt(code: str, before: str) -> bool:
    """Ten signs are a receipt when digits stand among the letters; a word with a number behind needs a cue."""
    digits = sum(letter.isdigit() for letter in code)
    if not digits or code[:2].lower() == "ln":
        return False
    has_cue = any(word.lower() in _CUES for word in _WORD.findall(before))
    letters_first = len(code) - len(code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
    if _WORD_AND_NUMBER.fullmatch(code):
        return letters_first <= 3 and has_cue and not code[:3].lower().startswith(("kes", "ksh", "sh"))  # noqa: PLR2004 - year, month and day
    return code.isupper() or has_cue or bool(_DATED.fullmatch(code.upper()))
