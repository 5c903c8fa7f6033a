"""Which terms does a request for a schedule mean? Its fields as values of `core.lending.terms`.

Conventions are read from the fields; the label decides only what no field says. The tables below are the whole
translation, together with `_day_count`.
"""

from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from core.calendar import WorkingDays
from core.lending.charge_terms import Charge, ChargeBasis, ChargeKind, ChargeTiming
from core.lending.rounding_terms import (
    InstalmentBasis,
    PaymentRounding,
    PrincipalRounding,
    Rounding,
    RoundingMode,
)
from core.lending.terms import (
    EQUAL_PERIODS,
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
    yearly,
)
from core.money import Currency, Money
from imarisha.schedule_request import (
    ChargeField,
    NonWorkingDaysField,
    RoundingField,
    ScheduleRequest,
    TermsField,
    UnknownConvention,
    WrongRequest,
)

_METHODS = MappingProxyType(
    {
        "flat": InterestMethod.FLAT,
        "declining_balance": InterestMethod.DECLINING_BALANCE,
        "upfront": InterestMethod.UPFRONT,
    }
)
_AMORTISATIONS = MappingProxyType(
    {
        "equal_installments": Amortisation.EQUAL_INSTALMENTS,
        "equal_principal": Amortisation.EQUAL_PRINCIPAL,
        "bullet": Amortisation.BULLET,
    }
)
_MODES = MappingProxyType(
    {
        "floor": RoundingMode.DOWN,
        "half_up": RoundingMode.HALF_UP,
        "half_even": RoundingMode.HALF_EVEN,
        "ceiling": RoundingMode.UP,
    }
)
_YEARS = MappingProxyType(
    {
        "360": YearLength.DAYS_360,
        "364": YearLength.DAYS_364,
        "365": YearLength.DAYS_365,
        "actual": YearLength.ACTUAL_FROM_31_DECEMBER,
    }
)
_LEAP_RULES = MappingProxyType({"366_only_for_period_containing_29_feb": YearLength.LEAP_DAY})
# A word in a charge's timing -> the timing; the first that fits.
_TIMINGS = (
    ("overdue", ChargeTiming.OVERDUE),
    ("disbursement", ChargeTiming.AT_DISBURSEMENT),
    ("deducted", ChargeTiming.DEDUCTED),
    ("capitalised", ChargeTiming.CAPITALISED),
    ("installment", ChargeTiming.EVERY_INSTALMENT),
    ("date", ChargeTiming.ON_DATE),
)
_ON_ROWS = frozenset({ChargeTiming.EVERY_INSTALMENT, ChargeTiming.OVERDUE})
# Whether a percentage is of principal and of interest -> the basis, of the loan and of the row.
_OF_LOAN = MappingProxyType(
    {
        (True, False): ChargeBasis.PRINCIPAL,
        (False, True): ChargeBasis.TOTAL_INTEREST,
        (True, True): ChargeBasis.PRINCIPAL_AND_TOTAL_INTEREST,
    }
)
_OF_ROW = MappingProxyType(
    {
        (True, False): ChargeBasis.PRINCIPAL_DUE,
        (False, True): ChargeBasis.INTEREST_DUE,
        (True, True): ChargeBasis.INSTALMENT_DUE,
    }
)
_BASIS_WORDS = frozenset(
    {"percent", "of", "principal", "plus", "and", "total", "scheduled", "interest", "due", "overdue"}
)
_MOVES = MappingProxyType(
    {
        "move_to_next_working_day": NonWorkingDays.NEXT_WORKING_DAY,
        "move_to_previous_working_day": NonWorkingDays.PREVIOUS_WORKING_DAY,
        "move_within_month": NonWorkingDays.SAME_MONTH,
    }
)
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DECIMALS_MAX = 8
_DIGITS_MAX = 30
# Words of a principal rule whose instalment is found once.
_FIXED = frozenset({"fixed", "initial", "start", "constant"})
_FULL_BASE = "FULLBASE"
_LATE = "LATE"


class Scale:
    """Amounts of a request as whole minor units of its own scale.

    The currency is the request's where we keep it at that scale; else any, because a schedule depends on nothing
    of a currency but its smallest unit.
    """

    def __init__(self, code: str, decimals: int) -> None:
        if not 0 <= decimals <= _DECIMALS_MAX:
            raise WrongRequest(f"currency.decimals: from 0 to {_DECIMALS_MAX}, not {decimals}")
        self.decimals = decimals
        self.unit = int(10**decimals)
        known = code in list(Currency) and Currency(code).decimals == decimals
        self.currency = Currency(code) if known else Currency.KES

    def minor(self, amount: Decimal, field: str) -> int:
        """Raises WrongRequest for an amount finer than the scale, or for none at all."""
        if not _is_usual(amount):
            raise WrongRequest(f"{field}: not an amount: {amount}")
        scaled = Fraction(amount) * self.unit
        if scaled.denominator != 1:
            raise WrongRequest(f"{field}: more than {self.decimals} decimals: {amount}")
        return scaled.numerator

    def money(self, amount: Decimal, field: str) -> Money:
        return Money(self.minor(amount, field), self.currency)

    def written(self, minor: int) -> str:
        """As decimal text in major units.

        >>> Scale("XXX", 3).written(-1500)
        '-1.500'
        """
        whole, part = divmod(abs(minor), self.unit)
        text = f"{whole}.{part:0{self.decimals}}" if self.decimals else str(whole)
        return f"-{text}" if minor < 0 else text


