"""How is a balance laid out over the rows that are left? Exact, in whole minor units.

A whole loan is one spread; after a tranche, a new rate or a move of dates the rest of it is another. Each row
costs interest of balance x factor, the factor being the yearly rate times the row's part of a year.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from core.errors import ContradictoryTerms
from core.lending.annuity import annuity, discount, growth, level_annuity, over_one_denominator
from core.lending.rounding import rounded, rounded_ratio, to_multiple
from core.lending.rounding_terms import InstalmentBasis, PrincipalRounding, Remainder, Rounding
from core.lending.terms import NO_GRACE, Amortisation, Grace, InterestMethod

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Row:
    """Principal and interest one row asks."""

    principal: int
    interest: int

    @property
    def total(self) -> int:
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class Spread:
    """A balance to be laid out and the rules for it: one factor for each row, zero where interest is free."""

    opening: int
    factors: tuple[Fraction, ...]
    nominal_factor: Fraction
    """The factor of a period of nominal length."""
    rounding: Rounding
    method: InterestMethod = InterestMethod.DECLINING_BALANCE
    amortisation: Amortisation = Amortisation.EQUAL_INSTALMENTS
    basis: InstalmentBasis = InstalmentBasis.NOMINAL_PERIODS
    grace: Grace = NO_GRACE
    instalment: int | None = None
    """The equal instalment where it was agreed before; else it is found."""
    extra_interest: tuple[Fraction, ...] = ()
    """Exact interest of each row beside balance x factor, such as of a tranche inside it; may be left out."""
    late_factors: tuple[Fraction, ...] = ()
    """What the unpaid principal of earlier overdue rows costs in each row; may be left out."""
    overdue_rows: int = 0
    """How many of the first rows are overdue and unpaid."""
    overdue_before: int = 0
    """The principal of overdue rows that lie behind the opening balance."""
    flat_base: int | None = None
    """What flat interest is charged on where it isn't the opening balance."""
    odd_days_on_top: bool = False
    """Interest of odd days comes on top of an equal instalment; principal is that of a nominal period."""

    @property
    def spared(self) -> int:
        """The first rows that ask no principal."""
        if self.amortisation is Amortisation.BULLET:
            return len(self.factors) - 1
        return self.grace.principal

    @property
    def repaying(self) -> int:
        """The rows that ask principal."""
        return len(self.factors) - self.spared


PrincipalOf: TypeAlias = Callable[[int, int, "int | Fraction"], int]
"""The principal of a row from its index, the balance before it, and its interest: exact where terms round later."""


def lay_out(spread: Spread) -> list[Row]:
    """The rows: their principals add up to the opening balance, and no balance is below zero.

    Raises ContradictoryTerms where instalments are to be multiples of more than they are.
    """
    return interest_deferred(lay_out_as_earned(spread), spread.grace.interest_payment)


def lay_out_as_earned(spread: Spread) -> list[Row]:
    """The same with interest in the rows that cost it, whatever grace there is on paying it."""
    return _declining(spread) if spread.method is InterestMethod.DECLINING_BALANCE else _flat(spread)


def equal_instalment(spread: Spread) -> int:
    """The equal instalment of a declining balance, rounded to its multiple and corrected as the terms say.

    Raises ContradictoryTerms where it is below its multiple.
    """
    instalment, _ = _levelled(spread)
    return instalment


def _exact_instalment(spread: Spread) -> Fraction:
    if spread.basis is InstalmentBasis.ACTUAL_PERIODS:
        factors = spread.factors[spread.spared :]
        return annuity(spread.opening + _extra_today(spread), factors)
    return level_annuity(Fraction(spread.opening), spread.nominal_factor, spread.repaying)


def _extra_today(spread: Spread) -> Fraction:
    """What extra interest of repaying rows is worth at their beginning."""
    if not spread.extra_interest:
        return _NOTHING
    factors, extras = spread.factors[spread.spared :], spread.extra_interest[spread.spared :]
    return discount(extras, factors)


def _whole(exact: Fraction, rounding: Rounding) -> int:
    if rounding.instalment_multiple > 1 and rounding.instalment_multiple > exact:
        raise ContradictoryTerms(
            "multiple_above_instalment",
            given=str(rounding.instalment_multiple),
            limit=str(rounded(exact, rounding.mode)),
        )
    return to_multiple(rounded(exact, rounding.mode), rounding)


