"""The worked examples of the society's own arithmetic: every figure was calculated by hand beside the code."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from core.errors import ContradictoryTerms
from core.lending.charge_terms import Charge, ChargeBasis, ChargeKind, ChargeTiming
from core.lending.cost import Cost, cost_of, pay_out_of, rate_of_return
from core.lending.schedule import Tranche, schedule
from core.lending.terms import DAILY, WEEKLY, Amortisation, Frequency, InterestMethod, PeriodUnit, Terms
from core.money import Money

_DISBURSED = date(2026, 11, 20)
_TWELVE_PERCENT = Fraction(12, 100)
_REDUCING = Terms(Money.parse("120,000"), _TWELVE_PERCENT, 12)
_PROCESSING = Charge(
    ChargeKind.FEE,
    ChargeTiming.DEDUCTED,
    ChargeBasis.PRINCIPAL,
    rate=Fraction(1, 100),
    excise_rate=Fraction(20, 100),
)
_INSURANCE = Charge(ChargeKind.INSURANCE, ChargeTiming.DEDUCTED, ChargeBasis.PRINCIPAL, rate=Fraction(1, 200))


def _cost(terms: Terms) -> Cost:
    return cost_of(terms, _DISBURSED, schedule(terms, _DISBURSED))


def test_without_charges_the_apr_is_the_rate_of_the_contract() -> None:
    cost = _cost(_REDUCING)

    assert cost.apr == Decimal("0.1200")
    assert cost.total == Money.parse("7,942.26")


def test_fee_excise_and_insurance_taken_from_the_money_raise_the_apr() -> None:
    cost = _cost(replace(_REDUCING, charges=(_PROCESSING, _INSURANCE)))

    assert str(cost.received) == "117,960.00"
    assert cost.apr == Decimal("0.1527")
    assert cost.effective_rate == Decimal("0.1638")
    assert cost.total == Money.parse("9,982.26")


def test_a_flat_rate_costs_nearly_twice_what_it_says() -> None:
    cost = _cost(replace(_REDUCING, method=InterestMethod.FLAT))

    assert round(cost.monthly_rate, 5) == Decimal("0.01788")
    assert cost.apr == Decimal("0.2146")
    assert cost.effective_rate == Decimal("0.2370")
    assert cost.total == Money.parse("14,400")


def test_a_loan_of_200_000_pays_out_196_600() -> None:
    terms = replace(_REDUCING, principal=Money.parse("200,000"), charges=(_PROCESSING, _INSURANCE))

    paid = pay_out_of(terms, _DISBURSED, schedule(terms, _DISBURSED))

    fee, insurance = paid.deducted
    assert [str(amount) for amount in (fee.amount, fee.excise)] == ["2,000.00", "400.00"]
    assert [str(amount) for amount in (insurance.amount, insurance.excise)] == ["1,000.00", "0.00"]
    assert str(paid.lent) == "200,000.00"
    assert str(paid.net) == "196,600.00"


def test_charges_beside_the_loan_cost_as_much_as_those_taken_from_it() -> None:
    beside = replace(_PROCESSING, timing=ChargeTiming.AT_DISBURSEMENT)

    aside = _cost(replace(_REDUCING, charges=(beside,)))
    taken = _cost(replace(_REDUCING, charges=(_PROCESSING,)))

    assert aside.apr == taken.apr
    assert aside.total == taken.total


def test_charges_that_are_lent_on_top_are_repaid_with_interest() -> None:
    lent = replace(_PROCESSING, timing=ChargeTiming.CAPITALISED)
    terms = replace(_REDUCING, charges=(lent,))

    cost = _cost(terms)

    assert cost.received == _REDUCING.principal
    assert sum(row.principal.minor for row in schedule(terms, _DISBURSED)) == 12_144_000
    assert cost.total > _cost(replace(_REDUCING, charges=(_PROCESSING,))).total


def test_interest_up_front_leaves_the_principal_whole() -> None:
    """1,000 for 30 days at 7.5 % and a duty of 20 % on it, all netted."""
    terms = Terms(
        Money.parse("1,000"),
        Fraction(0),
        1,
        InterestMethod.UPFRONT,
        frequency=Frequency(30, PeriodUnit.DAYS),
        charges=(
            Charge(
                ChargeKind.FEE,
                ChargeTiming.DEDUCTED,
                ChargeBasis.PRINCIPAL,
                rate=Fraction(75, 1000),
                excise_rate=Fraction(20, 100),
            ),
        ),
    )

    cost = _cost(terms)

    assert str(cost.received) == "910.00"
    assert str(cost.paid) == "1,000.00"


def test_discounted_interest_is_taken_from_the_money_for_the_whole_term() -> None:
    terms = replace(_REDUCING, method=InterestMethod.UPFRONT)

    rows = schedule(terms, _DISBURSED)
    paid = pay_out_of(terms, _DISBURSED, rows)

    assert {(str(row.principal), str(row.interest)) for row in rows} == {("10,000.00", "0.00")}
    assert (str(paid.interest), str(paid.net)) == ("14,400.00", "105,600.00")
    assert cost_of(terms, _DISBURSED, rows).apr > Decimal("0.2146")


@pytest.mark.parametrize("frequency", [DAILY, WEEKLY, Frequency(3, PeriodUnit.MONTHS)])
def test_other_rhythms_have_nearly_the_rate_of_the_contract(frequency: Frequency) -> None:
    """Not quite: a monthly rate is asked of weeks, days and quarters."""
    cost = _cost(replace(_REDUCING, frequency=frequency))

    assert abs(cost.apr - Decimal("0.12")) < Decimal("0.002")


def test_a_tranche_counts_from_the_day_it_is_received() -> None:
    tranches = (Tranche(date(2027, 2, 20), Money.parse("60,000")),)
    rows = schedule(_REDUCING, _DISBURSED, tranches=tranches)

    cost = cost_of(_REDUCING, _DISBURSED, rows, tranches=tranches)

    assert abs(cost.apr - Decimal("0.12")) <= Decimal("0.0001")
    assert cost.received == _REDUCING.principal


def test_a_loan_without_interest_costs_nothing() -> None:
    cost = _cost(replace(_REDUCING, annual_rate=Fraction(0), amortisation=Amortisation.BULLET))

    assert cost.apr == 0
    assert not cost.total


def test_paying_back_less_than_was_received_has_a_rate_below_zero() -> None:
    rate = rate_of_return({Fraction(0): -1000, Fraction(1): 100, Fraction(2): 300})

    assert Decimal("-0.41") < rate < Decimal("-0.39")


def test_a_loan_of_which_nothing_is_paid_out_is_refused() -> None:
    everything = replace(_PROCESSING, rate=Fraction(1), excise_rate=Fraction(0))

    with pytest.raises(ContradictoryTerms) as refused:
        _cost(replace(_REDUCING, charges=(everything,)))

    assert refused.value.contradiction == "nothing_paid_out"


def test_flows_that_no_rate_can_balance_are_refused() -> None:
    with pytest.raises(ContradictoryTerms) as refused:
        rate_of_return({Fraction(0): 100})

    assert refused.value.contradiction == "cost_without_end"


def test_flows_of_nothing_have_no_rate() -> None:
    assert rate_of_return({Fraction(0): 0, Fraction(1): 0}) == 0
