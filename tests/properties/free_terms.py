"""Terms of every combination for the properties: whatever can be agreed, not only what we sell."""

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from core.lending.charge_terms import OF_ROW, Charge, ChargeBasis, ChargeKind, ChargeTiming
from core.lending.rounding_terms import (
    InstalmentBasis,
    PaymentRounding,
    PrincipalRounding,
    Remainder,
    Rounding,
    RoundingMode,
)
from core.lending.terms import (
    Amortisation,
    DayCount,
    DueDateRule,
    Frequency,
    Grace,
    InterestMethod,
    MonthEnd,
    NonWorkingDays,
    PartialPeriods,
    PeriodLength,
    PeriodUnit,
    Terms,
    YearLength,
)
from core.money import Money

starts = st.dates(date(2023, 1, 1), date(2028, 12, 31))
rates = st.integers(0, 10_000).map(lambda basis_points: Fraction(basis_points, 10_000))
frequencies = st.builds(Frequency, st.integers(1, 3), st.sampled_from(PeriodUnit))
day_counts = st.builds(DayCount, st.sampled_from(PeriodLength), st.sampled_from(YearLength))
roundings = st.builds(
    Rounding,
    mode=st.sampled_from(RoundingMode),
    remainder=st.sampled_from(Remainder),
    instalment_multiple=st.sampled_from([1, 1, 5, 100]),
    multiple_mode=st.sampled_from(RoundingMode),
    corrections=st.integers(0, 3),
    principal=st.sampled_from(PrincipalRounding),
)
payment_roundings = st.builds(
    PaymentRounding,
    payment_multiple=st.sampled_from([1, 100]),
    payment_mode=st.sampled_from(RoundingMode),
    total_multiple=st.sampled_from([1, 5, 100]),
    total_mode=st.sampled_from(RoundingMode),
)
due_date_rules = st.builds(
    DueDateRule, st.sampled_from(NonWorkingDays), st.sampled_from(MonthEnd), st.sampled_from(PartialPeriods)
)


@st.composite
def charges(draw: st.DrawFn, *timings: ChargeTiming) -> Charge:
    """A fee of a flat amount or of some percent, with or without excise, at one of these timings."""
    timing = draw(st.sampled_from(timings))
    on_rows = timing in {ChargeTiming.EVERY_INSTALMENT, ChargeTiming.OVERDUE}
    basis = draw(st.sampled_from([each for each in ChargeBasis if on_rows or each not in OF_ROW]))
    is_flat = basis is ChargeBasis.FLAT
    return Charge(
        kind=ChargeKind.FEE,
        timing=timing,
        basis=basis,
        amount=Money(draw(st.integers(0, 500))) if is_flat else None,
        rate=Fraction(0) if is_flat else Fraction(draw(st.integers(0, 500)), 10_000),
        excise_rate=draw(st.sampled_from([Fraction(0), Fraction(20, 100)])),
    )


@st.composite
def free_terms(draw: st.DrawFn) -> Terms:
    """Any terms that fit together, but whole payments."""
    instalments = draw(st.integers(1, 18))
    grace = st.integers(0, instalments - 1)
    return Terms(
        principal=Money(draw(st.one_of(st.integers(1, 500), st.integers(1, 10**9)))),
        annual_rate=draw(rates),
        instalments=instalments,
        method=draw(st.sampled_from(InterestMethod)),
        amortisation=draw(st.sampled_from(Amortisation)),
        frequency=draw(frequencies),
        day_count=draw(day_counts),
        instalment_basis=draw(st.sampled_from(InstalmentBasis)),
        grace=Grace(draw(grace), draw(grace), draw(grace)),
        rounding=draw(roundings),
        due_dates=draw(due_date_rules),
        charges=tuple(
            draw(st.lists(charges(ChargeTiming.EVERY_INSTALMENT, ChargeTiming.AT_DISBURSEMENT), max_size=2))
        ),
        down_payment=draw(st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 4)])),
    )
