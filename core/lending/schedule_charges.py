"""Which row of a schedule carries which charge? Per instalment, on a date, overdue, and beside the pay-out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from core.errors import DatesOutOfOrder
from core.lending.charge_terms import Charge, ChargeTiming
from core.lending.charges import FEES, PENALTIES, ChargeBases, Charged, charged, sum_of
from core.lending.model import Instalment, InstalmentKind
from core.lending.terms import Terms
from core.money import Money


def with_charges(
    terms: Terms, disbursed_on: date, rows: Sequence[Instalment], as_of: date | None
) -> tuple[Instalment, ...]:
    """The rows with what they carry, and rows of charges alone before the first and behind the last.

    Raises DatesOutOfOrder for a charge dated before the loan is paid out.
    """
    if not terms.charges:
        return tuple(rows)
    whole = ChargeBases(terms.principal.minor, sum(row.interest.minor for row in rows))
    dated = _in_order_of_dates(terms, disbursed_on)
    carrying: list[Instalment] = []
    for row in rows:
        if row.kind is not InstalmentKind.REGULAR:
            carrying.append(row)
            continue
        arrived = [charge for day, charge in dated if day <= row.due_on]
        dated = dated[len(arrived) :]
        carrying.append(_carrying(row, [*arrived, *_of_row(terms, row, as_of)], whole, terms))
    first = [charged(charge, whole, terms) for charge in terms.charges_at(ChargeTiming.AT_DISBURSEMENT)]
    if first:
        carrying.insert(0, _alone(0, disbursed_on, InstalmentKind.DISBURSEMENT_FEE, first, terms))
    for day, charge in dated:
        last = [charged(charge, whole, terms)]
        carrying.append(_alone(carrying[-1].number + 1, day, InstalmentKind.CHARGE, last, terms))
    return tuple(carrying)


def _in_order_of_dates(terms: Terms, disbursed_on: date) -> list[tuple[date, Charge]]:
    charges = terms.charges_at(ChargeTiming.ON_DATE)
    dated = [(charge.due_on, charge) for charge in charges if charge.due_on is not None]
    dated.sort(key=lambda pair: pair[0])
    if dated and dated[0][0] < disbursed_on:
        raise DatesOutOfOrder(first=disbursed_on, second=dated[0][0])
    return dated


def _of_row(terms: Terms, row: Instalment, as_of: date | None) -> tuple[Charge, ...]:
    usual = terms.charges_at(ChargeTiming.EVERY_INSTALMENT)
    is_overdue = as_of is not None and row.due_on < as_of
    return (*usual, *terms.charges_at(ChargeTiming.OVERDUE)) if is_overdue else usual


def _carrying(row: Instalment, charges: Iterable[Charge], whole: ChargeBases, terms: Terms) -> Instalment:
    bases = replace(whole, principal_due=row.principal.minor, interest_due=row.interest.minor)
    amounts = [charged(charge, bases, terms) for charge in charges]
    currency = row.principal.currency
    return replace(
        row,
        fees=Money(sum_of(amounts, FEES), currency),
        penalties=Money(sum_of(amounts, PENALTIES), currency),
    )


def _alone(
    number: int, day: date, kind: InstalmentKind, amounts: Sequence[Charged], terms: Terms
) -> Instalment:
    currency = terms.principal.currency
    return Instalment(
        number=number,
        due_on=day,
        principal=Money.zero(currency),
        interest=Money.zero(currency),
        fees=Money(sum_of(amounts, FEES), currency),
        penalties=Money(sum_of(amounts, PENALTIES), currency),
        kind=kind,
    )
