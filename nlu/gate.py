"""How likely is the best intent to be right? A logistic gate over what the scores look like."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log1p

import numpy as np
from numpy.typing import NDArray

from nlu.classifier import Floats, Reading
from nlu.intents import MONEY_INTENTS, Intent, Verdict

INTENTS = tuple(sorted(Intent))
_OUTSIDE = INTENTS.index(Intent.OUT_OF_SCOPE)

EVIDENCE = (
    "best score",
    "lead over the next",
    "lead over out of scope",
    "known words",
    "known runs",
    "length",
    "one word",
    "menu entry",
)
"""What the gate weighs, in the order of its weights."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A text's intents with what the gate looks at."""

    shares: NDArray[np.float64]
    """A probability per intent, in the order of `INTENTS`; they add up to one."""
    best: int
    """The likeliest intent that we have a journey for."""
    evidence: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """An intent, the probability that it is right, and what may be done with it."""

    intent: Intent
    confidence: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Gate:
    """Numbers found by cross-validation on the training phrases."""

    temperature: float
    """Scores are divided by it before they become probabilities."""
    menu_bonus: float
    """What a menu entry adds to the score of its intent."""
    weights: tuple[float, ...]
    bias: float
    act_from: float
    """Least confidence to act without asking."""
    confirm_from: float
    """Least confidence to ask "did you mean"; below it the text is refused."""

    def judge(
        self, reading: Reading, words: Sequence[str], *, menu: Intent | None, expecting: Sequence[Intent]
    ) -> Judged:
        """Probabilities of the intents, and the evidence for or against the best."""
        scores = reading.scores[: len(INTENTS)].astype(np.float64)
        if menu is not None:
            scores[INTENTS.index(menu)] += self.menu_bonus
        for intent in expecting:
            # As much as a menu word: the question that was asked speaks for an answer to it.
            scores[INTENTS.index(intent)] += self.menu_bonus
        return Judged(*_weighed(scores, self.temperature, reading, len(words), is_menu=menu is not None))

    def decide(self, judged: Judged, *, is_money_doubtful: bool) -> Decision:
        """What may be done. With money that has two readings nothing is done without asking."""
        best, confidence = Intent(INTENTS[judged.best]), self.confidence(judged)
        is_outside = int(judged.shares.argmax()) == _OUTSIDE
        if confidence < self.confirm_from:
            if is_outside:
                return Decision(Intent.OUT_OF_SCOPE, 1.0 - confidence, Verdict.REFUSE)
            return Decision(best, confidence, Verdict.REFUSE)
        if confidence < self.act_from or is_outside or (is_money_doubtful and best in MONEY_INTENTS):
            return Decision(best, confidence, Verdict.CONFIRM)
        return Decision(best, confidence, Verdict.ACT)

    def confidence(self, judged: Judged) -> float:
        """The probability that `judged.best` is what the member wants."""
        total = sum(weight * value for weight, value in zip(self.weights, judged.evidence, strict=True))
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, total + self.bias))))


def _weighed(
    scores: Floats | NDArray[np.float64], temperature: float, reading: Reading, length: int, *, is_menu: bool
) -> tuple[NDArray[np.float64], int, tuple[float, ...]]:
    outside = float(scores[_OUTSIDE])
    inside = scores.copy()
    inside[_OUTSIDE] = -np.inf
    best = int(inside.argmax())
    top = float(inside[best])
    inside[best] = -np.inf
    evidence = (
        top,
        top - float(inside.max()),
        top - outside,
        reading.known_words,
        reading.known_runs,
        log1p(length),
        float(length <= 1),
        float(is_menu),
    )
    powers = np.exp((scores - scores.max()) / temperature)
    return powers / powers.sum(), best, evidence
