import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TypedDict

import pytest

from core.lending.model import Instalment, percent
from core.lending.products import DEVELOPMENT, EMERGENCY
from core.lending.schedule import schedule
from core.lending.terms import Frequency, InterestMethod, PeriodUnit, Terms
from core.money import Currency, Money

_DISBURSED = date(2026, 11, 20)
_SAMPLES = Path(__file__).parent / "samples" / "fineract_schedules.json"
_METHODS = {
    "declining_equal_instalments": InterestMethod.DECLINING_BALANCE,
    "flat": InterestMethod.FLAT,
}
_either_method = pytest.mark.parametrize("method", _METHODS.values())


class _Sample(TypedDict):
    id: str
    principal: str
    percent_per_year: str
    method: str
    instalments: int
    disbursed_on: str
    rows: list[list[str]]


def _samples() -> list[_Sample]:
    cases: list[_Sample] = json.loads(_SAMPLES.read_text())["cases"]
    return cases


def _shown(instalment: Instalment) -> list[str]:
    return [instalment.due_on.isoformat(), instalment.principal.plain(), instalment.interest.plain()]


@pytest.mark.parametrize("sample", _samples(), ids=lambda sample: sample["id"])
def test_schedules_of_another_core_banking_system_are_reproduced(sample: _Sample) -> None:
    terms = Terms(
        principal=Money.parse(sample["principal"]),
        annual_rate=percent(sample["percent_per_year"]),
        instalments=sample["instalments"],
        method=_METHODS[sample["method"]],
    )

    instalments = schedule(terms, date.fromisoformat(sample["disbursed_on"]))

    assert [_shown(instalment) for instalment in instalments] == sample["rows"]


def test_a_development_loan_has_equal_instalments_with_less_and_less_interest() -> None:
    terms = DEVELOPMENT.terms(principal=Money.parse("120,000"), instalments=12)

    rows = schedule(terms, _DISBURSED)

    assert {str(row.total) for row in rows[:-1]} == {"10,661.85"}
    assert [str(row.interest) for row in rows[:3]] == ["1,200.00", "1,105.38", "1,009.82"]
    assert [str(row.principal) for row in rows[:3]] == ["9,461.85", "9,556.47", "9,652.03"]
    assert str(sum((row.interest for row in rows), start=Money.zero())) == "7,942.26"


def test_the_last_instalment_takes_what_rounding_left() -> None:
    terms = DEVELOPMENT.terms(principal=Money.parse("120,000"), instalments=12)

    *_, eleventh, last = schedule(terms, _DISBURSED)

    assert (str(eleventh.principal), str(eleventh.interest)) == ("10,451.77", "210.08")
    assert (str(last.principal), str(last.interest)) == ("10,556.35", "105.56")
    assert str(last.total) == "10,661.91"


def test_a_flat_loan_asks_the_same_interest_every_month() -> None:
    terms = EMERGENCY.terms(principal=Money.parse("120,000"), instalments=12)

    rows = schedule(terms, _DISBURSED)

    assert {(str(row.principal), str(row.interest)) for row in rows} == {("10,000.00", "1,200.00")}


def test_the_last_flat_instalment_takes_what_rounding_left_of_principal_and_interest() -> None:
    terms = EMERGENCY.terms(principal=Money.parse("1,000.50"), instalments=7)

    rows = schedule(terms, _DISBURSED)

    assert {(str(row.principal), str(row.interest)) for row in rows[:-1]} == {("142.93", "10.01")}
    assert (str(rows[-1].principal), str(rows[-1].interest)) == ("142.92", "9.98")


def test_a_loan_without_interest_repays_principal_only() -> None:
    terms = Terms(Money(100_00), Fraction(0), 3)

    rows = schedule(terms, _DISBURSED)

    assert [(row.principal.minor, row.interest.minor) for row in rows] == [(3333, 0), (3333, 0), (3334, 0)]


@_either_method
def test_a_single_instalment_repays_everything(method: InterestMethod) -> None:
    terms = Terms(Money(100_000), percent("12.00"), 1, method)

    (row,) = schedule(terms, _DISBURSED)

    assert (row.number, row.principal, row.interest) == (1, Money(100_000), Money(1_000))


@_either_method
def test_a_currency_without_decimals_is_rounded_to_whole_units(method: InterestMethod) -> None:
    terms = Terms(Money(100_000, Currency.UGX), percent("12.00"), 7, method)

    rows = schedule(terms, _DISBURSED)

    assert sum((row.principal for row in rows), start=Money.zero(Currency.UGX)) == terms.principal


@_either_method
def test_a_loan_of_a_few_cents_never_repays_more_than_was_lent(method: InterestMethod) -> None:
    rows = schedule(Terms(Money(2), percent("12.00"), 4, method), _DISBURSED)

    assert [row.principal.minor for row in rows] == [1, 1, 0, 0]
    assert [row.interest.minor for row in rows] == [0, 0, 0, 0]


def test_instalments_fall_on_the_day_of_disbursement_or_the_end_of_a_shorter_month() -> None:
    terms = DEVELOPMENT.terms(principal=Money(100_000), instalments=5)

    due = [row.due_on.isoformat() for row in schedule(terms, date(2027, 10, 31))]

    assert due == ["2027-11-30", "2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]


def test_a_short_february_shortens_no_month_behind_it() -> None:
    terms = DEVELOPMENT.terms(principal=Money(100_000), instalments=2)

    due = [row.due_on.isoformat() for row in schedule(terms, date(2026, 1, 31))]

    assert due == ["2026-02-28", "2026-03-31"]


def test_instalments_may_be_several_months_apart() -> None:
    terms = Terms(
        Money(100_000),
        percent("12.00"),
        3,
        InterestMethod.FLAT,
        frequency=Frequency(3, PeriodUnit.MONTHS),
    )

    due = [row.due_on.isoformat() for row in schedule(terms, date(2026, 8, 31))]

    assert due == ["2026-11-30", "2027-02-28", "2027-05-31"]


def test_the_same_terms_and_day_give_the_same_schedule() -> None:
    terms = DEVELOPMENT.terms(principal=Money(9_876_543), instalments=48)

    assert schedule(terms, _DISBURSED) == schedule(terms, _DISBURSED)
