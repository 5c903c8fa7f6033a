"""What does being late cost? Penalties of a loan for one day, by its product's rule and within its caps; pure.

A day's penalties are charged when the day begins, which is when the deadline of the day before (cut-off and grace)
has passed: so a payment within the 60 minutes after the due date's end is not penalised and a later one is. Every
penalty belongs to one instalment and one day, and none is charged for the same two again. Penalties bear no penalty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from core.money import Money

_NOTHING = Money.zero()


class PenaltyRhythm(StrEnum):
    """How often a late instalment is penalised."""

    ONCE = "once"
    """On its first day after the days of grace."""

    PER_DAY = "per_day"
    """On every day that it is late after the days of grace; the days of grace themselves stay free."""


class PenaltyBase(StrEnum):
    """What a percentage is of."""

    INSTALMENT = "instalment"
    """The instalment as it fell due, paid or not."""

    OVERDUE_PRINCIPAL = "overdue_principal"
    """The principal of it that is still unpaid."""

    OVERDUE = "overdue"
    """Principal, interest and fees of it that are still unpaid."""


@dataclass(frozen=True, slots=True)
class PenaltyCaps:
    """Beyond what no more is charged, as shares: of the instalment, of the amount lent. None: no such cap."""

    of_instalment: Fraction | None = None
    of_loan: Fraction | None = None


NO_CAPS = PenaltyCaps()


@dataclass(frozen=True, slots=True)
class PenaltyRule:
    """One product's penalty: an amount, or a share of a base. Raises ValueError where neither or both are given."""

    rhythm: PenaltyRhythm
    amount: Money | None = None
    share: Fraction | None = None
    base: PenaltyBase = PenaltyBase.OVERDUE
    grace_days: int = 0
    caps: PenaltyCaps = NO_CAPS

    def __post_init__(self) -> None:
        if (self.amount is None) == (self.share is None):
            raise ValueError("a penalty is an amount or a share")
        given = [self.grace_days, self.share, self.caps.of_instalment, self.caps.of_loan]
        if any(each < 0 for each in given if each is not None) or (self.amount or _NOTHING).minor < 0:
            raise ValueError(f"below zero: {self}")

    def starts_after(self, due_on: date) -> date:
        """The last day of an instalment that is free."""
        return due_on + timedelta(days=self.grace_days)


@dataclass(frozen=True, slots=True)
class PenaltyRow:
    """One instalment as penalties see it."""

    number: int
    due_on: date
    scheduled: Money
    """Principal, interest and fees as they fell due."""
    overdue_principal: Money
    overdue: Money
    """Principal, interest and fees that are unpaid."""
    charged: Money = _NOTHING
    """Penalties charged on it before, paid or not."""
    charged_for: date | None = None
    """The last day for which one was charged."""


@dataclass(frozen=True, slots=True)
class PenaltyCharge:
    """One penalty: unique by loan, instalment and day."""

    number: int
    for_day: date
    amount: Money


def penalties(
    rows: Sequence[PenaltyRow],
    on: date,
    rule: PenaltyRule,
    *,
    principal: Money,
    tolerance: Money = _NOTHING,
    room: Money | None = None,
) -> tuple[PenaltyCharge, ...]:
    """The penalties of a loan for a day, oldest instalment first, from its rows as that day begins.

    `principal` is the amount lent, `room` what in duplum leaves (None while it doesn't apply); both caps are used
    up by the oldest instalment first. Overdue amounts up to the tolerance are no reason for a penalty.
    """
    late = [row for row in sorted(rows, key=lambda row: (row.due_on, row.number)) if row.due_on < on]
    zero = Money.zero(principal.currency)
    if sum((row.overdue for row in late), start=zero) <= tolerance:
        return ()
    left = _room_of_loan(rows, rule, principal)
    if room is not None:
        left = room if left is None else min(left, room)
    charges = []
    for row in late:
        amount = (
            max(zero, _penalty(row, on, rule))
            if left is None
            else max(zero, min(left, _penalty(row, on, rule)))
        )
        if amount:
            charges.append(PenaltyCharge(row.number, on, amount))
            left = None if left is None else left - amount
    return tuple(charges)


def _penalty(row: PenaltyRow, on: date, rule: PenaltyRule) -> Money:
    """The penalty of one instalment within its own cap; below or at zero for none."""
    zero = Money.zero(row.overdue.currency)
    if not row.overdue or on <= rule.starts_after(row.due_on) or _is_charged(row, on, rule):
        return zero
    amount = rule.amount if rule.share is None else _share(rule.share, _base(row, rule.base))
    if amount is None:
        raise AssertionError(f"a rule without an amount: {rule}")
    if rule.caps.of_instalment is None:
        return amount
    return min(amount, _share(rule.caps.of_instalment, row.scheduled) - row.charged)


def _is_charged(row: PenaltyRow, on: date, rule: PenaltyRule) -> bool:
    if row.charged_for is None:
        return False
    return rule.rhythm is PenaltyRhythm.ONCE or row.charged_for >= on


def _base(row: PenaltyRow, base: PenaltyBase) -> Money:
    return {
        PenaltyBase.INSTALMENT: row.scheduled,
        PenaltyBase.OVERDUE_PRINCIPAL: row.overdue_principal,
        PenaltyBase.OVERDUE: row.overdue,
    }[base]


def _room_of_loan(rows: Sequence[PenaltyRow], rule: PenaltyRule, principal: Money) -> Money | None:
    if rule.caps.of_loan is None:
        return None
    charged = sum((row.charged for row in rows), start=Money.zero(principal.currency))
    return _share(rule.caps.of_loan, principal) - charged


def _share(share: Fraction, amount: Money) -> Money:
    return amount.portion(share.numerator, share.denominator)
