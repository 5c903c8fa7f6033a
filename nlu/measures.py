"""How good are judgements beside the labels? The figures of the report, as pure functions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from nlu.intents import Intent

_BINS = 10


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was made of one labelled text."""

    wanted: str
    found: str
    confidence: float
    is_refused: bool
    seconds: float | None = None
    are_entities_right: bool | None = None

    @property
    def within(self) -> float:
        """How sure it is that the text is something we have a journey for."""
        is_outside = self.found == Intent.OUT_OF_SCOPE
        return 1.0 - self.confidence if is_outside else self.confidence


def inside(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Those whose text we have a journey for."""
    return [one for one in judgements if one.wanted != Intent.OUT_OF_SCOPE]


def outside(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Those whose text is about something else."""
    return [one for one in judgements if one.wanted == Intent.OUT_OF_SCOPE]


def accuracy(judgements: Sequence[Judgement]) -> float | None:
    """The share with the right intent; None without any."""
    return share([one.found == one.wanted for one in judgements])


def share(answers: Sequence[bool]) -> float | None:
    """The share of yes; None without any."""
    return sum(answers) / len(answers) if answers else None


def macro_f1(judgements: Sequence[Judgement]) -> float | None:
    """The mean over the wanted intents of the harmonic mean of precision and recall."""
    wanted = Counter(one.wanted for one in judgements)
    found = Counter(one.found for one in judgements)
    right = Counter(one.wanted for one in judgements if one.found == one.wanted)
    each = [2 * right[name] / (wanted[name] + found[name]) for name in wanted]
    return sum(each) / len(each) if each else None


def refusal_recall(judgements: Sequence[Judgement], *, false_refusals: float) -> float | None:
    """Of the texts about something else, the share refused when this share of the others is refused too."""
    kept = sorted(one.within for one in inside(judgements))
    if not kept:
        return None
    limit = kept[min(int(false_refusals * len(kept)), len(kept) - 1)]
    return share([one.within < limit for one in outside(judgements)])


def calibration_error(judgements: Sequence[Judgement]) -> float | None:
    """The mean distance between confidence and accuracy over ten equal ranges of confidence (ECE)."""
    ranges: dict[int, list[Judgement]] = {}
    for one in judgements:
        ranges.setdefault(min(int(one.confidence * _BINS), _BINS - 1), []).append(one)
    distance = sum(
        abs(sum(one.confidence - (one.found == one.wanted) for one in members)) for members in ranges.values()
    )
    return distance / len(judgements) if judgements else None


def confusions(judgements: Sequence[Judgement], *, most: int) -> list[tuple[str, str, int]]:
    """The most frequent mistakes: wanted, found, how often."""
    pairs = Counter((one.wanted, one.found) for one in judgements if one.found != one.wanted)
    return [(wanted, found, times) for (wanted, found), times in pairs.most_common(most)]


def percentile(seconds: Sequence[float], *, percent: int) -> float | None:
    """The time within which this share of texts was read; None for fewer than two texts."""
    return quantiles(seconds, n=100)[percent - 1] if len(seconds) > 1 else None
