"""What has an account earned in a period? Exact until the one rounding per posting; nothing is read or written.

Amounts are whole minor units of any scale; percentages and year fractions are exact.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from core.savings.interest_terms import DayCount, InterestBasis, InterestTerms, Interval, Rates, Rounding
from core.savings.periods import Period, boundaries

_NOTHING = Fraction(0)
_DAYS_365, _DAYS_360 = 365, 360
_FEBRUARY = 2


@dataclass(frozen=True, slots=True)
class Movement:
    """Money in (above zero) or out (below) on a day. Movements of a day keep the order in which they happened."""

    on: date
    change: int


@dataclass(frozen=True, slots=True)
class Earned:
    """Exact amounts of one period, both at least zero: what is owed to the member, and for overdrawn days by them."""

    interest: Fraction
    overdraft: Fraction


@dataclass(frozen=True, slots=True)
class Posting:
    """Interest as it is posted: two amounts, because they are two entries."""

    period: Period
    interest: int
    overdraft: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days with one balance and one rate."""

    start: date
    end: date
    balance: int
    compounds_at_end: bool

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def rounded(amount: Fraction, rounding: Rounding) -> int:
    """To the minor unit.

    >>> rounded(Fraction(5, 2), Rounding.HALF_UP), rounded(Fraction(5, 2), Rounding.HALF_EVEN)
    (3, 2)
    """
    if rounding is Rounding.HALF_EVEN:
        return round(amount)
    doubled = 2 * abs(amount.numerator) + amount.denominator
    size = doubled // (2 * amount.denominator)
    return size if amount >= 0 else -size


def year_fraction(day_count: DayCount, start: date, end: date) -> Fraction:
    """The days from `start` up to, but without, `end` as a part of a year. Adds up over adjoining stretches.

    >>> year_fraction(DayCount.THIRTY_360, date(2026, 1, 31), date(2026, 2, 28))
    Fraction(1, 12)
    """
    if day_count is DayCount.THIRTY_360:
        return Fraction(_day_of_360(end) - _day_of_360(start), _DAYS_360)
    if day_count is DayCount.ACTUAL_ACTUAL:
        return _year_position(end) - _year_position(start)
    return Fraction((end - start).days, _DAYS_360 if day_count is DayCount.ACTUAL_360 else _DAYS_365)


def _day_of_360(day: date) -> int:
    is_end_of_february = day.month == _FEBRUARY and (day + timedelta(days=1)).month != _FEBRUARY
    return 360 * day.year + 30 * day.month + (30 if is_end_of_february else min(day.day, 30))


def _year_position(day: date) -> Fraction:
    new_year, next_year = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + Fraction((day - new_year).days, (next_year - new_year).days)


def earned(
    terms: InterestTerms,
    rates: Rates,
    *,
    opening: int,
    movements: Sequence[Movement],
    period: Period,
    opened_on: date,
) -> Earned:
    """Interest on a period that began with the balance `opening`; movements outside of it are ignored.

    A day's movements count from that day on. Days below zero earn nothing and are charged the overdraft rate,
    without compounding.
    """
    within = [move for move in movements if period.start <= move.on < period.end]
    stretches = list(_stretches(terms, rates, opening, within, period, opened_on))
    overdraft = sum((_overdraft_of(terms, rates, stretch) for stretch in stretches), _NOTHING)
    if terms.basis is InterestBasis.DAILY_BALANCE:
        return Earned(_day_by_day(terms, rates, stretches), overdraft)
    # Before the account's first day there was no balance that could be the lowest.
    brought_in = opening if period.start > opened_on else None
    basis = _basis_of(terms, brought_in, within, period)
    return Earned(_on_one_balance(terms, rates, basis, period), overdraft)


def _stretches(
    terms: InterestTerms,
    rates: Rates,
    opening: int,
    movements: Sequence[Movement],
    period: Period,
    opened_on: date,
) -> Iterator[_Stretch]:
    compounds = set(
        boundaries(terms.compounding, terms.anchor, opened_on=opened_on, start=period.start, end=period.end)
        if terms.compounding is not Interval.DAILY
        else ()
    )
    cuts = compounds | {move.on for move in movements}
    cuts |= set(rates.credit.changes_between(period.start, period.end))
    cuts |= set(rates.overdraft.changes_between(period.start, period.end))
    if terms.day_count is DayCount.ACTUAL_ACTUAL:
        cuts |= {date(year, 1, 1) for year in range(period.start.year + 1, period.end.year + 1)}
    days = sorted({day for day in cuts if period.start < day < period.end} | {period.start, period.end})
    changes: dict[date, int] = {}
    for move in movements:
        changes[move.on] = changes.get(move.on, 0) + move.change
    balance = opening
    for start, end in itertools.pairwise(days):
        balance += changes.get(start, 0)
        yield _Stretch(start, end, balance, end in compounds)


