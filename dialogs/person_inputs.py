"""What did somebody type about themselves? Readers for numbers of phones and ids, names, days and codes."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.errors import InvalidName, InvalidNationalId, InvalidPhone
from core.members.names import personal_name
from core.members.national_id import NationalId
from core.phone import Msisdn
from dialogs.remark import Remark, Sentence
from dialogs.values import NOTHING, Values

_DAY: Final = re.compile(r"(\d{1,2})[ ./-](\d{1,2})[ ./-](\d{4})|(\d{2})(\d{2})(\d{4})", re.ASCII)
_LONGEST_NAME: Final = 30


@dataclass(frozen=True, slots=True)
class PhoneReader:
    """A mobile number in any spelling, kept under `name` in E.164 form."""

    name: str

    def __call__(self, typed: str, values: Values = NOTHING) -> Values | Remark:  # noqa: ARG002 - a number has no limits elsewhere
        try:
            return {self.name: Msisdn.parse(typed).e164}
        except InvalidPhone as refusal:
            return Remark(f"refusal.{refusal.code}")


@dataclass(frozen=True, slots=True)
class NationalIdReader:
    """A national id number, kept under `name` as digits."""

    name: str

    def __call__(self, typed: str, values: Values = NOTHING) -> Values | Remark:  # noqa: ARG002 - the same
        try:
            return {self.name: NationalId.parse(typed).number}
        except InvalidNationalId as refusal:
            return Remark(f"refusal.{refusal.code}")


@dataclass(frozen=True, slots=True)
class NameReader:
    """A name of a person, kept under `name`."""

    name: str

    def __call__(self, typed: str, values: Values = NOTHING) -> Values | Remark:  # noqa: ARG002 - the same
        try:
            written = personal_name(typed)
        except InvalidName as refusal:
            return Remark(f"refusal.{refusal.code}")
        if len(written) > _LONGEST_NAME:
            return Remark(Sentence.WRONG_TEXT, {"longest": _LONGEST_NAME})
        return {self.name: written}


@dataclass(frozen=True, slots=True)
class DayReader:
    """A day as people write it, day before month, kept under `name` as ISO text."""

    name: str

    def __call__(self, typed: str, values: Values = NOTHING) -> Values | Remark:  # noqa: ARG002 - the same
        day = read_day(typed)
        return Remark(Sentence.WRONG_DAY) if day is None else {self.name: day.isoformat()}


def read_day(typed: str) -> date | None:
    """A day, or None where the text means none.

    >>> [str(read_day(said)) for said in ("14031988", "14/3/1988", "14.03.1988", "29021988")]
    ['1988-03-14', '1988-03-14', '1988-03-14', '1988-02-29']
    >>> [read_day(said) for said in ("31021988", "1988", "14/3/88", "tomorrow")]
    [None, None, None, None]
    """
    match = _DAY.fullmatch(typed.strip())
    if match is None:
        return None
    day, month, year = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class DigitsReader:
    """So many digits, kept under `name` as text; anything else is answered with `sentence`."""

    name: str
    digits: int
    sentence: Sentence

    def __call__(self, typed: str, values: Values = NOTHING) -> Values | Remark:  # noqa: ARG002 - the same
        given = typed.replace(" ", "")
        if len(given) != self.digits or not (given.isascii() and given.isdigit()):
            return Remark(self.sentence)
        return {self.name: given}
