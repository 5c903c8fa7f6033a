"""How do borrowers of the simulated year behave? Each loan's payments, planned on the day it is paid out; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

Due = tuple[date, int]
"""A due date and what is asked then, in minor units."""


class Habit(StrEnum):
    """How a borrower pays."""

    PROMPT = "prompt"
    """On the day."""
    EARLY = "early"
    """Some days before."""
    LATE = "late"
    """Some days after, now and then."""
    SAVES = "saves"
    """Leaves the money on the savings account, where the sweep finds it."""
    OVER = "over"
    """Pays more than is asked, and so is done early."""
    STOPS = "stops"
    """Pays some instalments and then nothing any more."""


WEIGHTS = {
    Habit.PROMPT: 40,
    Habit.EARLY: 10,
    Habit.LATE: 20,
    Habit.SAVES: 15,
    Habit.OVER: 9,
    Habit.STOPS: 6,
}


@dataclass(frozen=True, slots=True)
class Pays:
    """On a day, so much is paid: on the loan, or into the savings for the sweep."""

    on: date
    minor: int
    into_savings: bool = False
    bounces: bool = False
    """Is reversed the next day."""


def a_habit(random: Random) -> Habit:
    return random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]


def payments(habit: Habit, dues: Sequence[Due], random: Random) -> list[Pays]:
    """What a borrower does about each instalment; one payment in a hundred bounces."""
    kept = random.randint(1, 4)
    planned = []
    for place, (due_on, minor) in enumerate(dues):
        if habit is Habit.STOPS and place >= kept:
            break
        pays = Pays(due_on + _shift(habit, random), minor, habit is Habit.SAVES, random.random() < 0.01)
        if habit is Habit.OVER:
            pays = Pays(pays.on, minor * 3 // 2, bounces=pays.bounces)
        planned.append(pays)
    return planned


def _shift(habit: Habit, random: Random) -> timedelta:
    if habit is Habit.EARLY:
        return timedelta(days=-random.randint(1, 10))
    if habit is Habit.LATE and random.random() < 0.5:
        return timedelta(days=random.randint(1, 45))
    if habit is Habit.SAVES:
        return timedelta(days=-random.randint(0, 2))
    return timedelta()