def terms_of(request: ScheduleRequest, scale: Scale) -> Terms:
    """The terms. Raises WrongRequest, UnknownConvention, and ContradictoryTerms of the core."""
    fields = request.terms
    frequency = Frequency(fields.repay_every, PeriodUnit(fields.repay_unit))
    rate = _annual_rate(fields, frequency)
    principal = scale.money(fields.principal, "terms.principal")
    down_payment = request.down_payment
    return Terms(
        principal=principal,
        annual_rate=rate,
        instalments=fields.number_of_repayments,
        method=_method(fields, rate),
        amortisation=_AMORTISATIONS[fields.amortization],
        frequency=frequency,
        day_count=_day_count(request),
        instalment_basis=_basis(fields),
        grace=_grace(request),
        rounding=_rounding(request, scale),
        due_dates=_due_dates(fields, request.non_working_days),
        charges=tuple(_charge(charge, request, scale) for charge in request.charges),
        down_payment=_percent(down_payment.percent, "down_payment.percent") if down_payment else Fraction(0),
        flat_interest_on_down_payment=_FULL_BASE in request.convention,
        overdue_principal_earns=_LATE in request.convention
        if request.convention
        else not _is_progressive(fields),
    )


def working_days_of(request: ScheduleRequest) -> WorkingDays:
    """The calendar of a request. Raises WrongRequest for an unknown day of the week."""
    days = request.non_working_days or NonWorkingDaysField()
    unknown = sorted(set(days.weekend) - set(_WEEK))
    if unknown or len(set(days.weekend)) == len(_WEEK):
        raise WrongRequest(f"non_working_days.weekend: {', '.join(unknown) or 'no working day left'}")
    return WorkingDays(frozenset(_WEEK.index(day) for day in days.weekend), frozenset(days.holidays))


def _is_usual(value: Decimal) -> bool:
    """A number, and not so long that working with it exactly would never end."""
    return (
        value.is_finite() and -_DIGITS_MAX < value.adjusted() < _DIGITS_MAX and len(str(value)) < _DIGITS_MAX
    )


def _percent(value: Decimal, field: str) -> Fraction:
    if not _is_usual(value):
        raise WrongRequest(f"{field}: not a percentage: {value}")
    return Fraction(value) / 100


def _annual_rate(fields: TermsField, frequency: Frequency) -> Fraction:
    if fields.rate_per_period_pct is not None:
        return yearly(_percent(fields.rate_per_period_pct, "terms.rate_per_period_pct"), frequency)
    if fields.annual_rate_pct is None:
        raise WrongRequest("terms: annual_rate_pct or rate_per_period_pct is needed")
    return _percent(fields.annual_rate_pct, "terms.annual_rate_pct")


def _is_progressive(fields: TermsField) -> bool:
    return fields.schedule_style == "progressive"


def _is_classic_flat(fields: TermsField) -> bool:
    return fields.interest_method == "flat" and not _is_progressive(fields)


def _method(fields: TermsField, rate: Fraction) -> InterestMethod:
    """Without interest there is nothing that a method could be about, and one way of levelling for both."""
    if not rate and _is_progressive(fields) and fields.interest_method == "flat":
        return InterestMethod.DECLINING_BALANCE
    return _METHODS[fields.interest_method]


def _day_count(request: ScheduleRequest) -> DayCount:
    """Equal periods, 30-day months, or days; progressive schedules alone follow the length of the year.

    A cumulative flat loan has one price for its whole term, so it counts no days.

    Whole payments have weeks of 7 days of the year, and months that are a twelfth of it.
    """
    fields = request.terms
    if request.rounding.payment_multiple is not None and fields.repay_unit == "weeks":
        return DayCount(PeriodLength.NOMINAL_DAYS, _YEARS[fields.days_in_year or "365"])
    if fields.interest_calc_period == "same_as_repayment_period" or _is_classic_flat(fields):
        return EQUAL_PERIODS
    year = _YEARS[fields.days_in_year or "365"]
    if not _is_progressive(fields):
        fixed = YearLength.DAYS_365 if year is YearLength.ACTUAL_FROM_31_DECEMBER else year
        return DayCount(_length_of(fields, is_fixed=False), fixed)
    if fields.leap_rule is not None:
        if fields.leap_rule not in _LEAP_RULES:
            raise UnknownConvention(f"leap_rule {fields.leap_rule}")
        year = _LEAP_RULES[fields.leap_rule]
    return DayCount(_length_of(fields, is_fixed=fields.days_in_year != "actual"), year)


