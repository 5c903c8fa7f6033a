"""Which row carries which charge, and how much is it?"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.errors import DatesOutOfOrder
from core.lending.charge_terms import Charge, ChargeBasis, ChargeKind, ChargeTiming
from core.lending.model import InstalmentKind
from core.lending.schedule import schedule
from core.lending.terms import Amortisation, Terms
from core.money import Money

_START = date(2026, 1, 10)
_PLAIN = Terms(Money.parse("1,000"), Fraction(12, 100), 4)
_EQUAL_PRINCIPAL = replace(_PLAIN, amortisation=Amortisation.EQUAL_PRINCIPAL)


def _fee(timing: ChargeTiming, basis: ChargeBasis, percent: int, **more: date) -> Charge:
    return Charge(ChargeKind.FEE, timing, basis, rate=Fraction(percent, 100), due_on=more.get("due_on"))


@pytest.mark.parametrize(
    ("basis", "fees"),
    [
        (ChargeBasis.PRINCIPAL, ["10.00"] * 4),
        (ChargeBasis.TOTAL_INTEREST, ["0.25"] * 4),
        (ChargeBasis.PRINCIPAL_AND_TOTAL_INTEREST, ["10.25"] * 4),
        (ChargeBasis.PRINCIPAL_DUE, ["2.50"] * 4),
        (ChargeBasis.INTEREST_DUE, ["0.10", "0.08", "0.05", "0.03"]),
        (ChargeBasis.INSTALMENT_DUE, ["2.60", "2.58", "2.55", "2.53"]),
    ],
)
def test_a_percentage_on_every_instalment_is_of_its_basis(basis: ChargeBasis, fees: list[str]) -> None:
    terms = replace(_EQUAL_PRINCIPAL, charges=(_fee(ChargeTiming.EVERY_INSTALMENT, basis, 1),))

    assert [row.fees.plain() for row in schedule(terms, _START)] == fees


def test_each_charge_and_its_excise_are_rounded_on_their_own() -> None:
    half_a_percent = Charge(
        ChargeKind.FEE,
        ChargeTiming.EVERY_INSTALMENT,
        ChargeBasis.INTEREST_DUE,
        rate=Fraction(1, 200),
        excise_rate=Fraction(20, 100),
    )
    terms = replace(_EQUAL_PRINCIPAL, charges=(half_a_percent, half_a_percent))

    assert schedule(terms, _START)[1].fees.plain() == "0.10"


def test_a_fee_beside_the_pay_out_is_a_row_of_its_own() -> None:
    flat = Charge(ChargeKind.INSURANCE, ChargeTiming.AT_DISBURSEMENT, amount=Money(500))

    first, second, *_ = schedule(replace(_PLAIN, charges=(flat,)), _START)

    assert (first.number, first.kind) == (0, InstalmentKind.DISBURSEMENT_FEE)
    assert (first.due_on, first.total.plain()) == (_START, "5.00")
    assert second.number == 1


@pytest.mark.parametrize(
    ("due_on", "number"),
    [(_START, 1), (date(2026, 2, 10), 1), (date(2026, 2, 11), 2), (date(2026, 5, 10), 4)],
)
def test_a_charge_of_a_day_goes_to_the_row_that_holds_it(due_on: date, number: int) -> None:
    dated = _fee(ChargeTiming.ON_DATE, ChargeBasis.PRINCIPAL, 1, due_on=due_on)

    rows = schedule(replace(_PLAIN, charges=(dated,)), _START)

    assert [row.number for row in rows if row.fees] == [number]


def test_a_charge_behind_the_last_row_makes_one_more() -> None:
    dated = _fee(ChargeTiming.ON_DATE, ChargeBasis.PRINCIPAL, 1, due_on=date(2026, 5, 11))

    last = schedule(replace(_PLAIN, charges=(dated,)), _START)[-1]

    assert (last.number, last.kind, last.total.plain()) == (5, InstalmentKind.CHARGE, "10.00")


def test_a_charge_before_the_pay_out_is_refused() -> None:
    dated = _fee(ChargeTiming.ON_DATE, ChargeBasis.PRINCIPAL, 1, due_on=date(2026, 1, 9))

    with pytest.raises(DatesOutOfOrder):
        schedule(replace(_PLAIN, charges=(dated,)), _START)


def test_overdue_rows_carry_their_penalty_in_the_view_of_a_day() -> None:
    penalty = Charge(
        ChargeKind.PENALTY, ChargeTiming.OVERDUE, ChargeBasis.INSTALMENT_DUE, rate=Fraction(5, 100)
    )
    terms = replace(_EQUAL_PRINCIPAL, charges=(penalty,))

    rows = schedule(terms, _START, as_of=date(2026, 3, 10))

    assert [row.penalties.plain() for row in rows] == ["13.00", "0.00", "0.00", "0.00"]
    assert not any(row.penalties for row in schedule(terms, _START))
