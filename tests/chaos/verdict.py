"""Is a shilling missing, twice there or unexplained? Our ledger held line by line against the provider's book."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_COLUMNS = ("payments", "moved", "failed", "lost", "doubled", "unexplained", "unfinished")


@dataclass(slots=True)
class Tally:
    """What became of one trial's payments."""

    payments: int = 0
    states: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    """The provider moved money and our books don't know."""
    doubled: int = 0
    """Our books know more of it than the provider."""
    unexplained: int = 0
    """Our books have money that the provider never moved."""
    unfinished: int = 0
    """Neither confirmed nor failed."""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.unexplained or self.unfinished)


def judge(theirs: Mapping[str, int], ours: Mapping[str, int], tally_of: Callable[[str], Tally]) -> None:
    """Hold the cents of each payment against each other; a payment's tally is its trial's."""
    for payment in theirs.keys() | ours.keys():
        expected, posted = theirs.get(payment, 0), ours.get(payment, 0)
        tally = tally_of(payment)
        if payment not in theirs:
            tally.unexplained += 1
        elif payment not in ours or abs(posted) < abs(expected):
            tally.lost += 1
        elif posted != expected:
            tally.doubled += 1


def table(tallies: Mapping[str, Tally], struck: Mapping[str, int]) -> str:
    """The figures as lines under each other, one per kind of fault, and their sums."""
    rows = [(name, _figures(tally)) for name, tally in tallies.items()]
    rows.append(("all", [sum(column) for column in zip(*(figures for _, figures in rows), strict=True)]))
    lines = [f"{'fault':<26}" + "".join(f"{column:>12}" for column in _COLUMNS)]
    lines += [f"{name:<26}" + "".join(f"{figure:>12}" for figure in figures) for name, figures in rows]
    blows = ", ".join(f"{name} {count} times" for name, count in sorted(struck.items()))
    return "\n".join([*lines, f"blows: {blows or 'none'}"])


def _figures(tally: Tally) -> list[int]:
    moved = tally.states["confirmed"] + tally.states["settled"]
    failed = tally.states["failed"] + tally.states["voided"]
    return [tally.payments, moved, failed, tally.lost, tally.doubled, tally.unexplained, tally.unfinished]
