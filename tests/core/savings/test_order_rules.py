"""When does an order run, how much does one try take, and which orders can't be?"""

from datetime import date

import pytest

from core.errors import ContradictorySavingsTerms
from core.money import Money
from core.savings.standing_orders import OrderTerms, RunState, Trigger, attempt, next_due
from tests.core.savings.order_terms import FIFTH, terms


def test_what_one_try_takes() -> None:
    def tried(wanted: OrderTerms, available: str, day: int, taken: str = "0") -> tuple[str, RunState]:
        made = attempt(
            wanted,
            due_on=FIFTH,
            taken=Money.parse(taken),
            available=Money.parse(available),
            on=date(2026, 3, day),
        )
        return str(made.take), made.state

    whole, part = terms("500.00"), terms("500.00", allows_part=True)
    assert tried(whole, "500.00", 5) == ("500.00", RunState.DONE)
    assert tried(whole, "499.99", 5) == ("0.00", RunState.WAITING)
    assert tried(whole, "499.99", 7) == ("0.00", RunState.UNSUCCESSFUL)
    assert tried(part, "499.99", 5) == ("499.99", RunState.WAITING)
    assert tried(part, "0", 7) == ("0.00", RunState.UNSUCCESSFUL)
    assert tried(part, "0", 7, taken="1.00") == ("0.00", RunState.PARTIAL)
    assert tried(part, "900.00", 6, taken="1.00") == ("499.00", RunState.DONE)


def test_the_days_of_an_order() -> None:
    quarterly = OrderTerms(
        Trigger.ON_DATE, Money(1), Money(0), date(2025, 11, 30), ends_on=date(2026, 9, 1), every_months=3
    )

    assert next_due(quarterly, date(2025, 1, 1)) == date(2025, 11, 30)
    assert next_due(quarterly, date(2025, 11, 30)) == date(2026, 2, 28)
    assert next_due(quarterly, date(2026, 2, 28)) == date(2026, 5, 30)
    assert next_due(quarterly, date(2026, 8, 30)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": None},
        {"amount": Money(0)},
        {"trigger": Trigger.SURPLUS},
        {"every_months": 0},
        {"tolerance_days": -1},
        {"keep": Money(-1)},
        {"ends_on": date(2026, 3, 4)},
    ],
)
def test_terms_of_an_order_that_contradict_are_refused(wrong: dict[str, object]) -> None:
    right = {"trigger": Trigger.ON_DATE, "amount": Money(1), "keep": Money(0), "starts_on": FIFTH}

    with pytest.raises(ContradictorySavingsTerms):
        OrderTerms(**{**right, **wrong})  # type: ignore[arg-type] # each value fits its own field
