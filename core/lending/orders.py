"""In which order does money pay what is open on a loan? Orders are data, so a product states its own.

An order is a list of passes. Each pass names rows and portions; money runs down the passes until it is spent.
What no pass reaches is not asked for: interest that lapses when a loan is cleared early is simply in no pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TypeAlias

from core.lending.model import InterestChargedThrough, Portion


class RowsIn(StrEnum):
    """Rows by where they stand on the day of the payment."""

    ANY = "any"
    PAST_DUE = "past_due"
    """Due before the day."""
    DUE_TODAY = "due_today"
    DUE = "due"
    """Past due, or due today."""
    AHEAD = "ahead"
    """Due after the day."""
    CURRENT = "current"
    """The first row that is ahead."""
    LATER = "later"
    """Rows ahead, behind the current one."""
    OLDEST_OPEN = "oldest_open"
    """The first row on which anything is unpaid."""


class Sharing(StrEnum):
    """How money goes over the rows of one pass."""

    NEAREST_FIRST = "nearest_first"
    FARTHEST_FIRST = "farthest_first"
    EQUAL_SHARES = "equal_shares"
    """The same rounded share for every row, the last takes the rest; again until it is spent."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One step of an order: row after row, and within a row the portions as listed."""

    rows: RowsIn
    portions: tuple[Portion, ...]
    sharing: Sharing = Sharing.NEAREST_FIRST
    only_charges_fallen_due: bool = False
    """Of penalties and fees only those whose own date has come."""


Order: TypeAlias = tuple[Pass, ...]

_PENALTY_FEE_INTEREST_PRINCIPAL = (Portion.PENALTY, Portion.FEE, Portion.INTEREST, Portion.PRINCIPAL)


def row_by_row(*portions: Portion) -> Order:
    """Finish the oldest row in the order given, then the next, whether it is due or not."""
    return (Pass(RowsIn.ANY, portions),)


def due_then_ahead(due: tuple[Portion, ...], ahead: tuple[Portion, ...]) -> Order:
    """Rows due in one order; then charges that fell due on rows ahead; then rows ahead in another order."""
    return (
        Pass(RowsIn.DUE, due),
        Pass(RowsIn.AHEAD, (Portion.PENALTY, Portion.FEE), only_charges_fallen_due=True),
        Pass(RowsIn.AHEAD, ahead),
    )


PENALTY_FEE_INTEREST_PRINCIPAL = row_by_row(*_PENALTY_FEE_INTEREST_PRINCIPAL)

CHARGES_AND_INTEREST_ACROSS_ROWS = (
    Pass(RowsIn.DUE, (Portion.FEE,)),
    Pass(RowsIn.DUE, (Portion.PENALTY,)),
    Pass(RowsIn.DUE, (Portion.INTEREST,)),
    Pass(RowsIn.DUE, (Portion.PRINCIPAL,)),
    Pass(RowsIn.AHEAD, (Portion.FEE, Portion.PENALTY, Portion.INTEREST, Portion.PRINCIPAL)),
)
"""Of all rows due first the charges, then the interest, then the principal; then rows ahead one by one."""


def interest_of_oldest_row_then_principal() -> Order:
    """What is asked beside principal on the oldest open row, and all the rest repays principal."""
    return (
        Pass(RowsIn.OLDEST_OPEN, (Portion.PENALTY, Portion.FEE, Portion.INTEREST)),
        Pass(RowsIn.ANY, (Portion.PRINCIPAL,)),
    )


def interest_then_principal() -> Order:
    """Charges and interest of all rows first ("interest first across instalments"), then principal."""
    return (
        *(Pass(RowsIn.ANY, (portion,)) for portion in (Portion.PENALTY, Portion.FEE, Portion.INTEREST)),
        Pass(RowsIn.ANY, (Portion.PRINCIPAL,)),
    )


Step: TypeAlias = tuple[RowsIn, Portion]
"""One of twelve: past due, due today or ahead, and a portion."""


def row_wise(steps: Sequence[Step], future: Sharing) -> Order:
    """Twelve steps, horizontally: one row after the other, each in the order of its steps."""
    standings = tuple(dict.fromkeys(standing for standing, _ in steps))
    return tuple(
        Pass(
            rows=standing,
            portions=tuple(portion for where, portion in steps if where is standing),
            sharing=_sharing(standing, future),
        )
        for standing in standings
    )


def portion_wise(steps: Sequence[Step], future: Sharing) -> Order:
    """Twelve steps, vertically: one step after the other, each over all of its rows."""
    return tuple(Pass(standing, (portion,), _sharing(standing, future)) for standing, portion in steps)


def _sharing(standing: RowsIn, future: Sharing) -> Sharing:
    return future if standing is RowsIn.AHEAD else Sharing.NEAREST_FIRST


_EVERYWHERE = (
    frozenset({RowsIn.ANY}),
    frozenset({RowsIn.DUE, RowsIn.AHEAD}),
    frozenset({RowsIn.PAST_DUE, RowsIn.DUE_TODAY, RowsIn.AHEAD}),
    frozenset({RowsIn.DUE, RowsIn.CURRENT, RowsIn.LATER}),
)


@cache
def leaves_out(order: Order) -> tuple[Portion, ...]:
    """The portions that some rows keep to themselves under this order, so that they lapse when a loan is cleared."""
    passes = [one for one in order if not one.only_charges_fallen_due]
    return tuple(
        portion
        for portion in Portion
        if not any(where <= {one.rows for one in passes if portion in one.portions} for where in _EVERYWHERE)
    )


@cache
def product_order(portions: tuple[Portion, ...], through: InterestChargedThrough) -> Order:
    """Rows due and the current one in the product's order; then principal of later rows, whose interest lapses.

    Where interest is charged for the whole term, that later interest comes last instead of lapsing.
    """
    passes = (
        Pass(RowsIn.DUE, portions),
        Pass(RowsIn.CURRENT, portions),
        Pass(RowsIn.LATER, (Portion.PRINCIPAL,)),
    )
    if through is InterestChargedThrough.WHOLE_TERM:
        return (*passes, Pass(RowsIn.LATER, (Portion.INTEREST,)))
    return passes
