"""Are terms that no loan could have refused, with the facts, and nothing else?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.errors import ContradictoryTerms
from core.lending.charge_terms import Charge, ChargeBasis, ChargeKind, ChargeTiming
from core.lending.rounding_terms import PaymentRounding, Rounding, RoundingMode
from core.lending.schedule import schedule
from core.lending.terms import FORTNIGHTLY, MONTHLY, Frequency, Grace, PeriodUnit, Terms, yearly
from core.money import Currency, Money

_GOOD = Terms(Money(100_000), Fraction(12, 100), 12)
_FEE = Charge(ChargeKind.FEE, ChargeTiming.DEDUCTED, amount=Money(100))
_ONE = Fraction(1, 100)


def _whole_payments(charge: Charge) -> Terms:
    rounding = Rounding(payments=PaymentRounding(100, RoundingMode.UP, 100, RoundingMode.UP))
    return replace(_GOOD, rounding=rounding, charges=(charge,))


@pytest.mark.parametrize(
    ("build", "contradiction", "given", "limit"),
    [
        (lambda: replace(_GOOD, principal=Money(0)), "nothing_lent", "0.00", "0"),
        (
            lambda: replace(_GOOD, principal=Money(10**15 + 1)),
            "too_much_lent",
            "10000000000000.01",
            str(10**15),
        ),
        (lambda: replace(_GOOD, annual_rate=-_ONE), "rate_negative", "-1/100", "0"),
        (lambda: replace(_GOOD, annual_rate=Fraction(51)), "rate_too_high", "51", "50"),
        (lambda: replace(_GOOD, instalments=0), "no_instalments", "0", "1"),
        (lambda: replace(_GOOD, instalments=1_201), "term_too_long", "101", "100"),
        (lambda: replace(_GOOD, down_payment=Fraction(1)), "down_payment_not_a_part", "1", "1"),
        (lambda: replace(_GOOD, grace=Grace(principal=12)), "grace_beyond_term", "12", "11"),
        (lambda: replace(_GOOD, grace=Grace(interest_payment=12)), "grace_beyond_term", "12", "11"),
        (lambda: replace(_GOOD, grace=Grace(interest_free=13)), "grace_beyond_term", "13", "12"),
        (lambda: Grace(principal=-1), "grace_negative", "-1", "0"),
        (lambda: Frequency(0, PeriodUnit.DAYS), "period_of_nothing", "0", "1"),
        (lambda: Rounding(instalment_multiple=0), "multiple_of_nothing", "0", "1"),
        (lambda: Rounding(corrections=-1), "corrections_negative", "-1", "0"),
        (
            lambda: PaymentRounding(0, RoundingMode.UP, 1, RoundingMode.UP),
            "multiple_of_nothing",
            "0",
            "1",
        ),
        (
            lambda: replace(_GOOD, charges=(replace(_FEE, amount=Money(1, Currency.UGX)),)),
            "charge_in_other_currency",
            "UGX",
            "KES",
        ),
        (lambda: replace(_FEE, amount=None), "charge_without_amount", "flat", "0"),
        (lambda: replace(_FEE, rate=_ONE), "charge_without_amount", "flat", "1/100"),
        (lambda: replace(_FEE, basis=ChargeBasis.PRINCIPAL), "charge_without_amount", "principal", "0"),
        (lambda: replace(_FEE, amount=Money(-1)), "charge_negative", "-1", "0"),
        (lambda: replace(_FEE, excise_rate=-_ONE), "charge_negative", "-1/100", "0"),
        (lambda: replace(_FEE, due_on=date(2026, 1, 1)), "charge_date", "2026-01-01", "deducted"),
        (lambda: replace(_FEE, timing=ChargeTiming.ON_DATE), "charge_date", "None", "on_date"),
        (
            lambda: replace(_FEE, amount=None, rate=_ONE, basis=ChargeBasis.INSTALMENT_DUE),
            "charge_basis",
            "instalment_due",
            "deducted",
        ),
        (
            lambda: replace(_FEE, kind=ChargeKind.INSURANCE, excise_rate=_ONE),
            "excise_on_premium",
            "1/100",
            "0",
        ),
    ],
)
def test_what_no_loan_could_have_is_refused_with_the_facts(
    build: Callable[[], object], contradiction: str, given: str, limit: str
) -> None:
    with pytest.raises(ContradictoryTerms) as refused:
        build()

    assert vars(refused.value) == {"contradiction": contradiction, "given": given, "limit": limit}


@pytest.mark.parametrize(
    ("terms", "contradiction"),
    [
        (replace(_GOOD, rounding=Rounding(instalment_multiple=10_000)), "multiple_above_instalment"),
        (
            replace(
                _GOOD,
                charges=(
                    replace(
                        _FEE,
                        timing=ChargeTiming.CAPITALISED,
                        amount=None,
                        rate=_ONE,
                        basis=ChargeBasis.TOTAL_INTEREST,
                    ),
                ),
            ),
            "charge_basis",
        ),
        (_whole_payments(_FEE), "charge_in_whole_payments"),
        (
            _whole_payments(Charge(ChargeKind.PENALTY, ChargeTiming.EVERY_INSTALMENT, amount=Money(1))),
            "charge_in_whole_payments",
        ),
        (replace(_whole_payments(_FEE), down_payment=_ONE, charges=()), "tranches_in_whole_payments"),
    ],
)
def test_what_only_the_figures_contradict_is_refused_by_the_schedule(
    terms: Terms, contradiction: str
) -> None:
    with pytest.raises(ContradictoryTerms) as refused:
        schedule(terms, date(2026, 1, 31))

    assert refused.value.contradiction == contradiction


def test_a_multiple_just_below_the_instalment_is_taken() -> None:
    rounding = Rounding(instalment_multiple=8_500)

    rows = schedule(replace(_GOOD, rounding=rounding), date(2026, 1, 31))

    assert {row.total.minor for row in rows[:-1]} == {8_500}


def test_a_rate_of_a_period_is_its_part_of_the_yearly_one() -> None:
    terms = replace(_GOOD, annual_rate=yearly(Fraction(3, 100), FORTNIGHTLY), frequency=FORTNIGHTLY)

    assert terms.rate_per_period == Fraction(3, 100)
    assert replace(terms, frequency=MONTHLY).rate_per_period == Fraction(13, 200)


def test_terms_are_values() -> None:
    assert replace(_GOOD) == _GOOD
    assert hash(replace(_GOOD)) == hash(_GOOD)
