"""Which texts do we take at all? One rule for bodies, queries and paths, before anything else looks at them."""

import unicodedata
from typing import Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError

TEXT_MAX: Final = 1000
"""No text of a request is longer; most fields take less."""

# They turn the order of letters round, so that what is shown is not what is stored.
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NEVER: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def fault_of(text: str) -> str | None:
    """What is wrong with a text from outside; None if it may be looked at."""
    if len(text) > TEXT_MAX:
        return f"is longer than {TEXT_MAX} characters"
    if any(letter in _BIDI or unicodedata.category(letter) in _NEVER for letter in text):
        return "holds characters that do not show"
    return None


def refuse_faulty(said: object) -> None:
    """Raises ValueError for a text, or a list with one, that has a fault."""
    texts = said if isinstance(said, list) else [said]
    for text in texts:
        fault = fault_of(text) if isinstance(text, str) else None
        if fault is not None:
            raise ValueError(fault)


def plain_address(request: Request) -> None:
    """Raises RequestValidationError for a faulty text in the path or the query, known to the route or not."""
    texts = [
        *(("path", name, str(text)) for name, text in request.path_params.items()),
        *(("query", name, name + text) for name, text in request.query_params.multi_items()),
    ]
    wrong = [
        {"loc": (where, name if fault_of(name) is None else "?"), "msg": fault}
        for where, name, text in texts
        if (fault := fault_of(text)) is not None
    ]
    if wrong:
        raise RequestValidationError(wrong)
