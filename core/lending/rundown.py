"""How does an amount run down an order over open rows? The one place where money is divided over a loan."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from core.lending.model import Portion
from core.lending.orders import Order, Pass, RowsIn, Sharing
from core.lending.rows import PLACE, Parts

_PORTIONS = 4


@dataclass(slots=True)
class PrincipalLeft:
    """What rows together can take of principal, where each may ask more than is left for all."""

    amount: int


@dataclass(slots=True)
class OpenRow:
    """What can be taken of one row, in the order of Parts; `taken` fills up as money runs down."""

    due_on: date
    open: list[int]
    charges_due: tuple[int, int] = (0, 0)
    """Of the open penalty and fee, what belongs to charges whose own date has come."""
    bound: PrincipalLeft | None = None
    """Shared by all rows."""
    taken: list[int] = field(default_factory=lambda: [0] * _PORTIONS)

    def take(self, portion: Portion, at_most: int) -> int:
        """Take of one portion; returns how much there was to take."""
        place = PLACE[portion]
        amount = min(self.open[place], at_most)
        if portion is Portion.PRINCIPAL and self.bound is not None:
            amount = min(amount, self.bound.amount)
            self.bound.amount -= amount
        self.open[place] -= amount
        self.taken[place] += amount
        return amount

    def can_take(self, portion: Portion) -> bool:
        is_bound = portion is Portion.PRINCIPAL and self.bound is not None and not self.bound.amount
        return bool(self.open[PLACE[portion]]) and not is_bound

    @property
    def parts(self) -> Parts:
        return Parts(*self.taken)


def run_down(rows: Sequence[OpenRow], amount: int, *, on: date, order: Order) -> int:
    """Take an amount from the rows, oldest first in `rows`; returns what is left above all passes."""
    left = amount
    for one in order:
        if not left:
            break
        left -= _take(_chosen(rows, one.rows, on), left, one)
    return left


def still_asks(rows: Sequence[OpenRow], *, on: date, order: Order) -> bool:
    """Whether the order would take more if there were money for it; if not, the loan is clear."""
    return any(
        row.can_take(portion)
        for one in order
        if not one.only_charges_fallen_due
        for row in _chosen(rows, one.rows, on)
        for portion in one.portions
    )


def _chosen(rows: Sequence[OpenRow], which: RowsIn, on: date) -> Sequence[OpenRow]:
    if which is RowsIn.ANY:
        return rows
    if which is RowsIn.OLDEST_OPEN:
        return [row for row in rows if any(row.open)][:1]
    if which is RowsIn.PAST_DUE:
        return [row for row in rows if row.due_on < on]
    if which is RowsIn.DUE_TODAY:
        return [row for row in rows if row.due_on == on]
    if which is RowsIn.DUE:
        return [row for row in rows if row.due_on <= on]
    ahead = [row for row in rows if row.due_on > on]
    if which is RowsIn.CURRENT:
        return ahead[:1]
    return ahead[1:] if which is RowsIn.LATER else ahead


def _take(rows: Sequence[OpenRow], money: int, step: Pass) -> int:
    """Returns what the pass took."""
    if step.only_charges_fallen_due:
        return _take_charges_due(rows, money, step)
    if step.sharing is Sharing.EQUAL_SHARES:
        return _take_equal_shares(rows, money, step)
    left = money
    for row in reversed(rows) if step.sharing is Sharing.FARTHEST_FIRST else rows:
        left -= _take_of_row(row, left, step)
        if not left:
            break
    return money - left


def _take_of_row(row: OpenRow, money: int, step: Pass) -> int:
    left = money
    for portion in step.portions:
        left -= row.take(portion, left)
    return money - left


def _take_charges_due(rows: Sequence[OpenRow], money: int, step: Pass) -> int:
    left = money
    for row in rows:
        for portion in step.portions:
            left -= row.take(portion, min(left, row.charges_due[PLACE[portion]]))
    return money - left


def _take_equal_shares(rows: Sequence[OpenRow], money: int, step: Pass) -> int:
    left = money
    while left:
        wanting = [row for row in rows if any(row.can_take(portion) for portion in step.portions)]
        if not wanting:
            break
        share = round(Fraction(left, len(wanting)))
        rest = max(0, left - share * (len(wanting) - 1))
        for row in wanting[:-1]:
            left -= _take_of_row(row, min(share, left), step)
        left -= _take_of_row(wanting[-1], min(rest, left), step)
    return money - left
