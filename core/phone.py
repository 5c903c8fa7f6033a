"""Which phone is meant? One normal form for every way a number is written."""

import re
from dataclasses import dataclass

import phonenumbers

from core.errors import InvalidPhone

HOME_REGION = "KE"

# A member's own spelling of the number is tiny; anything longer is an attack or a mistake.
_LONGEST = 32
# What people put into a number: digits, separators, and the direction marks that come with a copied one.
# `phonenumbers` would also turn letters into keypad digits and drop an extension, which is a guess at whose
# number it is.
_WRITTEN = re.compile(r"[+\uff0b\d\s()./\-\u2010-\u2015\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
# `PhoneNumberUtil` costs 50 microseconds; a well-formed Kenyan mobile number needs none of it.
_KENYAN_MOBILE = re.compile(r"\+254(?:7\d{8}|1(?:0[0-8]|1\d|2[014]|3[05-9]|4[0-6]|8\d)\d{6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Msisdn:
    """A mobile number in E.164 form with its plus.

    >>> Msisdn.parse("0711 000 001")
    Msisdn(e164='+254711000001')
    """

    e164: str

    @classmethod
    def parse(cls, text: str) -> "Msisdn":
        """Read 07.., 01.., 254.., +254.., 00254.. and other countries' numbers with a plus.

        Raises InvalidPhone where the text is no valid mobile number.
        """
        if _KENYAN_MOBILE.fullmatch(text):
            return cls(text)
        cleaned = text.strip()
        if len(cleaned) > _LONGEST or _WRITTEN.fullmatch(cleaned) is None:
            raise InvalidPhone(text=cleaned[:_LONGEST])
        if cleaned.startswith("00") and not cleaned.startswith("000"):
            cleaned = "+" + cleaned[2:]
        try:
            number = phonenumbers.parse(cleaned, None if cleaned.startswith("+") else HOME_REGION)
        except phonenumbers.NumberParseException as error:
            raise InvalidPhone(text=cleaned) from error
        kinds = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
        if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in kinds:
            raise InvalidPhone(text=cleaned)
        return cls(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    @property
    def digits(self) -> str:
        """Without the plus, as M-Pesa and Meta write it."""
        return self.e164[1:]

    @property
    def masked(self) -> str:
        """For screens and logs: the national form with the middle hidden.

        >>> Msisdn("+254711000001").masked
        '0711***001'
        """
        if self.e164.startswith("+254"):
            return f"0{self.e164[4:7]}***{self.e164[-3:]}"
        return f"{self.e164[:4]}***{self.e164[-3:]}"
