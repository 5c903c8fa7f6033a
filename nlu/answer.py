"""What does an understanding look like as JSON? As `imarisha understand` prints it and `make score` compares it."""

from typing import TypedDict

from nlu.intents import Entities, EntityKind, Understanding

_DIGITS = 4


class RankedAnswer(TypedDict):
    """An intent with its probability."""

    intent: str
    confidence: float


class Answer(TypedDict):
    """An understanding as JSON."""

    intent: str
    confidence: float
    verdict: str
    lang: str
    entities: dict[str, str | int]
    ambiguous: dict[str, list[str | int]]
    alternatives: list[RankedAnswer]


def answer(understanding: Understanding) -> Answer:
    """The understanding as JSON values; whole months are a number, all other values are strings."""
    said = understanding.entities
    return {
        "intent": understanding.intent.value,
        "confidence": round(understanding.confidence, _DIGITS),
        "verdict": understanding.verdict.value,
        "lang": understanding.language.value,
        "entities": entity_values(said),
        "ambiguous": {
            kind.value: [_value(kind, one.value) for one in candidates]
            for kind, candidates in said.ambiguous.items()
        },
        "alternatives": [
            {"intent": other.intent.value, "confidence": round(other.confidence, _DIGITS)}
            for other in understanding.alternatives
        ],
    }


def entity_values(said: Entities) -> dict[str, str | int]:
    """What was said beyond doubt, by kind."""
    return {kind.value: _value(kind, one.value) for kind, one in said.values.items()}


def _value(kind: EntityKind, value: str) -> str | int:
    return int(value) if kind is EntityKind.TERM_MONTHS else value
