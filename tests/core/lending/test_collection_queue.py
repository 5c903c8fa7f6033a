"""Whom to call first, what became of promises, and when a member may be contacted."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import NAIROBI
from core.errors import InvalidPromise
from core.lending.classification import LoanClass
from core.lending.collection_queue import (
    CollectionCase,
    NextAction,
    PromiseState,
    PromiseToPay,
    Urgency,
    collection_queue,
    may_contact,
    next_contact_at,
    promise,
)
from core.money import Money

TODAY = date(2026, 3, 11)
CASE = CollectionCase("lon_1", "mbr_1", 10, Money(500_000), LoanClass.WATCH, officer="mary")


def promised(due_on: date, *, paid: int = 0) -> PromiseToPay:
    return PromiseToPay(TODAY - timedelta(days=3), due_on, Money(200_000), Money(paid))


@pytest.mark.parametrize(
    ("due_on", "paid", "state"),
    [
        (TODAY, 0, PromiseState.OPEN),
        (TODAY, 199_999, PromiseState.OPEN),
        (TODAY, 200_000, PromiseState.KEPT),
        (TODAY - timedelta(days=1), 199_999, PromiseState.BROKEN),
        (TODAY - timedelta(days=1), 200_000, PromiseState.KEPT),
    ],
)
def test_a_promise_is_kept_by_its_day_or_broken_after_it(
    due_on: date, paid: int, state: PromiseState
) -> None:
    assert promised(due_on, paid=paid).state(TODAY) is state


def test_a_promise_is_for_something_overdue_and_soon() -> None:
    made = promise(on=TODAY, due_on=TODAY, amount=Money(100), overdue=Money(100))

    assert (made.promised_on, made.paid, made.state(TODAY)) == (TODAY, Money(0), PromiseState.OPEN)


@pytest.mark.parametrize(
    ("due_on", "amount"),
    [
        (TODAY - timedelta(days=1), 100),
        (TODAY + timedelta(days=31), 100),
        (TODAY, 0),
        (TODAY, 101),
    ],
)
def test_a_promise_that_is_none_is_refused_with_the_facts(due_on: date, amount: int) -> None:
    with pytest.raises(InvalidPromise) as refused:
        promise(on=TODAY, due_on=due_on, amount=Money(amount), overdue=Money(100))

    assert (refused.value.due_on, refused.value.amount_minor, refused.value.overdue_minor) == (
        due_on,
        amount,
        100,
    )


def test_broken_promises_come_first_and_open_ones_last() -> None:
    cases = [
        replace(CASE, loan_id="waits_longer", promise=promised(TODAY + timedelta(days=5)), days_past_due=200),
        replace(CASE, loan_id="waits", promise=promised(TODAY + timedelta(days=1)), days_past_due=2),
        replace(CASE, loan_id="small", overdue=Money(200)),
        replace(CASE, loan_id="large"),
        replace(CASE, loan_id="late", days_past_due=40),
        replace(CASE, loan_id="kept", promise=promised(TODAY, paid=200_000), days_past_due=41),
        replace(CASE, loan_id="broken", promise=promised(TODAY - timedelta(days=1)), days_past_due=3),
        replace(CASE, loan_id="not_late", days_past_due=0),
    ]

    queue = collection_queue(cases, TODAY)

    assert [entry.case.loan_id for entry in queue] == [
        "broken",
        "kept",
        "late",
        "large",
        "small",
        "waits",
        "waits_longer",
    ]
    assert [entry.urgency for entry in queue][:2] == [Urgency.BROKEN_PROMISE, Urgency.NO_PROMISE]


@pytest.mark.parametrize(
    ("days", "action", "after_a_broken_promise"),
    [
        (1, NextAction.REMIND, NextAction.CALL),
        (7, NextAction.REMIND, NextAction.CALL),
        (8, NextAction.CALL, NextAction.VISIT),
        (31, NextAction.VISIT, NextAction.DEMAND),
        (61, NextAction.DEMAND, NextAction.CALL_GUARANTEES),
        (91, NextAction.CALL_GUARANTEES, NextAction.CALL_GUARANTEES),
    ],
)
def test_the_next_action_follows_lateness_and_a_broken_promise_moves_it_on(
    days: int, action: NextAction, after_a_broken_promise: NextAction
) -> None:
    late = replace(CASE, days_past_due=days)
    broken = replace(late, promise=promised(TODAY - timedelta(days=1)))
    waiting = replace(late, promise=promised(TODAY))

    assert collection_queue([late], TODAY)[0].action is action
    assert collection_queue([broken], TODAY)[0].action is after_a_broken_promise
    assert collection_queue([waiting], TODAY)[0].action is NextAction.WAIT


@pytest.mark.parametrize(
    ("moment", "allowed", "next_at"),
    [
        ("2026-03-11T07:59:59", False, "2026-03-11T08:00:00"),
        ("2026-03-11T08:00:00", True, "2026-03-11T08:00:00"),
        ("2026-03-11T17:59:59", True, "2026-03-11T17:59:59"),
        ("2026-03-11T18:00:00", False, "2026-03-12T08:00:00"),
        ("2026-03-14T12:00:00", True, "2026-03-14T12:00:00"),
        ("2026-03-14T19:00:00", False, "2026-03-16T08:00:00"),
        ("2026-03-15T12:00:00", False, "2026-03-16T08:00:00"),
    ],
)
def test_reminders_go_out_on_working_days_in_daytime(moment: str, *, allowed: bool, next_at: str) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=NAIROBI)

    assert may_contact(now, last_contact_on=None) is allowed
    assert next_contact_at(now, last_contact_on=None) == datetime.fromisoformat(next_at).replace(
        tzinfo=NAIROBI
    )


def test_one_reminder_a_day_is_enough() -> None:
    noon = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)

    assert not may_contact(noon, last_contact_on=date(2026, 3, 14))
    assert may_contact(noon, last_contact_on=date(2026, 3, 13))
    assert next_contact_at(noon, last_contact_on=date(2026, 3, 14)) == datetime(
        2026, 3, 16, 8, tzinfo=NAIROBI
    )


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda each: each.replace(tzinfo=NAIROBI)),  # noqa: DTZ001 (given their zone here)
    st.booleans(),
)
def test_the_next_contact_is_always_allowed_and_never_in_the_past(now: datetime, contacted: bool) -> None:  # noqa: FBT001 (drawn)
    last = now.date() if contacted else None

    found = next_contact_at(now, last_contact_on=last)

    assert found >= now
    assert may_contact(found, last_contact_on=last)
