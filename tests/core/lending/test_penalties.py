"""What being late costs: each rhythm, base and cap, and that no day is charged twice."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lending.penalties import (
    PenaltyBase,
    PenaltyCaps,
    PenaltyCharge,
    PenaltyRhythm,
    PenaltyRow,
    PenaltyRule,
    penalties,
)
from core.money import Money

DUE = date(2026, 3, 10)
LENT = Money(1_000_000)
ONCE = PenaltyRule(PenaltyRhythm.ONCE, share=Fraction(5, 100))
DAILY = PenaltyRule(PenaltyRhythm.PER_DAY, share=Fraction(1, 100))


def row(number: int = 1, *, charged: int = 0, charged_for: date | None = None) -> PenaltyRow:
    """10,000.00 fell due; 4,000.00 of principal and 6,500.00 in all are unpaid."""
    return PenaltyRow(
        number=number,
        due_on=DUE + timedelta(days=30 * (number - 1)),
        scheduled=Money(1_000_000),
        overdue_principal=Money(400_000),
        overdue=Money(650_000),
        charged=Money(charged),
        charged_for=charged_for,
    )


def total(charges: tuple[PenaltyCharge, ...]) -> Money:
    return sum((charge.amount for charge in charges), start=Money(0))


def days_late(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("base", "amount"),
    [
        (PenaltyBase.INSTALMENT, 50_000),
        (PenaltyBase.OVERDUE_PRINCIPAL, 20_000),
        (PenaltyBase.OVERDUE, 32_500),
    ],
)
def test_a_percentage_is_of_its_base(base: PenaltyBase, amount: int) -> None:
    charges = penalties([row()], days_late(1), replace(ONCE, base=base), principal=LENT)

    assert charges == (PenaltyCharge(1, days_late(1), Money(amount)),)


def test_an_amount_is_charged_as_it_stands() -> None:
    rule = PenaltyRule(PenaltyRhythm.ONCE, amount=Money(25_000))

    assert total(penalties([row()], days_late(1), rule, principal=LENT)) == Money(25_000)


@pytest.mark.parametrize("rule", [ONCE, DAILY])
@pytest.mark.parametrize(
    ("grace", "days", "is_charged"), [(0, 0, False), (0, 1, True), (3, 3, False), (3, 4, True)]
)
def test_days_of_grace_are_free(rule: PenaltyRule, grace: int, days: int, is_charged: bool) -> None:  # noqa: FBT001 (a column of the table)
    charges = penalties([row()], days_late(days), replace(rule, grace_days=grace), principal=LENT)

    assert bool(charges) is is_charged


def test_once_is_once_however_late_it_gets() -> None:
    charged = row(charged=32_500, charged_for=days_late(1))

    assert penalties([charged], days_late(1), ONCE, principal=LENT) == ()
    assert penalties([charged], days_late(90), ONCE, principal=LENT) == ()


def test_once_is_charged_later_where_the_first_day_was_missed() -> None:
    assert total(penalties([row()], days_late(40), ONCE, principal=LENT)) == Money(32_500)


def test_a_day_is_charged_once_and_the_next_day_again() -> None:
    charged = row(charged=6_500, charged_for=days_late(1))

    assert penalties([charged], days_late(1), DAILY, principal=LENT) == ()
    assert total(penalties([charged], days_late(2), DAILY, principal=LENT)) == Money(6_500)


def test_every_late_instalment_has_its_own_penalty_and_the_next_one_none() -> None:
    charges = penalties([row(3), row(2), row(1)], days_late(31), ONCE, principal=LENT)

    assert [charge.number for charge in charges] == [1, 2]


def test_a_paid_instalment_is_not_penalised() -> None:
    paid = replace(row(), overdue=Money(0), overdue_principal=Money(0))

    assert penalties([paid], days_late(5), replace(ONCE, base=PenaltyBase.INSTALMENT), principal=LENT) == ()


def test_overdue_amounts_within_the_tolerance_are_not_penalised() -> None:
    short = replace(row(), overdue=Money(100), overdue_principal=Money(100))

    assert penalties([short], days_late(5), DAILY, principal=LENT, tolerance=Money(100)) == ()
    assert penalties([short], days_late(5), DAILY, principal=LENT, tolerance=Money(99)) != ()


def test_the_cap_of_an_instalment_counts_what_was_charged_on_it() -> None:
    rule = replace(DAILY, caps=PenaltyCaps(of_instalment=Fraction(1, 100)))

    assert total(penalties([row(charged=6_500)], days_late(2), rule, principal=LENT)) == Money(3_500)
    assert penalties([row(charged=10_000)], days_late(3), rule, principal=LENT) == ()
    assert penalties([row(charged=12_000)], days_late(3), rule, principal=LENT) == ()


def test_the_cap_of_a_loan_goes_to_the_oldest_instalment_first() -> None:
    rule = replace(DAILY, caps=PenaltyCaps(of_loan=Fraction(1, 100)))
    rows = [row(1, charged=1_000), row(2), row(3)]

    charges = penalties(rows, days_late(61), rule, principal=LENT)

    assert [(charge.number, charge.amount) for charge in charges] == [(1, Money(6_500)), (2, Money(2_500))]


def test_in_duplum_caps_even_where_the_product_does_not() -> None:
    assert total(penalties([row()], days_late(1), ONCE, principal=LENT, room=Money(100))) == Money(100)
    assert penalties([row()], days_late(1), ONCE, principal=LENT, room=Money(0)) == ()
    capped = replace(ONCE, caps=PenaltyCaps(of_loan=Fraction(1, 10_000)))
    assert total(penalties([row()], days_late(1), capped, principal=LENT, room=Money(500))) == Money(100)


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"amount": Money(1), "share": Fraction(1, 100)},
        {"amount": Money(-1)},
        {"share": Fraction(-1, 100)},
        {"amount": Money(1), "grace_days": -1},
        {"amount": Money(1), "caps": PenaltyCaps(of_loan=Fraction(-1))},
    ],
)
def test_a_rule_that_says_nothing_or_too_much_cannot_be_built(terms: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"penalty is|below zero"):
        PenaltyRule(PenaltyRhythm.ONCE, **terms)  # type: ignore[arg-type]  # wrong on purpose


@given(
    st.lists(st.integers(0, 900_000), min_size=1, max_size=4),
    st.integers(1, 40),
    st.sampled_from(PenaltyBase),
    st.sampled_from(PenaltyRhythm),
    st.integers(0, 20),
)
def test_run_day_by_day_no_cap_is_passed_and_a_second_run_charges_nothing(
    unpaid: list[int], days: int, base: PenaltyBase, rhythm: PenaltyRhythm, percent: int
) -> None:
    caps = PenaltyCaps(of_instalment=Fraction(1, 10), of_loan=Fraction(3, 20))
    rule = PenaltyRule(rhythm, share=Fraction(percent, 100), base=base, caps=caps)
    rows = [
        replace(
            row(n), due_on=DUE + timedelta(days=n), overdue=Money(amount), overdue_principal=Money(amount)
        )
        for n, amount in enumerate(unpaid, start=1)
    ]

    for day in range(days):
        for charge in penalties(rows, days_late(day), rule, principal=LENT):
            rows = [_with(each, charge) for each in rows]
        assert penalties(rows, days_late(day), rule, principal=LENT) == ()

    assert all(each.charged <= Money(100_000) for each in rows)
    assert sum((each.charged for each in rows), start=Money(0)) <= Money(150_000)


def _with(each: PenaltyRow, charge: PenaltyCharge) -> PenaltyRow:
    if each.number != charge.number:
        return each
    return replace(each, charged=each.charged + charge.amount, charged_for=charge.for_day)