def _length_of(fields: TermsField, *, is_fixed: bool) -> PeriodLength:
    is_nominal = fields.days_in_month == "30" if fields.repay_unit == "months" else is_fixed
    return PeriodLength.NOMINAL_DAYS if is_nominal else PeriodLength.ACTUAL_DAYS


def _basis(fields: TermsField) -> InstalmentBasis:
    if fields.principal_rule is not None and not _FIXED & set(fields.principal_rule.split("_")):
        return InstalmentBasis.REMAINING_BALANCE
    return InstalmentBasis.ACTUAL_PERIODS if _is_progressive(fields) else InstalmentBasis.NOMINAL_PERIODS


def _principal_rounding(rule: str | None) -> PrincipalRounding:
    """The rule names what is rounded, as in `recomputed_rounded_installment_minus_rounded_interest`.

    To round the interest alone, and then what is left of the instalment, comes to the same as rounding both.
    """
    if rule is None or "installment" not in rule or "rounded_in" in rule:
        return PrincipalRounding.ROUNDED_INSTALMENT
    return PrincipalRounding.DIFFERENCE


def _grace(request: ScheduleRequest) -> Grace:
    grace = request.grace
    principal = grace.periods if grace.type == "principal_only" else grace.principal
    return Grace(principal, grace.interest_payment, grace.interest_free)


def _rounding(request: ScheduleRequest, scale: Scale) -> Rounding:
    fields: RoundingField = request.rounding
    multiple = 1
    if fields.installment_multiple is not None:
        multiple = scale.minor(fields.installment_multiple, "rounding.installment_multiple")
    return Rounding(
        mode=_MODES[fields.currency_mode or fields.money],
        instalment_multiple=multiple,
        multiple_mode=_MODES[fields.installment_mode],
        corrections=1 if _is_progressive(request.terms) else 0,
        correction_tolerance=Fraction(scale.unit, 100),
        principal=_principal_rounding(request.terms.principal_rule),
        payments=_payments(fields, scale),
    )


def _payments(fields: RoundingField, scale: Scale) -> PaymentRounding | None:
    """Whole payments where all four of their fields are there."""
    if fields.payment_multiple is None or fields.final_multiple is None:
        return None
    return PaymentRounding(
        payment_multiple=scale.minor(fields.payment_multiple, "rounding.payment_multiple"),
        payment_mode=_MODES[fields.payment_mode or "half_up"],
        total_multiple=scale.minor(fields.final_multiple, "rounding.final_multiple"),
        total_mode=_MODES[fields.final_mode or "half_up"],
    )


def _due_dates(fields: TermsField, days: NonWorkingDaysField | None) -> DueDateRule:
    is_by_length = fields.partial_period_interest and not _is_classic_flat(fields)
    partial = PartialPeriods.BY_LENGTH if is_by_length else PartialPeriods.UNCHANGED
    if fields.first_period_interest == "actual_days_over_nominal_days":
        partial = PartialPeriods.FIRST_BY_DAYS
    month_end = MonthEnd.LAST_DAY if fields.month_end_rule == "keep_last_day" else MonthEnd.SAME_DAY
    if days is None:
        return DueDateRule(month_end=month_end, partial_periods=partial)
    moves = [move for name, move in _MOVES.items() if days.rule.startswith(name)]
    if not moves:
        raise UnknownConvention(f"non_working_days.rule {days.rule}")
    return DueDateRule(moves[0], month_end, partial)


def _charge(fields: ChargeField, request: ScheduleRequest, scale: Scale) -> Charge:
    timing = next((timing for word, timing in _TIMINGS if word in fields.timing), None)
    if timing is None:
        raise UnknownConvention(f"charge timing {fields.timing}")
    basis = _charge_basis(fields.basis, timing, request)
    is_flat = basis is ChargeBasis.FLAT
    return Charge(
        kind=_charge_kind(fields, timing),
        timing=timing,
        basis=basis,
        amount=scale.money(fields.value, "charges.value") if is_flat else None,
        rate=Fraction(0) if is_flat else _percent(fields.value, "charges.value"),
        excise_rate=_percent(fields.excise_pct, "charges.excise_pct"),
        due_on=fields.on or fields.due_on,
    )


def _charge_kind(fields: ChargeField, timing: ChargeTiming) -> ChargeKind:
    if fields.kind is not None:
        return ChargeKind(fields.kind)
    is_penalty = fields.is_penalty or timing is ChargeTiming.OVERDUE
    return ChargeKind.PENALTY if is_penalty else ChargeKind.FEE


def _charge_basis(basis: str, timing: ChargeTiming, request: ScheduleRequest) -> ChargeBasis:
    """What a percentage is of. Whole payments carry the same on every row, so there it is of the loan."""
    if basis == "flat":
        return ChargeBasis.FLAT
    words = set(basis.split("_"))
    is_of_row = timing in _ON_ROWS and "total" not in words and request.rounding.payment_multiple is None
    of = ("principal" in words, "interest" in words)
    if words - _BASIS_WORDS or of not in _OF_LOAN:
        raise UnknownConvention(f"charge basis {basis}")
    return (_OF_ROW if is_of_row else _OF_LOAN)[of]
