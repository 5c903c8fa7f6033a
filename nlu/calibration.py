"""From which confidence on may we act, and when must we refuse? Found on texts that the models had not seen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from nlu.cross_validation import Unseen
from nlu.gate import EVIDENCE, INTENTS, Gate, Judged
from nlu.intents import Intent

FALSE_REFUSALS_MAX = 0.03
"""The share of messages within our journeys that may be refused; on strangers' messages it will be more."""
RIGHT_WHEN_ACTING_MIN = 0.97
OUT_OF_SCOPE_SHARE = 0.15
"""How many of all messages are assumed to be about something else."""
MENU_BONUS = 1.0

_Doubles = NDArray[np.float64]


def calibrated(unseen: Sequence[Unseen]) -> Gate:
    """Temperature, gate and thresholds that fit these texts."""
    raw = Gate(1.0, MENU_BONUS, (0.0,) * len(EVIDENCE), 0.0, 0.0, 0.0)
    temperature = _temperature([judged(raw, text).shares for text in unseen], _truth(unseen))
    tempered = Gate(temperature, MENU_BONUS, raw.weights, 0.0, 0.0, 0.0)
    readings = [judged(tempered, text) for text in unseen]
    right = np.array(
        [INTENTS[one.best] == text.example.row.intent for one, text in zip(readings, unseen, strict=True)]
    )
    importance = _importance(unseen)
    evidence = np.array([one.evidence for one in readings])
    spread = evidence.std(axis=0) + 1e-9
    learner = LogisticRegression(C=10.0, max_iter=2000)
    learner.fit((evidence - evidence.mean(axis=0)) / spread, right, sample_weight=importance)
    weights = learner.coef_[0] / spread
    bias = float(learner.intercept_[0] - weights @ evidence.mean(axis=0))
    confidence = 1.0 / (1.0 + np.exp(-(evidence @ weights + bias)))
    # Noisy copies are worse than what members send: they would lower the threshold for all.
    as_written = np.array([text.example.importance == 1.0 for text in unseen])
    confirm_from = float(np.quantile(confidence[_is_inside(unseen) & as_written], FALSE_REFUSALS_MAX))
    act_from = max(_act_from(confidence, right, importance), confirm_from)
    return Gate(temperature, MENU_BONUS, tuple(map(float, weights)), bias, act_from, confirm_from)


def judged(gate: Gate, text: Unseen) -> Judged:
    """What a gate makes of a text out of cross-validation."""
    return gate.judge(text.reading, text.example.cut.words, menu=text.menu, expecting=())


def _truth(unseen: Sequence[Unseen]) -> NDArray[np.intp]:
    return np.array([INTENTS.index(text.example.row.intent) for text in unseen])


def _is_inside(unseen: Sequence[Unseen]) -> NDArray[np.bool_]:
    return np.array([text.example.row.intent is not Intent.OUT_OF_SCOPE for text in unseen])


def _importance(unseen: Sequence[Unseen]) -> _Doubles:
    """So that texts about something else have their assumed share."""
    importance = np.array([text.example.importance for text in unseen])
    inside = _is_inside(unseen)
    wanted = importance[inside].sum() * OUT_OF_SCOPE_SHARE / (1 - OUT_OF_SCOPE_SHARE)
    importance[~inside] *= wanted / importance[~inside].sum()
    return importance


def _temperature(shares: Sequence[_Doubles], truth: NDArray[np.intp]) -> float:
    """The temperature under which the truth is least surprising."""
    logs = np.log(np.array(shares) + 1e-300)

    def surprise(temperature: float) -> float:
        tempered = logs / temperature
        tempered -= np.logaddexp.reduce(tempered, axis=1, keepdims=True)
        return float(-tempered[np.arange(len(truth)), truth].mean())

    return min((float(candidate) for candidate in np.geomspace(0.05, 3.0, 120)), key=surprise)


def _act_from(confidence: _Doubles, right: NDArray[np.bool_], importance: _Doubles) -> float:
    """The least confidence above which enough actions are right; one when they never are."""
    order = np.argsort(-confidence, kind="stable")
    precision = np.cumsum((right * importance)[order]) / np.cumsum(importance[order])
    enough = np.flatnonzero(precision >= RIGHT_WHEN_ACTING_MIN)
    return float(confidence[order][enough[-1]]) if len(enough) else 1.0
