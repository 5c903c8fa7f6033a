"""How sure are we that a line of a statement and a movement in our books are the same money? Pure.

Points for what agrees, less for what contradicts; the sum within 0 to 100 is the confidence. Different receipts are
different money, whatever else agrees.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

CERTAIN: Final = 85
"""From here on a pair is matched by itself, if it has no rival."""

MARGIN: Final = 10
"""By so much a pair must be better than every other with the same line or movement."""

WORTH_SHOWING: Final = 40
"""From here on a pair is shown to a person as a suggestion."""

_RECEIPT_LENGTH: Final = 10
_TELLING_REFERENCE: Final = 8
_SIMILAR: Final = 80
_UNLIKE: Final = 40
_MINUTES_NEAR: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Either side of a pair, as it is compared. `phone` is digits, with stars where they are hidden."""

    number: int
    at: datetime
    amount_minor: int
    receipt: str
    reference: str
    phone: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What agrees in a pair, each a share of one hundred; the model that learns weighs these."""

    receipt: int
    """100 for a receipt that is one slip of the finger away, 0 where one side has none."""
    reference: int
    phone: int
    """100 for the same number, 60 for one that may be it, -100 for another."""
    name: int
    amount: int
    """100 for the same to the cent, less the more it is off."""
    nearness: int
    """100 for within minutes, 0 for days apart."""

    def values(self) -> tuple[int, ...]:
        return (self.receipt, self.reference, self.phone, self.name, self.amount, self.nearness)


NAMES: Final = ("receipt", "reference", "phone", "name", "amount", "nearness")
"""The features in the order of `Features.values`."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A line and a movement that may be the same money."""

    line: int
    movement: int
    confidence: int
    features: Features


def compare(line: Described, ours: Described) -> Features | None:
    """What agrees; None where the receipts say that it is other money."""
    receipt = _receipts(line.receipt, ours.receipt)
    if receipt is None:
        return None
    return Features(
        receipt=receipt,
        reference=_references(line.reference, ours.reference),
        phone=_phones(line.phone, ours.phone),
        name=_names(line.name, ours.name),
        amount=_amounts(line.amount_minor, ours.amount_minor),
        nearness=_nearness(abs(line.at - ours.at)),
    )


def _receipts(left: str, right: str) -> int | None:
    if not left or not right:
        return 0
    if left == right:
        return 100
    slip = len(left) == len(right) == _RECEIPT_LENGTH and OSA.distance(left, right) == 1
    return 90 if slip else None


def _references(left: str, right: str) -> int:
    if not left or not right:
        return 0
    if left == right:
        return 100 if len(left) >= _TELLING_REFERENCE else 80
    alike = int(fuzz.ratio(left, right))
    return alike * 3 // 4 if alike >= _SIMILAR else -30


def _phones(left: str, right: str) -> int:
    """The last nine digits count: what comes before them is the country."""
    if not left or not right:
        return 0
    left, right = left[-9:], right[-9:]
    if left == right:
        return 100 if "*" not in left else 60
    together = zip(reversed(left), reversed(right), strict=False)
    return 60 if all(a == b or "*" in {a, b} for a, b in together) else -100


def _names(left: str, right: str) -> int:
    """How alike, 50 being unknown; the statement may leave out a name or turn them round."""
    if not left or not right:
        return 50
    return int(fuzz.token_set_ratio(left.upper(), right.upper()))


def _amounts(left: int, right: int) -> int:
    if left == right:
        return 100
    most = max(abs(left), abs(right))
    return max(0, 100 - abs(left - right) * 1000 // most)


def _nearness(apart: timedelta) -> int:
    minutes = apart // timedelta(minutes=1)
    if minutes <= _MINUTES_NEAR:
        return 100
    if minutes <= 60:  # noqa: PLR2004 (an hour)
        return 60
    return max(0, 30 - minutes // 96)


def by_rule(features: Features) -> int:
    """The confidence before anything was learned, 0 to 100."""
    points = 15 * features.amount // 100 + 20 * features.nearness // 100
    points += 55 * features.receipt // 100
    points += (50 * features.reference // 100) if features.reference > 0 else features.reference
    points += 40 * features.phone // 100
    points += _name_points(features.name)
    return max(0, min(100, points))


def _name_points(alike: int) -> int:
    if alike >= 90:  # noqa: PLR2004 (as good as the same)
        return 25
    if alike >= 75:  # noqa: PLR2004 (a letter or two off)
        return 12
    return -20 if alike < _UNLIKE else 0


def choose(pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs that are certain: good enough, and well ahead of every rival for the line or the movement."""
    of_line: dict[int, list[Pair]] = defaultdict(list)
    of_movement: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        of_line[pair.line].append(pair)
        of_movement[pair.movement].append(pair)
    return [
        best
        for rivals in of_line.values()
        for best in [_ahead(rivals)]
        if best is not None and _ahead(of_movement[best.movement]) is best
    ]


def _ahead(rivals: Sequence[Pair]) -> Pair | None:
    ordered = sorted(rivals, key=lambda pair: pair.confidence, reverse=True)
    best = ordered[0]
    if best.confidence < CERTAIN:
        return None
    if len(ordered) > 1 and best.confidence - ordered[1].confidence < MARGIN:
        return None
    return best


def suggestions(pairs: Iterable[Pair], taken: Mapping[int, int], *, most: int = 3) -> list[Pair]:
    """What to show a person for each line that was not matched: the best few that are left."""
    used = set(taken.values())
    left: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.line not in taken and pair.movement not in used and pair.confidence >= WORTH_SHOWING:
            left[pair.line].append(pair)
    return [
        pair
        for rivals in left.values()
        for pair in sorted(rivals, key=lambda each: (-each.confidence, each.movement))[:most]
    ]
