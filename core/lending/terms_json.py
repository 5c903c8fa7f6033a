"""How are the terms of a loan kept? As JSON that says every convention by name, so that they are read as agreed.

A term that is added later has its default in loans made before it. Rates are exact: "3/25" is 12 % a year.
"""

from fractions import Fraction

import msgspec

from core.lending.terms import Terms


def encode_terms(terms: Terms) -> str:
    """The terms as one JSON object."""
    return msgspec.json.encode(terms, enc_hook=_text_of).decode()


def decode_terms(text: str) -> Terms:
    """What `encode_terms` wrote. Raises ValueError for anything else, ContradictoryTerms for impossible terms."""
    return msgspec.json.decode(text, type=Terms, dec_hook=_fraction_of)


def _text_of(exact: object) -> str:
    if not isinstance(exact, Fraction):
        raise NotImplementedError(type(exact))
    return str(exact)


def _fraction_of(kind: type, text: object) -> Fraction:
    if kind is not Fraction:
        raise NotImplementedError(kind)
    if not isinstance(text, str):
        raise TypeError(f"a rate is written as text, such as 3/25: {text!r}")
    return Fraction(text)
