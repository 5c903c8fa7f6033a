"""Which account did a payer mean? What is typed as account number, read and weighed. Pure.

    reference := [keyword] id [suffix]        case, spaces and separators don't matter

The id is a member's number, phone, national id or loan number, or the reference of a prompt of ours. A keyword or
suffix says what for: D deposits, S shares, L or L1, L2 ... a loan; without one the money goes where it is due.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from core.errors import InvalidPhone
from core.phone import Msisdn


class IdKind(StrEnum):
    """Ways in which people name an account."""

    MEMBER_NUMBER = "member_number"
    """As on the member's card."""

    PHONE = "phone"
    """In E.164 form."""

    NATIONAL_ID = "national_id"
    """Six to nine digits."""

    LOAN_NUMBER = "loan_number"
    """Such as LN-00042."""

    PROMPT = "prompt"
    """What a prompt of ours showed as account number."""


class Wanted(StrEnum):
    """What a keyword or a suffix asks for."""

    LOAN = "loan"
    DEPOSITS = "deposits"
    SAVINGS = "savings"
    SHARES = "shares"


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that the reference may name, in our own spelling."""

    kind: IdKind
    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as read. No readings: it names nobody, whatever it says it is for."""

    text: str
    readings: tuple[Reading, ...]
    wanted: Wanted | None = None
    loan_place: int | None = None
    """The n-th loan of the member, counted from 1 by age: `L2`."""


_WORDS: Final[Mapping[str, Wanted]] = MappingProxyType(
    {
        "LOAN": Wanted.LOAN,
        "MKOPO": Wanted.LOAN,
        "DEP": Wanted.DEPOSITS,
        "DEPOSIT": Wanted.DEPOSITS,
        "DEPOSITS": Wanted.DEPOSITS,
        "AMANA": Wanted.DEPOSITS,
        "SAV": Wanted.SAVINGS,
        "SAVING": Wanted.SAVINGS,
        "SAVINGS": Wanted.SAVINGS,
        "AKIBA": Wanted.SAVINGS,
        "SHA": Wanted.SHARES,
        "SHARE": Wanted.SHARES,
        "SHARES": Wanted.SHARES,
        "HISA": Wanted.SHARES,
    }
)
_LETTERS: Final[Mapping[str, Wanted]] = MappingProxyType(
    {"D": Wanted.DEPOSITS, "S": Wanted.SHARES, "L": Wanted.LOAN}
)
_IDLE: Final = frozenset({"A/C", "AC", "ACC", "ACCOUNT", "MEMBER", "NO", "NUMBER", "FOR", "YA", "NAMBA"})
_LIKE_A_WORD: Final = 80
_WORD_LETTERS: Final = 4

_TOKEN: Final = re.compile(r"[A-Z]+/[A-Z]+|[A-Z]+|[+\d]+", re.ASCII)
_LONGEST: Final = 40
_PROMPT: Final = re.compile(r"(?=.*\d|.*[A-Z])[0-9A-HJKMNP-TV-Z]{12}", re.ASCII)
_LOAN: Final = re.compile(r"LN0*(\d{1,12})", re.ASCII)
_MEMBER: Final = re.compile(r"([A-Z]{1,4})(\d{1,12})", re.ASCII)
_DIGITS: Final = re.compile(r"\+?\d+", re.ASCII)
_SUFFIX: Final = re.compile(r"(.*\d)(?:([DS])|L(\d{0,2}))", re.ASCII)
_PREFIX: Final = re.compile(r"([DSL])(\d{3,})", re.ASCII)
_NATIONAL_ID: Final = re.compile(r"\d{6,9}", re.ASCII)
_MEMBER_LETTER: Final = "M"
_LOAN_DIGITS_MAX: Final = 6