def _declining(spread: Spread) -> list[Row]:
    if spread.amortisation is not Amortisation.EQUAL_INSTALMENTS:
        return _walk(spread, _equal_principal(spread))
    if spread.basis is InstalmentBasis.REMAINING_BALANCE and spread.instalment is None:
        return _walk(spread, _found_again(spread))
    instalment, rows = _levelled(spread)
    if spread.rounding.remainder is Remainder.FIRST_INSTALMENT and spread.repaying > 1:
        return _first_different(spread, instalment, rows)
    return rows


def _walk(spread: Spread, principal_of: PrincipalOf) -> list[Row]:
    """Row by row, interest on what is still owed; the last row repays the balance."""
    rows: list[Row] = []
    balance, late, mode = spread.opening, spread.overdue_before, spread.rounding.mode
    last, spared = len(spread.factors) - 1, spread.spared
    unit, parts = over_one_denominator(spread.factors)
    for index, part in enumerate(parts):
        numerator, denominator = balance * part, unit
        if spread.extra_interest or spread.late_factors:
            exact = Fraction(numerator, denominator) + _beside_balance(spread, index, late)
            numerator, denominator = exact.numerator, exact.denominator
        interest = rounded_ratio(numerator, denominator, mode)
        principal = balance
        if index < spared:
            principal = 0
        elif index < last:
            wanted = principal_of(
                index, balance, _interest_within(spread, balance, (numerator, denominator), interest)
            )
            principal = min(max(wanted, 0), balance)
        rows.append(Row(principal, interest))
        balance -= principal
        late += principal if index < spread.overdue_rows else 0
    return rows


def _beside_balance(spread: Spread, index: int, late: int) -> Fraction:
    """Exact interest of a row on anything but the balance."""
    extra = spread.extra_interest[index] if spread.extra_interest else _NOTHING
    return extra + (late * spread.late_factors[index] if spread.late_factors else _NOTHING)


def _interest_within(spread: Spread, balance: int, exact: tuple[int, int], interest: int) -> int | Fraction:
    """What of a row's interest an equal instalment contains."""
    if spread.odd_days_on_top:
        usual = balance * spread.nominal_factor
        exact, interest = (usual.numerator, usual.denominator), rounded(usual, spread.rounding.mode)
    return Fraction(*exact) if spread.rounding.principal is PrincipalRounding.DIFFERENCE else interest


