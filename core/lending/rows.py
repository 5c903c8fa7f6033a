"""What is due on one row of a running loan, what has been paid of it, and when did that settle it?

All amounts are whole minor units of the loan's currency.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from core.lending.model import Portion


class Parts(NamedTuple):
    """An amount by what it is for; a repayment's split, or what a row asks."""

    penalty: int = 0
    fee: int = 0
    interest: int = 0
    principal: int = 0

    @classmethod
    def only(cls, portion: Portion, amount: int) -> "Parts":
        """All of an amount for one thing."""
        return NOTHING.having(portion, amount)

    @property
    def total(self) -> int:
        return self.penalty + self.fee + self.interest + self.principal

    def of(self, portion: Portion) -> int:
        return self[PLACE[portion]]

    def having(self, portion: Portion, amount: int) -> "Parts":
        """The same with another amount for one thing."""
        amounts = list(self)
        amounts[PLACE[portion]] = amount
        return Parts(*amounts)

    def plus(self, other: "Parts") -> "Parts":
        return Parts(
            self.penalty + other.penalty,
            self.fee + other.fee,
            self.interest + other.interest,
            self.principal + other.principal,
        )

    def minus(self, other: "Parts") -> "Parts":
        return Parts(
            self.penalty - other.penalty,
            self.fee - other.fee,
            self.interest - other.interest,
            self.principal - other.principal,
        )


PLACE = {Portion.PENALTY: 0, Portion.FEE: 1, Portion.INTEREST: 2, Portion.PRINCIPAL: 3}
"""Where each portion stands in Parts."""

NOTHING = Parts()


class RowKind(StrEnum):
    """Why a row is there."""

    INSTALMENT = "instalment"
    """Part of the agreed schedule, or of a new one after restructuring."""

    DOWN_PAYMENT = "down_payment"
    """What is paid back on the day of a disbursement."""

    DISBURSEMENT_FEE = "disbursement_fee"
    """Charges paid beside the pay-out."""

    EXTRA = "extra"
    """After the last instalment: charges and re-opened principal that no instalment holds."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the loan as it stands. Rows with nothing due stay, so that a member sees what happened."""

    kind: RowKind
    starts_on: date
    due_on: date
    due: Parts
    is_moved: bool = False
    """Its period is not one of the loan's rhythm."""
    paid: Parts = NOTHING
    waived: Parts = NOTHING
    reopened: Parts = NOTHING
    """What was paid and is due again after a chargeback or refund; part of `due`."""
    in_advance: int = 0
    """What was paid before the due date."""
    late: int = 0
    """What was paid after it."""
    settled_on: date | None = None
    """The date of the event that left nothing unpaid; None while something is."""

    @property
    def open(self) -> Parts:
        """What is still to be paid."""
        return self.due.minus(self.paid).minus(self.waived)

    @property
    def outstanding(self) -> int:
        return self.due.total - self.paid.total - self.waived.total

    @property
    def days(self) -> int:
        return (self.due_on - self.starts_on).days

    def credited(self, parts: Parts, *, on: date) -> "Row":
        """After a payment of these parts."""
        amount = parts.total
        return replace(
            self,
            paid=self.paid.plus(parts),
            in_advance=self.in_advance + (amount if on < self.due_on else 0),
            late=self.late + (amount if on > self.due_on else 0),
        ).settled(on=on)

    def owing(self, due: Parts, *, on: date) -> "Row":
        """With other amounts due from that day."""
        return replace(self, due=due).settled(on=on)

    def reopening(self, parts: Parts, *, on: date) -> "Row":
        """Where these parts are due again."""
        again = replace(self, due=self.due.plus(parts), reopened=self.reopened.plus(parts))
        return again.settled(on=on)

    def waiving(self, parts: Parts, *, on: date) -> "Row":
        """Where these parts need not be paid any more."""
        return replace(self, waived=self.waived.plus(parts)).settled(on=on)

    def settled(self, *, on: date) -> "Row":
        """With the date of settling brought up to date after a change on that day."""
        if self.outstanding:
            return replace(self, settled_on=None) if self.settled_on else self
        return self if self.settled_on else replace(self, settled_on=on)