def read_reference(typed: str) -> Reference:
    """What the reference may mean, most special first; never raises.

    >>> read = read_reference(" m10001 l2 ")
    >>> read.text, [one.value for one in read.readings], read.wanted.value, read.loan_place
    ('M10001L2', ['M10001'], 'loan', 2)
    """
    capital = typed.upper()[:_LONGEST]
    text = re.sub(r"[^A-Z0-9+]", "", capital)
    if _PROMPT.fullmatch(text):
        # Also read as anything else it looks like: a phone with its country code has twelve digits.
        others = _read(capital, text)
        prompt = Reading(IdKind.PROMPT, text)
        return Reference(text, (prompt, *others.readings), others.wanted, others.loan_place)
    return _read(capital, text)


def _read(capital: str, text: str) -> Reference:
    wanted, said_loan, rest = _without_words(capital)
    place = None
    if (whole := _LOAN.fullmatch(rest)) is not None:
        return Reference(text, (_loan(whole[1]),), Wanted.LOAN)
    if wanted is None and (found := _SUFFIX.fullmatch(rest)) is not None:
        rest, letter, number = found[1], found[2], found[3]
        wanted = Wanted.LOAN if letter is None else _LETTERS[letter]
        place = int(number) if number else None
    elif wanted is None and (found := _PREFIX.fullmatch(rest)) is not None:
        wanted, rest = _LETTERS[found[1]], found[2]
    return Reference(text, _readings(rest, said_loan=said_loan), wanted, place)


def _without_words(capital: str) -> tuple[Wanted | None, bool, str]:
    """What the words in it ask for, whether one of them says loan, and the id that is left."""
    wanted, left = None, []
    for token in _TOKEN.findall(capital):
        meaning = _meaning(token)
        if meaning is not None and wanted is None:
            wanted = meaning
        elif token not in _IDLE:
            left.append(token)
    return wanted, wanted is Wanted.LOAN, "".join(left)


def _meaning(token: str) -> Wanted | None:
    """By the word itself, or by the one it is nearly."""
    if token in _WORDS or len(token) < _WORD_LETTERS:
        return _WORDS.get(token)
    near = max(_WORDS, key=lambda word: fuzz.ratio(word, token))
    return _WORDS[near] if fuzz.ratio(near, token) >= _LIKE_A_WORD else None


def _readings(rest: str, *, said_loan: bool) -> tuple[Reading, ...]:
    if (member := _MEMBER.fullmatch(rest)) is not None:
        return (Reading(IdKind.MEMBER_NUMBER, f"{member[1]}{member[2]}"),)
    if not _DIGITS.fullmatch(rest):
        return ()
    readings = []
    if (phone := _phone(rest)) is not None:
        readings.append(Reading(IdKind.PHONE, phone.e164))
    digits = rest.removeprefix("+")
    if said_loan and len(digits) <= _LOAN_DIGITS_MAX:
        readings.append(_loan(digits))
    readings.append(Reading(IdKind.MEMBER_NUMBER, f"{_MEMBER_LETTER}{digits}"))
    if _NATIONAL_ID.fullmatch(digits):
        readings.append(Reading(IdKind.NATIONAL_ID, digits))
    return tuple(readings)


def _loan(digits: str) -> Reading:
    return Reading(IdKind.LOAN_NUMBER, f"LN-{int(digits):05d}")


