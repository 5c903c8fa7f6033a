"""Is every event read from the log as it was written?"""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given

from core.lending.events import ChargeAdded, PercentOfLoan
from core.lending.model import Portion
from core.lending.record import EventKind, read, read_event, written, written_event
from core.lending.repayment_rules import RepaymentRules
from core.money import Money
from tests.properties.loan_logs import Log, logs, restructures

DAY = date(2026, 3, 11)


@given(logs(), logs(happenings=restructures))
def test_rules_and_events_are_read_as_they_were_written(usual: Log, changed: Log) -> None:
    assert read(RepaymentRules, written(usual.rules)) == usual.rules
    for event in (*usual.events, *changed.events):
        assert read_event(*written_event(event.what)) == event.what


def test_a_charge_keeps_its_amount_or_its_rate_and_its_row() -> None:
    part = ChargeAdded(DAY, Portion.FEE, PercentOfLoan(Fraction(1, 3)), "letter")
    amount = ChargeAdded(DAY, Portion.PENALTY, Money(5), row_due_on=date(2026, 3, 1))

    assert read_event(*written_event(part)) == part
    assert read_event(*written_event(amount)) == amount


@pytest.mark.parametrize(
    "record",
    [
        '{"due_on": "2026-03-11", "portion": "fee"}',
        '{"due_on": "2026-03-11", "portion": "fee", "rate": "1/3", "amount": {"minor": 1, "currency": "KES"}}',
        "[]",
    ],
)
def test_what_is_no_charge_is_refused(record: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_event(EventKind.CHARGE_ADDED, record)
