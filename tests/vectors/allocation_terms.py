"""Terms and repayment rules from the fields of an allocation case. Conventions are read, never cases."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from core.lending.events import PaymentKind
from core.lending.model import Portion
from core.lending.orders import (
    CHARGES_AND_INTEREST_ACROSS_ROWS,
    Order,
    RowsIn,
    Sharing,
    Step,
    due_then_ahead,
    interest_of_oldest_row_then_principal,
    interest_then_principal,
    portion_wise,
    row_by_row,
    row_wise,
)
from core.lending.repayment_rules import (
    AfterWriteOff,
    EventOrder,
    ReopenedOn,
    RepaymentInterest,
    RepaymentRules,
    TrancheRule,
)
from core.lending.rounding_terms import InstalmentBasis, Rounding, RoundingMode
from core.lending.terms import (
    Amortisation,
    DayCount,
    Frequency,
    Grace,
    InterestMethod,
    PeriodLength,
    PeriodUnit,
    Terms,
    YearLength,
)
from core.money import Currency, Money
from tests.vectors.outcome import Json

Fields = Mapping[str, Json]
_Value = TypeVar("_Value")

CURRENCIES = MappingProxyType({2: Currency.KES, 0: Currency.UGX})
"""Codes in the files are labels; only the scale counts."""

_P, _F, _I, _PR = Portion.PENALTY, Portion.FEE, Portion.INTEREST, Portion.PRINCIPAL

STRATEGIES: Mapping[str, Order] = MappingProxyType(
    {
        "penalties_fees_interest_principal_order": row_by_row(_P, _F, _I, _PR),
        "interest_principal_penalties_fees_order": row_by_row(_I, _PR, _P, _F),
        "principal_interest_penalties_fees_order": row_by_row(_PR, _I, _P, _F),
        "due_penalty_fee_interest_principal_in_advance_principal_penalty_fee_interest": due_then_ahead(
            (_P, _F, _I, _PR), (_PR, _P, _F, _I)
        ),
        "due_penalty_interest_principal_fee_in_advance_penalty_interest_principal_fee": due_then_ahead(
            (_P, _I, _PR, _F), (_P, _I, _PR, _F)
        ),
        "overdue_due_fee_interest_principal": CHARGES_AND_INTEREST_ACROSS_ROWS,
    }
)
ADVANCED = "advanced_payment_allocation"

_STANDINGS = MappingProxyType(
    {"past_due": RowsIn.PAST_DUE, "due": RowsIn.DUE_TODAY, "in_advance": RowsIn.AHEAD}
)
_SHARINGS = MappingProxyType(
    {
        "next_installment": Sharing.NEAREST_FIRST,
        "last_installment": Sharing.FARTHEST_FIRST,
        "reamortization": Sharing.EQUAL_SHARES,
    }
)
_YEARS = MappingProxyType(
    {"360": YearLength.DAYS_360, "364": YearLength.DAYS_364, "365": YearLength.DAYS_365}
)
_FIRST_INTEREST = MappingProxyType(
    {
        "first_installment_interest": interest_of_oldest_row_then_principal(),
        "accrued_to_payment_date": interest_then_principal(),
    }
)
_AFTER_WRITE_OFF = MappingProxyType(
    {
        "regular": AfterWriteOff.REGULAR,
        "zero_interest": AfterWriteOff.ZERO_INTEREST,
        # Maturity is brought forward; of loans written off after their last due date that changes nothing.
        "accelerate_maturity": AfterWriteOff.REGULAR,
    }
)


class Unsupported(Exception):
    """The case asks for a convention that isn't known here."""


def fields(value: Json) -> Fields:
    """A part of a case that is an object; nothing where it is null."""
    return value if isinstance(value, dict) else {}


def currency_of(case: Fields) -> Currency:
    """A currency of ours with as many decimals."""
    decimals = fields(case["currency"]).get("decimals")
    if not isinstance(decimals, int) or decimals not in CURRENCIES:
        raise Unsupported(f"{decimals} decimals")
    return CURRENCIES[decimals]


def terms_of(case: Fields) -> Terms:
    """What was agreed."""
    terms, product = fields(case["terms"]), fields(case["product"])
    currency = currency_of(case)
    is_progressive = product.get("schedule_style") == "progressive"
    rate = Fraction(str(terms["annual_rate_pct"])) / 100
    is_flat = terms["interest_method"] == "flat" and bool(rate)
    return Terms(
        principal=Money.parse(str(terms["principal"]), currency),
        annual_rate=rate,
        instalments=_number(terms["number_of_repayments"]),
        method=InterestMethod.FLAT if is_flat else InterestMethod.DECLINING_BALANCE,
        amortisation=_amortisation(str(terms["amortization"])),
        frequency=Frequency(_number(terms["repay_every"]), PeriodUnit(str(terms["repay_unit"]))),
        day_count=_day_count(terms, product, is_progressive=is_progressive),
        instalment_basis=InstalmentBasis.ACTUAL_PERIODS
        if is_progressive
        else InstalmentBasis.NOMINAL_PERIODS,
        grace=Grace(
            principal=_number(terms.get("grace_principal") or 0),
            interest_payment=_number(terms.get("grace_interest_payment") or 0),
            interest_free=_number(terms.get("grace_interest_free") or 0),
        ),
        rounding=_rounding(product, currency, is_progressive=is_progressive),
        down_payment=Fraction(str(product.get("down_payment_pct") or 0)) / 100,
    )


