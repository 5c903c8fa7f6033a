"""Which input is new in this request? Gateways send all inputs so far, or only the newest one.

A request is compared with what was heard before, never judged by its last part alone: `1*1` may be two
inputs, or one that holds a star. Repeats and late copies of earlier requests never come here, as the store
answers them while it claims the turn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from dialogs.messages import TextStyle

LONGEST_TEXT = 2048
"""Letters of history we follow; members need a tenth of it."""

MOST_INPUTS = 60


class Shape(StrEnum):
    """What a request looks like before anything is known about the call."""

    EMPTY = "empty"
    """Nothing typed since the dial."""

    ONE = "one"
    """One input, without a star."""

    MORE = "more"
    """Something with a star in it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is remembered of a call's text: its length and its fingerprint, never the text."""

    length: int
    mark: str


@dataclass(frozen=True, slots=True)
class Start:
    """A call begins. `shortcut` inputs came with the dial; `said` is one that came right behind it."""

    shortcut: int = 0
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One new input in a call we know."""

    text: str


@dataclass(frozen=True, slots=True)
class Diverged:
    """The text does not go on from what was heard: a fault, or somebody else's request."""


def shape_of(text: str) -> Shape:
    """Whether the text is empty, one input or more."""
    if not text:
        return Shape.EMPTY
    return Shape.MORE if "*" in text else Shape.ONE


def newest_input(
    text: str,
    style: TextStyle,
    heard: Heard | None,
    *,
    redial: bool,
    mark_of: Callable[[str], str],
) -> Start | Said | Diverged:
    """What this request adds.

    `heard` is None for a call we don't know or one that has ended. `redial` says that an empty text came
    although the call was further on: if now a single input follows, the member has dialled anew under the
    same call id. `mark_of` gives a text's fingerprint within this call.
    """
    if heard is None:
        return Start(shortcut=text.count("*") + 1 if text and style is TextStyle.CUMULATIVE else 0)
    if style is TextStyle.LATEST:
        return Said(text)
    if redial and shape_of(text) is Shape.ONE:
        return Start(said=text)
    if heard.length == 0:
        return Said(text)
    before, border = text[: heard.length], text[heard.length : heard.length + 1]
    if border == "*" and mark_of(before) == heard.mark:
        return Said(text[heard.length + 1 :])
    return Diverged()


def borders(text: str, *, after: int) -> list[str]:
    """The beginnings of a text that end at a star behind its first `after` letters.

    Each of them may still arrive as a late copy, as may the text itself.

    >>> borders("3*500*9", after=1)
    ['3*500']
    """
    beginnings = []
    star = text.find("*", after + 1)
    while star >= 0:
        beginnings.append(text[:star])
        star = text.find("*", star + 1)
    return beginnings
