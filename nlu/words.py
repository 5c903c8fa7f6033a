"""In what form does a text reach the classifier? Plain lower-case words, numbers and codes reduced to their kind."""

import re
import unicodedata

CHARACTERS_MAX = 800
"""Longer texts are read at both ends: stories begin and end with what is wanted."""

# A receipt of M-Pesa has ten characters, letters and digits; so have few words.
_RECEIPT = re.compile(r"\b(?=[a-z]{0,9}\d)(?=\d{0,9}[a-z])[a-z0-9]{10}\b")
_LOAN_NUMBER = re.compile(r"\bln[\s-]?\d{3,}\b")
_SERVICE_CODE = re.compile(r"\*\d[\d*]*#?")
_PHONE = re.compile(r"(?<![\d,.])(?:\+?254|0)[\s-]?[17]\d{2}[\s-]?\d{3}[\s-]?\d{3}(?!\d)")
_MONEY = re.compile(
    r"(?:\b(?:kshs?|kes|shs?|sh)\.?\s*)?(?<![\da-z])\d[\d,.]*(?:\s?(?:k|m|bob))?(?:\s?/[=-]|(?![\da-z]))"
)
_ANY_DIGITS = re.compile(r"\d+")
_REPEATED = re.compile(r"([a-z])\1{2,}")
_APOSTROPHE = re.compile(r"(?<=\w)['`\u2019\u2018](?=\w)")
_SPACES = re.compile(r"\s+")


def shortened(text: str) -> str:
    """At most `CHARACTERS_MAX` characters of the text, from both of its ends."""
    if len(text) <= CHARACTERS_MAX:
        return text
    half = CHARACTERS_MAX // 2
    return f"{text[:half]} {text[-half:]}"


def plain(text: str) -> str:
    """The text without what carries no meaning here.

    >>> plain("Nilipe  LOAN na MPESA 1,500/= kwa 0712 345 678!!")
    'nilipe loan na mpesa 0num kwa 0phone!!'
    >>> plain("Nimeshalipaaa, code SFH7K2L9QP")
    'nimeshalipaa, code 0receipt'
    """
    text = unicodedata.normalize("NFKD", shortened(text)).lower()
    text = (
        "".join(letter for letter in text if not unicodedata.combining(letter))
        if not text.isascii()
        else text
    )
    text = _APOSTROPHE.sub("", text)
    if any(letter.isdigit() for letter in text):
        text = _without_figures(text)
    text = _REPEATED.sub(r"\1\1", text)
    return _SPACES.sub(" ", text).strip()


def _without_figures(text: str) -> str:
    text = _PHONE.sub("0phone", text)
    text = _LOAN_NUMBER.sub("0loannumber", text)
    text = _SERVICE_CODE.sub("0service", text)
    text = _RECEIPT.sub("0receipt", text)
    return _MONEY.sub("0num", text)