def _levelled(spread: Spread) -> tuple[int, list[Row]]:
    """The equal instalment and its rows, tried again while the last one differs from the others by too much."""
    if spread.instalment is not None:
        return spread.instalment, _walk(spread, _less_interest(spread, spread.instalment))
    instalment = _whole(_exact_instalment(spread), spread.rounding)
    rows = _walk(spread, _less_interest(spread, instalment))
    tolerance = spread.rounding.correction_tolerance * (spread.repaying // 2)
    for _ in range(spread.rounding.corrections):
        difference = rows[-1].total - instalment
        if abs(difference) <= tolerance:
            break
        step = rounded(Fraction(difference, spread.repaying), spread.rounding.mode)
        nearer = to_multiple(instalment + step, spread.rounding)
        again = _walk(spread, _less_interest(spread, nearer))
        if abs(again[-1].total - nearer) >= abs(difference):
            break
        instalment, rows = nearer, again
    return instalment, rows


def _first_different(spread: Spread, instalment: int, rows: list[Row]) -> list[Row]:
    """The first repaying row takes what the last would differ by, as long as that brings the last one nearer."""
    later = growth(spread.factors[spread.spared + 1 :])
    more, difference = 0, rows[-1].total - instalment
    while step := round(difference / later):
        more += step
        nearer = _walk(spread, _less_interest(spread, instalment, first_more=more))
        if abs(nearer[-1].total - instalment) >= abs(difference):
            break
        rows, difference = nearer, nearer[-1].total - instalment
    return rows


def _less_interest(spread: Spread, instalment: int, *, first_more: int = 0) -> PrincipalOf:
    mode, first = spread.rounding.mode, spread.spared

    def principal(index: int, _balance: int, interest: int | Fraction) -> int:
        more = first_more if index == first else 0
        if isinstance(interest, int):
            return instalment - interest + more
        return rounded(instalment - interest, mode) + more

    return principal


def _found_again(spread: Spread) -> PrincipalOf:
    def principal(index: int, balance: int, interest: int | Fraction) -> int:
        remaining = len(spread.factors) - index
        exact = level_annuity(Fraction(balance), spread.nominal_factor, remaining)
        if isinstance(interest, int):
            return _whole(exact, spread.rounding) - interest
        return rounded(exact - interest, spread.rounding.mode)

    return principal


def _equal_principal(spread: Spread) -> PrincipalOf:
    """Equal parts of the principal; found again on every row where the terms say so."""
    rounding = spread.rounding
    if spread.basis is InstalmentBasis.REMAINING_BALANCE:
        return lambda index, balance, _interest: to_multiple(
            rounded_ratio(balance, len(spread.factors) - index, rounding.mode), rounding
        )
    usual = _whole(Fraction(spread.opening, spread.repaying), rounding)
    if rounding.remainder is Remainder.FIRST_INSTALMENT:
        first = spread.opening - usual * (spread.repaying - 1)
        return lambda index, _balance, _interest: first if index == spread.spared else usual
    return lambda _index, _balance, _interest: usual


def _flat(spread: Spread) -> list[Row]:
    interests = _flat_interests(spread)
    if spread.method is InterestMethod.UPFRONT:
        interests = [0] * len(interests)
    principal_of = _flat_principal(spread, interests)
    rows: list[Row] = []
    balance, last = spread.opening, len(interests) - 1
    for index, interest in enumerate(interests):
        principal = balance
        if index < spread.spared:
            principal = 0
        elif index < last:
            principal = min(max(principal_of(index, balance, interest), 0), balance)
        rows.append(Row(principal, interest))
        balance -= principal
    return rows


def flat_interest(spread: Spread) -> int:
    """All interest of a flat loan, or all that is taken up front."""
    base = spread.opening if spread.flat_base is None else spread.flat_base
    exact = base * sum(spread.factors, start=_NOTHING) + sum(spread.extra_interest, start=_NOTHING)
    return rounded(exact, spread.rounding.mode)


def _flat_interests(spread: Spread) -> list[int]:
    """The total in equal parts; or each row's own where instalments follow the periods or the balance."""
    if spread.basis is InstalmentBasis.NOMINAL_PERIODS:
        free = [0] * min(spread.grace.interest_free, len(spread.factors))
        charged = len(spread.factors) - len(free)
        return free + (_evenly(flat_interest(spread), charged, spread.rounding) if charged else [])
    base = spread.opening if spread.flat_base is None else spread.flat_base
    extras: Sequence[Fraction] = spread.extra_interest or (_NOTHING,) * len(spread.factors)
    exact = (base * factor + extra for factor, extra in zip(spread.factors, extras, strict=True))
    return [rounded(each, spread.rounding.mode) for each in exact]


def _flat_principal(spread: Spread, interests: Sequence[int]) -> PrincipalOf:
    if spread.amortisation is not Amortisation.EQUAL_INSTALMENTS or not any(interests):
        return _equal_principal(spread)
    rounding = spread.rounding
    if spread.basis is InstalmentBasis.ACTUAL_PERIODS:
        total = spread.opening + sum(interests[spread.spared :])
        instalment = _whole(Fraction(total, spread.repaying), rounding)
        return lambda index, _balance, _interest: instalment - interests[index]
    parts = _equal_principal(spread)
    if rounding.instalment_multiple == 1:
        return parts
    # Both parts are brought to a multiple, so that their sum is one although the interest stays exact.
    return lambda index, balance, interest: (
        parts(index, balance, interest) + to_multiple(interests[index], rounding) - interests[index]
    )


def _evenly(total: int, count: int, rounding: Rounding) -> list[int]:
    """Equal rounded parts, none below zero; the last or the first takes the remainder."""
    usual = rounded_ratio(total, count, rounding.mode)
    parts: list[int] = []
    left = total
    for _ in range(count - 1):
        parts.append(min(usual, left))
        left -= parts[-1]
    parts.append(left)
    return parts[::-1] if rounding.remainder is Remainder.FIRST_INSTALMENT else parts


def interest_deferred(rows: list[Row], count: int) -> list[Row]:
    """Interest of the first rows adds up and falls due with the row after them."""
    if not count:
        return rows
    deferred = sum(row.interest for row in rows[:count])
    spared = [Row(row.principal, 0) for row in rows[:count]]
    payer = Row(rows[count].principal, rows[count].interest + deferred)
    return [*spared, payer, *rows[count + 1 :]]