def _day_by_day(terms: InterestTerms, rates: Rates, stretches: Iterable[_Stretch]) -> Fraction:
    if terms.compounding is Interval.DAILY:
        return _compounded_daily(terms, rates, stretches)
    accrued = compounded = _NOTHING
    # Balance times days by rate and length of year, in whole numbers: one fraction a rate in place of one a stretch.
    weights: dict[tuple[Fraction, int], Fraction | int] = {}
    for stretch in stretches:
        if stretch.balance >= terms.minimum_to_earn:
            days, of_year = _part_of_year(terms.day_count, stretch)
            key = rates.credit.on(stretch.start), of_year
            weights[key] = weights.get(key, 0) + (stretch.balance + compounded) * days
        if stretch.compounds_at_end:
            compounded = accrued = accrued + _interest_of(weights)
            weights = {}
    return accrued + _interest_of(weights)


def _part_of_year(day_count: DayCount, stretch: _Stretch) -> tuple[int, int]:
    """Days of the stretch and of the year that they are a part of; a stretch lies within one year."""
    if day_count is DayCount.THIRTY_360:
        return _day_of_360(stretch.end) - _day_of_360(stretch.start), _DAYS_360
    if day_count is DayCount.ACTUAL_ACTUAL:
        year = stretch.start.year
        return stretch.days, (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return stretch.days, _DAYS_360 if day_count is DayCount.ACTUAL_360 else _DAYS_365


def _interest_of(weights: Mapping[tuple[Fraction, int], Fraction | int]) -> Fraction:
    return sum(
        (Fraction(weight) * percent / (100 * of_year) for (percent, of_year), weight in weights.items()),
        _NOTHING,
    )


def _compounded_daily(terms: InterestTerms, rates: Rates, stretches: Iterable[_Stretch]) -> Fraction:
    accrued = _NOTHING
    for stretch in stretches:
        if stretch.balance >= terms.minimum_to_earn:
            accrued = _grown(terms.day_count, rates.credit.on(stretch.start) / 100, stretch, accrued)
    return accrued


def _grown(day_count: DayCount, yearly: Fraction, stretch: _Stretch, accrued: Fraction) -> Fraction:
    """Each day earns on the balance and on what the days before have earned."""
    a_day = year_fraction(day_count, stretch.start, stretch.start + timedelta(days=1))
    growth = (1 + yearly * a_day) ** stretch.days
    return (stretch.balance + accrued) * growth - stretch.balance


def _overdraft_of(terms: InterestTerms, rates: Rates, stretch: _Stretch) -> Fraction:
    if stretch.balance >= 0:
        return _NOTHING
    part = year_fraction(terms.day_count, stretch.start, stretch.end)
    return -stretch.balance * rates.overdraft.on(stretch.start) / 100 * part


def _basis_of(
    terms: InterestTerms, brought_in: int | None, movements: Sequence[Movement], period: Period
) -> Fraction:
    if terms.basis is InterestBasis.AVERAGE_BALANCE:
        return average_balance(brought_in or 0, movements, period.start, period.end)
    if terms.basis is InterestBasis.MINIMUM_AFTER_FIRST_DAY:
        first = sum(move.change for move in movements if move.on == period.start)
        later = [move for move in movements if move.on > period.start]
        return Fraction(minimum_balance((brought_in or 0) + first, later))
    return Fraction(minimum_balance(brought_in, movements))


def _on_one_balance(terms: InterestTerms, rates: Rates, balance: Fraction, period: Period) -> Fraction:
    if balance < max(terms.minimum_to_earn, 0):
        return _NOTHING
    days = [period.start, *rates.credit.changes_between(period.start, period.end), period.end]
    return sum(
        (
            balance * rates.credit.on(start) / 100 * year_fraction(terms.day_count, start, end)
            for start, end in itertools.pairwise(days)
        ),
        _NOTHING,
    )


def minimum_balance(brought_in: int | None, movements: Iterable[Movement]) -> int:
    """The lowest the balance ever was, after each movement.

    `brought_in` is None where there was no account yet: then the nothing before its first movement doesn't count.

    >>> minimum_balance(1000, [Movement(date(2026, 9, 1), -100), Movement(date(2026, 9, 9), 500)])
    900
    """
    balance, lowest = brought_in or 0, brought_in
    for move in movements:
        balance += move.change
        lowest = balance if lowest is None else min(lowest, balance)
    return lowest or 0


def average_balance(brought_in: int, movements: Sequence[Movement], start: date, end: date) -> Fraction:
    """The mean of the balances at the ends of the days from `start` up to, but without, `end`.

    Movements before `start` count as brought in; a day below zero counts as nothing, as it earns nothing.
    """
    days = sorted({start, end, *(move.on for move in movements if start < move.on < end)})
    total = 0
    for day, following in itertools.pairwise(days):
        balance = brought_in + sum(move.change for move in movements if move.on <= day)
        total += max(balance, 0) * (following - day).days
    return Fraction(total, (end - start).days)


def interest_postings(
    terms: InterestTerms,
    rates: Rates,
    *,
    movements: Sequence[Movement],
    periods: Iterable[Period],
    opened_on: date,
) -> Iterator[Posting]:
    """What is posted for each period in turn. A posting joins the balance on the first day after its period."""
    balance = 0
    for period in periods:
        exact = earned(terms, rates, opening=balance, movements=movements, period=period, opened_on=opened_on)
        posting = Posting(
            period, rounded(exact.interest, terms.rounding), rounded(exact.overdraft, terms.rounding)
        )
        yield posting
        balance += sum(move.change for move in movements if period.start <= move.on < period.end)
        balance += posting.interest - posting.overdraft
