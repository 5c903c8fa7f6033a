"""How late is a loan? Cases follow Apache Fineract's features on delinquency and its pauses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import NAIROBI
from core.errors import CurrencyMismatch
from core.lending.arrears import (
    USUAL_ARREARS,
    Arrears,
    ArrearsRules,
    Bucket,
    CutOff,
    DueRow,
    Pause,
    Portions,
    Reopened,
    arrears,
    instalment_buckets,
)
from core.money import Currency, Money

DUE = date(2026, 3, 10)
FINERACT = ArrearsRules(
    tolerance=Money(0),
    ageing_grace_days=3,
    buckets=(Bucket("RANGE_1", 1, 3), Bucket("RANGE_3", 4, 30), Bucket("RANGE_30", 31)),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NAIROBI)


def row(
    number: int, due_on: date, unpaid: int, *, paid: int = 0, reopened: tuple[Reopened, ...] = ()
) -> DueRow:
    return DueRow(number, due_on, Portions(principal=Money(unpaid)), Money(paid), reopened)


@pytest.mark.parametrize(
    ("cut_off", "moment", "counts_for"),
    [
        (CutOff(), "2026-03-10T23:59:59", date(2026, 3, 10)),
        (CutOff(), "2026-03-11T00:59:59", date(2026, 3, 10)),
        (CutOff(), "2026-03-11T01:00:00", date(2026, 3, 10)),
        (CutOff(), "2026-03-11T01:00:01", date(2026, 3, 11)),
        (CutOff(), "2026-03-11T12:00:00", date(2026, 3, 11)),
        (CutOff(grace_minutes=0), "2026-03-11T00:00:00", date(2026, 3, 10)),
        (CutOff(grace_minutes=0), "2026-03-11T00:00:01", date(2026, 3, 11)),
        (CutOff(minutes=17 * 60), "2026-03-10T18:00:00", date(2026, 3, 10)),
        (CutOff(minutes=17 * 60), "2026-03-10T18:00:01", date(2026, 3, 11)),
        (CutOff(), "2026-03-01T00:30:00", date(2026, 2, 28)),
    ],
)
def test_a_payment_counts_for_the_first_day_whose_deadline_it_meets(
    cut_off: CutOff, moment: str, counts_for: date
) -> None:
    assert cut_off.counts_on(at(moment)) == counts_for
    assert cut_off.is_on_time(counts_for, at(moment))
    assert not cut_off.is_on_time(counts_for - timedelta(days=1), at(moment))


def test_event_times_are_understood_in_any_zone() -> None:
    assert CutOff().counts_on(datetime(2026, 3, 10, 21, 30, tzinfo=UTC)) == date(2026, 3, 10)
    assert CutOff().counts_on(datetime(2026, 3, 10, 22, 30, tzinfo=UTC)) == date(2026, 3, 11)


@pytest.mark.parametrize(("minutes", "grace"), [(0, 60), (1441, 60), (1440, -1), (1440, 721)])
def test_a_cut_off_outside_the_day_cannot_be_built(minutes: int, grace: int) -> None:
    with pytest.raises(ValueError, match="no cut-off"):
        CutOff(minutes=minutes, grace_minutes=grace)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)), st.integers(1, 1440), st.integers(0, 720))  # noqa: DTZ001 (given their zone below)
def test_the_day_a_payment_counts_for_is_the_earliest_in_time(
    moment: datetime, minutes: int, grace: int
) -> None:
    cut_off, event_at = CutOff(minutes, grace), moment.replace(tzinfo=NAIROBI)

    day = cut_off.counts_on(event_at)

    assert cut_off.deadline(day - timedelta(days=1)) < event_at <= cut_off.deadline(day)


@pytest.mark.parametrize(
    ("on", "days", "bucket"),
    [
        (DUE - timedelta(days=1), 0, None),
        (DUE, 0, None),
        (DUE + timedelta(days=1), 1, "1-30"),
        (DUE + timedelta(days=30), 30, "1-30"),
        (DUE + timedelta(days=31), 31, "31-60"),
        (DUE + timedelta(days=90), 90, "61-90"),
        (DUE + timedelta(days=180), 180, "91-180"),
        (DUE + timedelta(days=360), 360, "181-360"),
        (DUE + timedelta(days=361), 361, "over 360"),
    ],
)
def test_days_count_from_the_due_date_of_the_oldest_unpaid_row(
    on: date, days: int, bucket: str | None
) -> None:
    rows = [row(1, DUE - timedelta(days=30), 0, paid=5_000), row(2, DUE, 5_000)]

    late = arrears(rows, on)

    assert (late.days_past_due, late.delinquent_days, late.bucket) == (days, days, bucket)
    assert late.since == (DUE if days else None)
    assert late.overdue.total == Money(5_000 if days else 0)


def test_what_is_overdue_is_kept_by_what_it_is_owed_for() -> None:
    parts = Portions(Money(4), Money(3), Money(200), Money(1))
    rows = [DueRow(1, DUE, parts), DueRow(2, DUE, parts), DueRow(3, DUE + timedelta(days=30), parts)]

    late = arrears(rows, DUE + timedelta(days=2))

    assert late.overdue == Portions(Money(8), Money(6), Money(400), Money(2))


def test_a_shilling_or_less_is_no_arrears_and_more_is() -> None:
    on = DUE + timedelta(days=40)

    assert arrears([row(1, DUE, 100)], on) == Arrears(Portions())
    assert arrears([row(1, DUE, 101)], on).days_past_due == 40
    assert arrears([row(1, DUE, 1)], on, ArrearsRules(tolerance=Money(0))).days_past_due == 40


def test_days_count_from_the_row_that_lifts_the_overdue_amount_above_the_tolerance() -> None:
    rows = [row(1, DUE - timedelta(days=100), 50), row(2, DUE, 10_000)]

    late = arrears(rows, DUE + timedelta(days=1))

    assert late.days_past_due == 1
    assert late.overdue.total == Money(10_050)


@pytest.mark.parametrize(
    ("days", "delinquent", "bucket"), [(1, 0, None), (3, 0, None), (4, 1, "RANGE_1"), (7, 4, "RANGE_3")]
)
def test_days_of_grace_make_nobody_delinquent(days: int, delinquent: int, bucket: str | None) -> None:
    late = arrears([row(1, DUE, 250)], DUE + timedelta(days=days), FINERACT)

    assert (late.days_past_due, late.delinquent_days, late.bucket) == (days, delinquent, bucket)
    assert late.delinquent_since == DUE + timedelta(days=3)


def test_a_pause_stops_ageing_from_its_first_day_and_its_last_day_ages_again() -> None:
    pause = Pause(DUE + timedelta(days=5), DUE + timedelta(days=29))

    def days(after: int) -> int:
        return arrears(
            [row(1, DUE, 250)], DUE + timedelta(days=after), FINERACT, pauses=[pause]
        ).delinquent_days

    assert [days(each) for each in (4, 5, 6, 29, 30, 31)] == [1, 2, 2, 2, 3, 4]


def test_a_pause_before_the_loan_was_late_counts_for_nothing() -> None:
    pause = Pause(DUE - timedelta(days=20), DUE + timedelta(days=2))

    late = arrears([row(1, DUE, 250)], DUE + timedelta(days=10), FINERACT, pauses=[pause])

    assert late.delinquent_days == 10 - 3 - 2


def test_the_bucket_is_held_while_a_pause_is_active_and_follows_the_days_after_it() -> None:
    pause = Pause(DUE + timedelta(days=10), DUE + timedelta(days=20))
    rows = [row(1, DUE, 250)]

    within = arrears(rows, DUE + timedelta(days=20), FINERACT, pauses=[pause], held_bucket="RANGE_30")
    after = arrears(rows, DUE + timedelta(days=21), FINERACT, pauses=[pause], held_bucket="RANGE_30")

    assert within.bucket == "RANGE_30"
    assert after.bucket == "RANGE_3"


def test_a_paid_loan_leaves_its_bucket_even_while_paused() -> None:
    pause = Pause(DUE, DUE + timedelta(days=20))

    late = arrears([row(1, DUE, 0)], DUE + timedelta(days=9), FINERACT, pauses=[pause], held_bucket="RANGE_1")

    assert late.bucket is None


def test_charged_back_money_is_late_from_the_day_of_the_chargeback() -> None:
    charged_back = Reopened(DUE, Money(250))
    running = row(2, DUE + timedelta(days=10), 500, reopened=(charged_back,))

    late = arrears([row(1, DUE - timedelta(days=4), 0, paid=250), running], DUE + timedelta(days=5), FINERACT)

    assert late.overdue.total == Money(250)
    assert (late.since, late.days_past_due, late.delinquent_days) == (DUE, 5, 2)


def test_charged_back_money_that_was_paid_again_is_not_late() -> None:
    running = row(2, DUE + timedelta(days=10), 250, paid=250, reopened=(Reopened(DUE, Money(250)),))

    assert arrears([running], DUE + timedelta(days=5), FINERACT).since is None


def test_an_overdue_row_with_a_chargeback_is_late_from_the_chargeback() -> None:
    both = (Reopened(DUE - timedelta(days=5), Money(100)), Reopened(DUE - timedelta(days=2), Money(100)))

    assert row(1, DUE, 500, paid=100, reopened=both).overdue_since(DUE + timedelta(days=1)) == both[1].on
    assert row(1, DUE, 500, paid=200, reopened=both).overdue_since(DUE + timedelta(days=1)) == DUE


def test_a_chargeback_of_today_is_not_late_today() -> None:
    running = row(2, DUE + timedelta(days=10), 500, reopened=(Reopened(DUE, Money(250)),))

    assert arrears([running], DUE, FINERACT).since is None
    assert running.overdue_since(DUE) == running.due_on


def test_rows_age_without_grace_once_the_loan_is_delinquent() -> None:
    rows = [row(1, DUE, 250), row(2, DUE + timedelta(days=15), 250), row(3, DUE + timedelta(days=60), 250)]

    def buckets(after: int) -> dict[int, str]:
        on = DUE + timedelta(days=after)
        return instalment_buckets(rows, on, FINERACT, loan=arrears(rows, on, FINERACT))

    assert buckets(3) == {}
    assert buckets(4) == {1: "RANGE_3"}
    assert buckets(16) == {1: "RANGE_3", 2: "RANGE_1"}
    assert buckets(40) == {1: "RANGE_30", 2: "RANGE_3"}


def test_rows_keep_their_buckets_while_a_pause_is_active() -> None:
    rows = [row(1, DUE, 250), row(2, DUE + timedelta(days=15), 250)]
    pauses = [Pause(DUE + timedelta(days=5), DUE + timedelta(days=29))]
    within, after = DUE + timedelta(days=29), DUE + timedelta(days=30)

    def buckets(on: date) -> dict[int, str]:
        loan = arrears(rows, on, FINERACT, pauses=pauses, held_bucket="RANGE_1")
        return instalment_buckets(
            rows, on, FINERACT, loan=loan, pauses=pauses, held_buckets={1: "RANGE_3", 9: "RANGE_1"}
        )

    assert buckets(within) == {1: "RANGE_3"}
    assert buckets(after) == {1: "RANGE_3", 2: "RANGE_1"}


def test_a_row_that_a_pause_kept_from_ageing_has_no_bucket() -> None:
    rows = [row(1, DUE, 250), row(2, DUE + timedelta(days=15), 250)]
    pauses = [Pause(DUE + timedelta(days=15), DUE + timedelta(days=17))]
    on = DUE + timedelta(days=18)

    buckets = instalment_buckets(
        rows, on, FINERACT, loan=arrears(rows, on, FINERACT, pauses=pauses), pauses=pauses
    )

    assert buckets == {1: "RANGE_3", 2: "RANGE_1"}
    two_more = [*pauses, Pause(on - timedelta(days=1), on - timedelta(days=0))]
    held = arrears(rows, on, FINERACT, pauses=two_more, held_bucket="RANGE_3")
    assert instalment_buckets(rows, on, FINERACT, loan=held, pauses=two_more) == {}


def test_rules_that_contradict_themselves_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="overlap"):
        ArrearsRules(buckets=(Bucket("a", 1, 3), Bucket("b", 3)))
    with pytest.raises(ValueError, match="overlap"):
        ArrearsRules(buckets=(Bucket("a", 1), Bucket("b", 5)))
    with pytest.raises(ValueError, match="below zero"):
        ArrearsRules(ageing_grace_days=-1)
    with pytest.raises(ValueError, match="below zero"):
        ArrearsRules(tolerance=Money(-1))
    with pytest.raises(ValueError, match="ends before"):
        Pause(DUE, DUE - timedelta(days=1))


def test_a_loan_in_another_currency_needs_rules_in_it() -> None:
    in_dollars = DueRow(1, DUE, Portions.nothing(Currency.USD) + Portions(*[Money(5, Currency.USD)] * 4))

    with pytest.raises(CurrencyMismatch):
        arrears([in_dollars], DUE + timedelta(days=1))
    rules = ArrearsRules(tolerance=Money(0, Currency.USD))
    assert arrears([in_dollars], DUE + timedelta(days=1), rules).overdue.total == Money(20, Currency.USD)


day_counts = st.integers(-40, 400)


@given(st.lists(st.tuples(st.integers(-300, 60), st.integers(0, 20_000)), max_size=12), day_counts)
def test_more_time_never_makes_an_unpaid_loan_less_late(shapes: list[tuple[int, int]], after: int) -> None:
    rows = [row(n, DUE + timedelta(days=offset), unpaid) for n, (offset, unpaid) in enumerate(shapes)]
    on = DUE + timedelta(days=after)

    today, tomorrow = arrears(rows, on), arrears(rows, on + timedelta(days=1))

    assert tomorrow.overdue.total >= today.overdue.total
    assert tomorrow.days_past_due == today.days_past_due + 1 or today.since is None or tomorrow.since is None
    assert tomorrow.days_past_due >= today.days_past_due
    assert (today.since is None) == (today.days_past_due == 0)
    assert today.bucket == USUAL_ARREARS.bucket_of(today.delinquent_days)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 60)), max_size=4), st.integers(1, 120))
def test_pauses_only_ever_take_days_away(stretches: list[tuple[int, int]], after: int) -> None:
    pauses = [
        Pause(DUE + timedelta(days=start), DUE + timedelta(days=start + length))
        for start, length in stretches
    ]
    on = DUE + timedelta(days=after)

    paused = arrears([row(1, DUE, 5_000)], on, pauses=pauses)

    assert 0 <= paused.delinquent_days <= paused.days_past_due == after
