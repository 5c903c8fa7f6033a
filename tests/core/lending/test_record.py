from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.errors import ContradictoryTerms
from core.lending.charge_terms import Charge, ChargeBasis, ChargeKind, ChargeTiming
from core.lending.record import _exact, read, written
from core.lending.rounding_terms import PaymentRounding, Rounding, RoundingMode
from core.lending.terms import Terms
from core.money import Money

_PLAIN = Terms(Money(12_000_000), Fraction(12, 100), 12)


def test_dates_and_nested_terms_are_kept() -> None:
    dated = Charge(
        ChargeKind.FEE,
        ChargeTiming.ON_DATE,
        ChargeBasis.PRINCIPAL,
        rate=Fraction(1, 3),
        due_on=date(2026, 1, 31),
    )
    payments = PaymentRounding(100, RoundingMode.UP, 5, RoundingMode.DOWN)
    terms = replace(_PLAIN, charges=(dated,), rounding=Rounding(payments=payments))

    assert read(Terms, written(terms)) == terms


def test_terms_written_before_a_term_existed_have_its_default() -> None:
    old = '{"principal": {"minor": 12000000, "currency": "KES"}, "annual_rate": "3/25", "instalments": 12}'

    assert read(Terms, old) == _PLAIN


def test_terms_are_readable_by_people() -> None:
    assert '"annual_rate":"3/25"' in written(_PLAIN)
    assert '"method":"declining_balance"' in written(_PLAIN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        written(_PLAIN).replace("3/25", "a lot"),
        written(_PLAIN).replace('"3/25"', "0.12"),
    ],
)
def test_what_are_no_terms_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(Terms, text)


def test_impossible_terms_stay_impossible() -> None:
    with pytest.raises(ContradictoryTerms):
        read(Terms, written(_PLAIN).replace("3/25", "-3/25"))


def test_only_fractions_have_a_text_of_their_own() -> None:
    odd = replace(_PLAIN)
    object.__setattr__(odd, "annual_rate", complex(1))

    with pytest.raises(NotImplementedError):
        written(odd)
    with pytest.raises(NotImplementedError):
        _exact(complex, "1")
