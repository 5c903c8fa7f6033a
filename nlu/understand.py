"""What does a member want? Text -> intent with calibrated confidence, language, entities and a verdict."""

from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np

from nlu.entities import entities
from nlu.gate import INTENTS, Decision, Judged
from nlu.intents import Entities, EntityKind, Intent, Language, Ranked, Understanding, Verdict
from nlu.model import Model, load
from nlu.pipeline import WordPipeline

ALTERNATIVES_MAX = 3
_LANGUAGES = tuple(sorted(Language))
_LANGUAGE_HINT = 0.3
"""What a member's chosen language adds to its score: it settles words that two languages share."""


class Understander:
    """A model ready to read texts. It keeps nothing of what it reads but the spelling of words."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._pipeline = WordPipeline(model.spelling, model.concepts)

    def understand(
        self,
        text: str,
        *,
        today: date,
        language: Language | None = None,
        expecting: Sequence[Intent] = (),
    ) -> Understanding:
        """Read one message. Any text gives an answer; none raises.

        `today` is the day that "tomorrow" counts from. `language` is the member's own, where known. `expecting`
        names intents that would answer the question just asked, such as yes and no.
        """
        cut = self._pipeline.cut(text)
        said = entities(text, today=today)
        if not cut.words:
            return _nothing_said(language, said)
        reading = self._model.linear.read(cut)
        menu = self._model.spelling.meant_by_short(cut.words)
        judged = self._model.gate.judge(reading, cut.words, menu=menu, expecting=expecting)
        decision = self._model.gate.decide(judged, is_money_doubtful=EntityKind.AMOUNT in said.ambiguous)
        return Understanding(
            intent=decision.intent,
            confidence=decision.confidence,
            verdict=decision.verdict,
            language=_spoken(reading.scores[len(INTENTS) :], language),
            entities=said,
            alternatives=_alternatives(judged, decision),
        )


@cache
def understander() -> Understander:
    """This process's understander with the model that comes with the code; read once, some 100 ms.

    Raises UnusableModel when the model file is missing or stale in form.
    """
    return Understander(load())


def _nothing_said(language: Language | None, said: Entities) -> Understanding:
    return Understanding(
        intent=Intent.OUT_OF_SCOPE,
        confidence=1.0,
        verdict=Verdict.REFUSE,
        language=language or Language.ENGLISH,
        entities=said,
        alternatives=(),
    )


def _spoken(scores: np.ndarray[tuple[int], np.dtype[np.float32]], hint: Language | None) -> Language:
    likelihood = scores.copy()
    if hint is not None:
        likelihood[_LANGUAGES.index(hint)] += _LANGUAGE_HINT
    return Language(_LANGUAGES[int(likelihood.argmax())])


def _alternatives(judged: Judged, decision: Decision) -> tuple[Ranked, ...]:
    """The next best, which share what the first leaves of certainty; none is surer than the first."""
    chosen = INTENTS.index(decision.intent)
    order = [int(place) for place in np.argsort(-judged.shares, kind="stable") if place != chosen]
    left = max(1.0 - float(judged.shares[chosen]), 1e-9)
    return tuple(
        Ranked(
            Intent(INTENTS[place]),
            min(decision.confidence, float(judged.shares[place]) / left * (1.0 - decision.confidence)),
        )
        for place in order[:ALTERNATIVES_MAX]
    )
