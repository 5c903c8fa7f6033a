"""Which messages should a person look at? Doubtful ones, masked, as lines to label; labelled lines as examples.

A candidate becomes an example by putting the labelled file at `nlu/data/reviewed.jsonl`; `make train` picks it up.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nlu.intents import Intent, Language

_RECEIPT = re.compile(r"\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{10}\b")
_FIGURES_OF_A_PERSON = re.compile(r"\+?\d(?:[\s-]?\d){6,}")
_SHORT_SECRET = re.compile(r"(?i)(\b(?:pin|siri|password|otp|code)\D{0,20})(?<!\d)\d{4,6}(?!\d)")


class UnusableCandidate(ValueError):
    """A line that is no labelled message, with its number in the file."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that was not understood well, or that the member corrected."""

    text: str
    guessed: Intent
    confidence: float
    language: Language
    has_consent: bool
    """Whether the member allowed that the message is used to learn from."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message with the intent that a person gave it."""

    text: str
    intent: Intent
    language: Language


def masked(text: str) -> str:
    """The text with what could name a person or open an account replaced by zeros of the same kind.

    >>> masked("badili iwe 0712 345 678, code SFH7K2L9QP, pin ni 4271, nalipa 1500")
    'badili iwe 0700000000, code AA00AA00AA, pin ni 0000, nalipa 1500'
    """
    text = _FIGURES_OF_A_PERSON.sub("0700000000", text)
    text = _RECEIPT.sub("AA00AA00AA", text)
    return _SHORT_SECRET.sub(r"\g<1>0000", text)


def exported(candidates: Iterable[Candidate]) -> Iterator[str]:
    """A JSON line per candidate whose member consented, masked, with an empty label to fill in."""
    for candidate in candidates:
        if candidate.has_consent:
            yield json.dumps(
                {
                    "text": masked(candidate.text),
                    "lang": candidate.language,
                    "guessed": candidate.guessed,
                    "confidence": round(candidate.confidence, 4),
                    "intent": None,
                },
                ensure_ascii=False,
            )


def imported(lines: Iterable[str]) -> Iterator[Labelled]:
    """The labelled lines; those still without a label are passed over.

    Raises UnusableCandidate naming the line that is no JSON object or has an unknown label.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if row["intent"] is not None:
                yield Labelled(str(row["text"]), Intent(row["intent"]), Language(row["lang"]))
        except (ValueError, KeyError, TypeError) as error:
            raise UnusableCandidate(f"line {number} is no labelled message: {error}") from error