def rules_of(case: Fields, future: Mapping[str, str]) -> RepaymentRules:
    """How payments act; `future` holds future rules that were set for a kind of payment since."""
    product = fields(case["product"])
    is_advanced = case["strategy"] == ADVANCED
    is_progressive = product.get("schedule_style") == "progressive"
    bears_interest = bool(Fraction(str(fields(case["terms"])["annual_rate_pct"])))
    order, orders = _orders(case, future)
    return RepaymentRules(
        order=order,
        orders=orders,
        event_order=EventOrder.BY_EFFECTIVE_DATE
        if is_advanced
        else EventOrder.SCHEDULE_THEN_CHARGES_THEN_MONEY,
        tranche=TrancheRule.LATER_ROWS if is_progressive else TrancheRule.WHOLE_SCHEDULE,
        reopens=_portions(product.get("credit_allocation")),
        reopened_on=ReopenedOn.RUNNING if is_progressive and bears_interest else ReopenedOn.NEXT_DUE,
        interest=_interest(product, is_progressive=is_progressive),
        overdue_principal_earns=fields(product["interest_recalculation"]).get("overdue_principal_earns")
        is not False,
        after_write_off=_known(_AFTER_WRITE_OFF, str(product.get("charge_off_behaviour") or "regular")),
    )


def _orders(case: Fields, future: Mapping[str, str]) -> tuple[Order, dict[PaymentKind, Order]]:
    product = fields(case["product"])
    first = product.get("interest_of_first_repayment")
    if isinstance(first, str):
        if first not in _FIRST_INTEREST:
            raise Unsupported(first)
        return _FIRST_INTEREST[first], {}
    strategy = str(case["strategy"])
    if strategy != ADVANCED:
        if strategy not in STRATEGIES:
            raise Unsupported(strategy)
        return STRATEGIES[strategy], {}
    tables = fields(product["allocation"])
    orders = {
        name: _advanced(fields(table), str(product["processing"]), future.get(name.lower()))
        for name, table in tables.items()
    }
    kinds = {kind.value.upper(): kind for kind in PaymentKind}
    return orders["DEFAULT"], {kinds[name]: order for name, order in orders.items() if name in kinds}


def _advanced(table: Fields, processing: str, future: str | None) -> Order:
    listed = table["order"]
    assert isinstance(listed, list)
    steps = [_step(str(name)) for name in listed]
    sharing = _known(_SHARINGS, future or str(table["future_rule"]))
    return (portion_wise if processing == "vertical" else row_wise)(steps, sharing)


def _step(name: str) -> Step:
    standing, _, portion = name.rpartition("_")
    return _known(_STANDINGS, standing), Portion(portion)


def _portions(listed: Json) -> tuple[Portion, ...]:
    return tuple(Portion(str(name)) for name in listed) if isinstance(listed, list) else (Portion.PRINCIPAL,)


def _interest(product: Fields, *, is_progressive: bool) -> RepaymentInterest:
    if product.get("interest_of_first_repayment") == "accrued_to_payment_date":
        return RepaymentInterest.BY_DAY
    recalculation = product["interest_recalculation"]
    if not is_progressive or not isinstance(recalculation, dict):
        return RepaymentInterest.SCHEDULED
    to_end = recalculation.get("payoff_interest") == "to_period_end"
    return RepaymentInterest.BY_DAY_TO_PERIOD_END if to_end else RepaymentInterest.BY_DAY


def _amortisation(name: str) -> Amortisation:
    return Amortisation.EQUAL_PRINCIPAL if name == "equal_principal" else Amortisation.EQUAL_INSTALMENTS


def _day_count(terms: Fields, product: Fields, *, is_progressive: bool) -> DayCount:
    if terms["interest_calc_period"] == "same_as_repayment_period":
        return DayCount(PeriodLength.EQUAL_PERIODS)
    if not is_progressive:
        return DayCount(PeriodLength.ACTUAL_DAYS, YearLength.DAYS_365)
    length = PeriodLength.NOMINAL_DAYS if product["days_in_month"] == "30" else PeriodLength.ACTUAL_DAYS
    return DayCount(length, _year(product))


def _year(product: Fields) -> YearLength:
    if product.get("leap_rule") == "feb29_period_only":
        return YearLength.LEAP_DAY
    fixed = _YEARS.get(str(product["days_in_year"]))
    if fixed is not None:
        return fixed
    return (
        YearLength.ACTUAL if product.get("year_end_split") == "1_jan" else YearLength.ACTUAL_FROM_31_DECEMBER
    )


def _rounding(product: Fields, currency: Currency, *, is_progressive: bool) -> Rounding:
    multiple = Fraction(str(product.get("installment_multiple") or 0)) * currency.minor_per_major
    by_day = is_progressive and isinstance(product["interest_recalculation"], dict)
    corrections = (3 if by_day else 1) if is_progressive else 0
    return Rounding(
        mode=RoundingMode.HALF_EVEN,
        instalment_multiple=max(1, int(multiple)),
        multiple_mode=RoundingMode.HALF_EVEN,
        corrections=corrections,
    )


def _known(table: Mapping[str, _Value], name: str) -> _Value:
    if name not in table:
        raise Unsupported(name)
    return table[name]


def _number(value: Json) -> int:
    return int(str(value))