def _phone(rest: str) -> Msisdn | None:
    try:
        return Msisdn.parse(rest)
    except InvalidPhone:
        return None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member whom a reference may mean, by something of theirs that it is like."""

    member_id: str
    kind: IdKind
    value: str
    name: str
    phone: str
    loan_id: str | None = None
    """The loan whose number it is."""


@dataclass(frozen=True, slots=True)
class Payer:
    """What is known of who paid. `member_id` where their number is a member's."""

    member_id: str | None = None
    name: str = ""
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A member, how sure it is that they were meant (0 to 100), and why, in words for staff."""

    member_id: str
    confidence: int
    why: str
    loan_id: str | None = None


AUTOMATIC_FROM: Final = 90
"""As sure as this, money is credited without a person."""

CLEAR_OF_OTHERS: Final = 15
"""So much surer than of anybody else."""

_EXACT: Final = 95
_BY_DISTANCE: Final[Mapping[int, int]] = MappingProxyType({1: 65, 2: 45})
_MOST_EDITS: Final = max(_BY_DISTANCE)
_LONG_ENOUGH_FOR_TWO: Final = 8
_SAME_PERSON: Final = 30
_SAME_NAME: Final = 25
_SAME_FIRST_NAME: Final = 12
_SAME_ENDING: Final = 15
_OWN_WITH_PURPOSE: Final = 92
_OWN_WITHOUT_WORDS: Final = 75
_LIKE_A_NAME: Final = 90


def rank(reference: Reference, candidates: Sequence[Candidate], payer: Payer) -> list[Match]:
    """Who may be meant, the surest first, each member once."""
    best: dict[str, Match] = {}
    for candidate in candidates:
        match = _weigh(reference, candidate, payer)
        known = best.get(candidate.member_id)
        if match is not None and (known is None or match.confidence > known.confidence):
            best[candidate.member_id] = match
    own = _payers_own(reference, payer)
    if own is not None and (own.member_id not in best or best[own.member_id].confidence < own.confidence):
        best[own.member_id] = own
    return sorted(best.values(), key=lambda match: (-match.confidence, match.member_id))


def sure(matches: Sequence[Match], *, automatic_from: int = AUTOMATIC_FROM) -> Match | None:
    """The one member that was meant without doubt; None where a person must decide."""
    if not matches or matches[0].confidence < automatic_from:
        return None
    if len(matches) > 1 and matches[0].confidence - matches[1].confidence < CLEAR_OF_OTHERS:
        return None
    return matches[0]


def _payers_own(reference: Reference, payer: Payer) -> Match | None:
    """Who names nobody means themselves, surely so where they say what for."""
    if payer.member_id is None or reference.readings:
        return None
    if reference.wanted is not None:
        return Match(payer.member_id, _OWN_WITH_PURPOSE, "payer's number; reference says what for")
    return Match(payer.member_id, _OWN_WITHOUT_WORDS, "payer's number")


def _weigh(reference: Reference, candidate: Candidate, payer: Payer) -> Match | None:
    distance = min((_distance(reading, candidate) for reading in reference.readings), default=_MOST_EDITS + 1)
    if distance > _MOST_EDITS:
        return None
    confidence = _BY_DISTANCE.get(distance, _EXACT)
    reasons = [f"{candidate.kind} {'exact' if not distance else f'{distance} off'}"]
    for points, reason in _evidence(candidate, payer):
        confidence += points
        reasons.append(reason)
    return Match(candidate.member_id, min(confidence, 100), ", ".join(reasons), candidate.loan_id)


def _distance(reading: Reading, candidate: Candidate) -> int:
    """Typing errors between the two; beyond counting where they are no such pair or too short for it."""
    if reading.kind is not candidate.kind:
        return _MOST_EDITS + 1
    distance = DamerauLevenshtein.distance(reading.value, candidate.value, score_cutoff=_MOST_EDITS)
    is_short = len(candidate.value) < _LONG_ENOUGH_FOR_TWO
    return _MOST_EDITS + 1 if is_short and distance >= _MOST_EDITS else distance


def _evidence(candidate: Candidate, payer: Payer) -> list[tuple[int, str]]:
    found = []
    if payer.member_id == candidate.member_id:
        found.append((_SAME_PERSON, "payer's number"))
    elif payer.ending and candidate.phone.endswith(payer.ending):
        found.append((_SAME_ENDING, "end of the payer's number"))
    if (points := _name_points(candidate.name, payer.name)) > 0:
        found.append((points, "payer's name"))
    return found


def _name_points(name: str, payer_name: str) -> int:
    ours, theirs = name.upper().split(), payer_name.upper().split()
    if not ours or not theirs:
        return 0
    alike = [max(fuzz.ratio(word, other) for other in theirs) >= _LIKE_A_NAME for word in ours]
    if all(alike):
        return _SAME_NAME
    return _SAME_FIRST_NAME if alike[0] else 0
