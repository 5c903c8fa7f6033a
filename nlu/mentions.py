"""What does a grammar say it has found? One place in the text, with one reading or several."""

from dataclasses import dataclass

from nlu.intents import EntityKind


@dataclass(frozen=True, slots=True)
class Mention:
    """Something said at `text[start:end]`; more than one reading means that it has to be asked about."""

    kind: EntityKind
    readings: tuple[str, ...]
    start: int
    end: int
