"""When is how much due? A pure function of the terms and dates; the arithmetic is `spread`'s.

The rows of a schedule are laid out over periods; a later tranche lays out again what is left from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from core.calendar import EVERY_DAY, WorkingDays
from core.errors import BeforeDisbursement, ContradictoryTerms, DatesOutOfOrder
from core.lending.charges import capitalised
from core.lending.day_count import nominal_part_of_year, part_of_year, part_until
from core.lending.model import Instalment, InstalmentKind
from core.lending.periods import Period, periods_of, refuse_beyond_calendar
from core.lending.rounding import rounded, to_multiple
from core.lending.rounding_terms import PaymentRounding
from core.lending.schedule_charges import with_charges
from core.lending.spread import Row, Spread, flat_interest, interest_deferred, lay_out_as_earned
from core.lending.terms import Grace, PartialPeriods, PeriodLength, Terms
from core.lending.whole_payments import lay_out_payments
from core.money import Money

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Tranche:
    """A part of the principal that is paid out after the first."""

    on: date
    amount: Money


def schedule(
    terms: Terms,
    disbursed_on: date,
    *,
    first_due_on: date | None = None,
    due_dates: Sequence[date] | None = None,
    working_days: WorkingDays = EVERY_DAY,
    tranches: Sequence[Tranche] = (),
    as_of: date | None = None,
) -> tuple[Instalment, ...]:
    """The instalments of a loan, the first one period after disbursement unless dates are given.

    `tranches` are later parts of the principal. `as_of` shows it as it stands on that day with nothing paid:
    charges on overdue rows, and interest on overdue principal where the terms have it. Neither they nor
    calendars change payments that the terms want whole.
    Principals add up to the amount lent. A loan of so few cents that rounding repays it early ends with
    instalments of nothing.
    Raises ContradictoryTerms, DatesOutOfOrder and BeforeDisbursement.
    """
    periods = periods_of(
        terms, disbursed_on, first_due_on=first_due_on, due_dates=due_dates, working_days=working_days
    )
    if as_of is not None:
        refuse_beyond_calendar(as_of)
        if as_of < disbursed_on:
            raise BeforeDisbursement(on=as_of, disbursed_on=disbursed_on)
    lent = _paid_out(terms, disbursed_on, tranches, last_due_on=periods[-1].due_on)
    if terms.rounding.payments is not None:
        return _whole_payments(terms, terms.rounding.payments, periods, lent)
    rows = _rows(terms, periods, lent, as_of)
    currency = terms.principal.currency
    regular = [
        Instalment.without_charges(
            number, period.due_on, Money(row.principal, currency), Money(row.interest, currency)
        )
        for number, (period, row) in enumerate(zip(periods, rows, strict=True), start=1)
    ]
    if terms.down_payment:
        regular = _with_down_payments(terms, regular, lent)
    return with_charges(terms, disbursed_on, regular, as_of)


def spread_of(
    terms: Terms,
    opening: int,
    periods: Sequence[Period],
    *,
    rows_before: int = 0,
    instalment: int | None = None,
    flat_base: int | None = None,
    as_of: date | None = None,
) -> Spread:
    """The rest of a loan, ready to be laid out: a balance in minor units over the periods that are left.

    `rows_before` is how many rows of the loan lie behind it, so that their grace is used up. `instalment` keeps
    an equal instalment that was agreed before; `flat_base` is what flat interest is charged on when that isn't
    the balance. Raises ContradictoryTerms for a rest of no periods.
    """
    if not periods:
        raise ContradictoryTerms("no_instalments", given="0", limit="1")
    grace = _grace_left(terms.grace, rows_before, len(periods))
    nominal = terms.annual_rate * nominal_part_of_year(terms.day_count, terms.frequency)
    spread = Spread(
        opening=opening,
        factors=_factors(terms, periods, grace, nominal, has_first=not rows_before),
        nominal_factor=nominal,
        rounding=terms.rounding,
        method=terms.method,
        amortisation=terms.amortisation,
        basis=terms.instalment_basis,
        grace=grace,
        instalment=instalment,
        flat_base=flat_base,
        odd_days_on_top=terms.due_dates.partial_periods is PartialPeriods.FIRST_BY_DAYS,
    )
    return _as_of(terms, spread, periods, as_of) if as_of and terms.overdue_principal_earns else spread


def _factors(
    terms: Terms, periods: Sequence[Period], grace: Grace, nominal: Fraction, *, has_first: bool
) -> tuple[Fraction, ...]:
    """What each row costs. Equal periods of the rhythm all cost the nominal factor: no need to find it for each."""
    are_equal = terms.day_count.period is PeriodLength.EQUAL_PERIODS
    charged = (
        nominal
        if are_equal and not period.is_moved
        else rate_factor(terms, period, is_first=has_first and index == 0)
        for index, period in enumerate(periods)
    )
    return tuple(_NOTHING if index < grace.interest_free else factor for index, factor in enumerate(charged))


def rate_factor(terms: Terms, period: Period, *, is_first: bool = False) -> Fraction:
    """What one unit of balance costs in a period."""
    return terms.annual_rate * part_of_year(terms, period, is_first=is_first)


def rate_factor_until(terms: Terms, period: Period, until: date, *, is_first: bool = False) -> Fraction:
    """What one unit of balance costs from the beginning of a period up to a day inside it."""
    return terms.annual_rate * part_until(terms, period, until, is_first=is_first)


def interest_up_front(terms: Terms, disbursed_on: date, due_dates: Sequence[date]) -> Money:
    """The interest that is taken from the money paid out, for the whole term."""
    periods = periods_of(terms, disbursed_on, due_dates=due_dates)
    lent = terms.principal.minor + sum(each.total.minor for each in capitalised(terms))
    spread = spread_of(terms, _after_down_payment(terms, lent), periods)
    return Money(flat_interest(spread), terms.principal.currency)


def down_payment(terms: Terms, paid_out: int) -> int:
    """What of an amount paid out is paid back on the same day, in minor units."""
    part = rounded(paid_out * terms.down_payment, terms.rounding.mode)
    return to_multiple(part, terms.rounding) if part else 0


def _paid_out(
    terms: Terms, disbursed_on: date, tranches: Sequence[Tranche], *, last_due_on: date
) -> list[tuple[date, int]]:
    """What is paid out when; charges that are lent on top belong to the first."""
    later = sorted(((tranche.on, tranche.amount.minor) for tranche in tranches), key=lambda paid: paid[0])
    for day, _ in later:
        if day < disbursed_on:
            raise DatesOutOfOrder(first=disbursed_on, second=day)
        if day >= last_due_on:
            raise DatesOutOfOrder(first=day, second=last_due_on)
    first = terms.principal.minor - sum(amount for _, amount in later)
    least = min([first, *(amount for _, amount in later)])
    if least <= 0:
        raise ContradictoryTerms("nothing_lent", given=str(least), limit="0")
    on_top = sum(each.total.minor for each in capitalised(terms))
    return [(disbursed_on, first + on_top), *later]


def _rows(
    terms: Terms, periods: Sequence[Period], lent: Sequence[tuple[date, int]], as_of: date | None
) -> list[Row]:
    """Laid out from the first pay-out, and again from the row in which each later one falls."""
    (_, first), *later = lent
    opening = _after_down_payment(terms, first)
    base = first if terms.flat_interest_on_down_payment else opening
    rows = lay_out_as_earned(spread_of(terms, opening, periods, flat_base=base, as_of=as_of))
    for day, amount in later:
        done = sum(period.due_on <= day for period in periods)
        added = _after_down_payment(terms, amount)
        opening = sum(row.principal for row in rows[done:]) + added
        base += amount if terms.flat_interest_on_down_payment else added
        rest = spread_of(terms, opening, periods[done:], rows_before=done, flat_base=base, as_of=as_of)
        not_yet = (
            rate_factor_until(terms, periods[done], day, is_first=not done) if rest.factors[0] else _NOTHING
        )
        extra = (-added * not_yet, *(_NOTHING for _ in periods[done + 1 :]))
        overdue = sum(row.principal for row in rows[: _overdue(periods[:done], as_of)])
        rows[done:] = lay_out_as_earned(replace(rest, extra_interest=extra, overdue_before=overdue))
    return interest_deferred(rows, terms.grace.interest_payment)


def _overdue(periods: Sequence[Period], as_of: date | None) -> int:
    """How many of the first periods are past their due date."""
    return 0 if as_of is None else sum(period.due_on < as_of for period in periods)


def _whole_payments(
    terms: Terms, payments: PaymentRounding, periods: Sequence[Period], lent: Sequence[tuple[date, int]]
) -> tuple[Instalment, ...]:
    """Rows whose payments are whole; what is lent later or paid back at once has no place among them."""
    (_, opening), *later = lent
    if later or terms.down_payment:
        raise ContradictoryTerms("tranches_in_whole_payments", given=str(len(later)), limit="0")
    rows = lay_out_payments(terms, spread_of(terms, opening, periods), payments)
    currency = terms.principal.currency
    return tuple(
        Instalment(
            number=number,
            due_on=period.due_on,
            principal=Money(row.principal, currency),
            interest=Money(row.interest, currency),
            fees=Money(row.fee, currency),
            penalties=Money.zero(currency),
        )
        for number, (period, row) in enumerate(zip(periods, rows, strict=True), start=1)
    )


def _after_down_payment(terms: Terms, paid_out: int) -> int:
    return paid_out - down_payment(terms, paid_out)


def _grace_left(grace: Grace, rows_before: int, rows: int) -> Grace:
    """What of the grace reaches rows behind the first ones; a rest repays at least with its last row."""
    return Grace(
        principal=min(max(grace.principal - rows_before, 0), rows - 1),
        interest_payment=min(max(grace.interest_payment - rows_before, 0), rows - 1),
        interest_free=max(grace.interest_free - rows_before, 0),
    )


def _as_of(terms: Terms, spread: Spread, periods: Sequence[Period], as_of: date) -> Spread:
    return replace(
        spread,
        late_factors=tuple(
            rate_factor_until(terms, period, as_of, is_first=not index)
            for index, period in enumerate(periods)
        ),
        overdue_rows=_overdue(periods, as_of),
    )


def _with_down_payments(
    terms: Terms, regular: list[Instalment], lent: Sequence[tuple[date, int]]
) -> list[Instalment]:
    """All rows in order of their dates; a down payment stands behind a row of the same day."""
    nothing = Money.zero(terms.principal.currency)
    rows = list(regular)
    for day, amount in lent:
        part = down_payment(terms, amount)
        if part:
            plain = Instalment.without_charges(0, day, Money(part, nothing.currency), nothing)
            rows.append(replace(plain, kind=InstalmentKind.DOWN_PAYMENT))
    rows.sort(key=lambda row: row.due_on)
    return [replace(row, number=number) for number, row in enumerate(rows, start=1)]
