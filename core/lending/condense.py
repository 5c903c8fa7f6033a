"""Which instalments does the question "what is owed today" need? The rest of a long schedule, added up.

A schedule of 48 rows becomes three or four: `owed` says the same of both (a property test holds them together),
and a balance on a phone costs a tenth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.lending.model import Instalment, InstalmentState
from core.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Row:
    """An instalment as it is stored, in minor units."""

    number: int
    due_on: date
    principal: int
    interest: int
    principal_paid: int
    interest_paid: int
    interest_recognised: int

    @property
    def is_unpaid(self) -> bool:
        return self.principal_paid < self.principal or self.interest_paid < self.interest


def condensed(rows: Sequence[Row], today: date, currency: Currency) -> tuple[InstalmentState, ...]:
    """Unpaid instalments that are due, the current one, the next unpaid one, and all later ones as one.

    Rows are in order of number. A loan keeps at least one row.
    """
    due = [row for row in rows if row.due_on <= today]
    ahead = [row for row in rows if row.due_on > today]
    kept = [row for row in due if row.is_unpaid] or due[-1:]
    kept += ahead[:1]
    later = ahead[1:]
    if ahead and not ahead[0].is_unpaid:
        while later and not later[0].is_unpaid:
            later = later[1:]
        kept += later[:1]
        later = later[1:]
    if later:
        kept.append(_together(later))
    return tuple(_state(row, currency) for row in kept)


def _together(rows: Sequence[Row]) -> Row:
    return Row(
        number=rows[0].number,
        due_on=rows[0].due_on,
        principal=sum(row.principal for row in rows),
        interest=sum(row.interest for row in rows),
        principal_paid=sum(row.principal_paid for row in rows),
        interest_paid=sum(row.interest_paid for row in rows),
        interest_recognised=sum(row.interest_recognised for row in rows),
    )


def _state(row: Row, currency: Currency) -> InstalmentState:
    return InstalmentState(
        instalment=Instalment(
            number=row.number,
            due_on=row.due_on,
            principal=Money(row.principal, currency),
            interest=Money(row.interest, currency),
        ),
        principal_paid=Money(row.principal_paid, currency),
        interest_paid=Money(row.interest_paid, currency),
        interest_recognised=Money(row.interest_recognised, currency),
    )
