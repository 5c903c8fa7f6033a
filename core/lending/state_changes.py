"""By how much do two states of one loan differ? What a journal has to adjust after a reversal or a late entry."""

from dataclasses import dataclass

from core.lending.loan_state import LoanState
from core.lending.rows import NOTHING, Parts


@dataclass(frozen=True, slots=True)
class StateChange:
    """After less before, in minor units; what is lower now is negative."""

    lent: int
    due: Parts
    """What all rows ask, paid or not."""
    paid: Parts
    waived: Parts
    overpaid: int

    @property
    def outstanding(self) -> Parts:
        """By how much more is owed."""
        return self.due.minus(self.paid).minus(self.waived)

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return self != _NO_CHANGE


@dataclass(frozen=True, slots=True)
class SplitChange:
    """A transaction that is divided in another way now; None where it is not there at all."""

    event: int
    before: Parts | None
    after: Parts | None
    overpaid: int
    """By how much more of it is overpaid now."""


_NO_CHANGE = StateChange(lent=0, due=NOTHING, paid=NOTHING, waived=NOTHING, overpaid=0)


def change_between(before: LoanState, after: LoanState) -> StateChange:
    """What one adjusting journal has to carry, per portion."""
    return StateChange(
        lent=after.lent - before.lent,
        due=_total(after, "due").minus(_total(before, "due")),
        paid=_total(after, "paid").minus(_total(before, "paid")),
        waived=_total(after, "waived").minus(_total(before, "waived")),
        overpaid=after.overpaid - before.overpaid,
    )


def split_changes(before: LoanState, after: LoanState) -> tuple[SplitChange, ...]:
    """The transactions whose split differs, by the number of their event."""
    earlier = {line.event: line for line in before.transactions}
    later = {line.event: line for line in after.transactions}
    changes = []
    for event in sorted(earlier | later):
        was, is_now = earlier.get(event), later.get(event)
        if was == is_now:
            continue
        more = (is_now.overpaid if is_now else 0) - (was.overpaid if was else 0)
        changes.append(SplitChange(event, was.parts if was else None, is_now.parts if is_now else None, more))
    return tuple(changes)


def _total(state: LoanState, of: str) -> Parts:
    total = NOTHING
    for row in state.rows:
        parts: Parts = getattr(row, of)
        total = total.plus(parts)
    return total
