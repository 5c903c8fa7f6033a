"""Properties of savings: split periods, floors that hold, orders that run once. Pure, but for the last two."""

import asyncio
import itertools
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db.engine import Database
from core.errors import HoldNotOpen, NotEnoughSaved
from core.money import Money
from core.savings.interest import Movement, average_balance, earned, minimum_balance
from core.savings.interest_terms import Anchor, DayCount, InterestBasis, InterestTerms, Interval, Rates
from core.savings.model import HoldReason
from core.savings.periods import Period, periods_until
from core.savings.service import holds
from core.savings.service.money import pay_in, transfer
from core.savings.standing_orders import OrderTerms, RunState, Trigger, attempt, next_due
from tests.core.savings.branch import Branch, noon

START = date(2027, 11, 1)
LENGTH = 200
days = st.integers(0, LENGTH - 1).map(lambda n: START + timedelta(days=n))
moves = st.lists(st.builds(Movement, days, st.integers(-(10**7), 10**7)), max_size=8)
rates = st.builds(Rates.fixed, st.integers(0, 60).map(Fraction), st.integers(0, 60).map(Fraction))
day_counts = st.sampled_from(DayCount)


def of(
    terms: InterestTerms, rate: Rates, opening: int, made: list[Movement], start: date, end: date
) -> Fraction:
    """Interest less overdraft of a stretch."""
    exact = earned(
        terms,
        rate,
        opening=opening,
        movements=sorted(made, key=lambda move: move.on),
        period=Period(start, end, end),
        opened_on=date(2027, 1, 1),
    )
    return exact.interest - exact.overdraft


@given(moves, rates, day_counts, st.integers(0, 10**8), st.integers(1, LENGTH - 1))
def test_simple_interest_of_a_period_is_that_of_its_parts(
    made: list[Movement], rate: Rates, day_count: DayCount, opening: int, cut: int
) -> None:
    terms = InterestTerms(day_count=day_count)
    middle, end = START + timedelta(days=cut), START + timedelta(days=LENGTH)
    before = sum(move.change for move in made if move.on < middle)

    whole = of(terms, rate, opening, made, START, end)
    parts = (
        of(terms, rate, opening, made, START, middle),
        of(terms, rate, opening + before, made, middle, end),
    )

    assert whole == sum(parts)


@given(moves, rates, st.integers(0, 10**8))
def test_interest_compounded_by_the_day_is_never_less_than_simple(
    made: list[Movement], rate: Rates, opening: int
) -> None:
    end = START + timedelta(days=LENGTH)

    simple = of(InterestTerms(), rate, opening, made, START, end)
    compound = of(InterestTerms(compounding=Interval.DAILY), rate, opening, made, START, end)

    assert compound >= simple


@given(moves, st.integers(0, 10**8))
def test_the_minimum_is_never_above_the_mean_which_is_the_daily_balances(
    made: list[Movement], opening: int
) -> None:
    end = START + timedelta(days=LENGTH)
    ordered = sorted(made, key=lambda move: move.on)
    balances = [
        max(opening + sum(move.change for move in ordered if move.on <= START + timedelta(days=n)), 0)
        for n in range(LENGTH)
    ]

    assert average_balance(opening, ordered, START, end) == Fraction(sum(balances), LENGTH)
    assert minimum_balance(opening, ordered) <= average_balance(opening, ordered, START, end)


@given(
    st.sampled_from([each for each in Interval if each is not Interval.AT_MATURITY]),
    st.sampled_from(Anchor),
    st.sampled_from(InterestBasis),
    days,
)
def test_periods_meet_and_cover_every_day(
    posting: Interval, anchor: Anchor, basis: InterestBasis, opened_on: date
) -> None:
    terms = InterestTerms(posting=posting, anchor=anchor, basis=basis)

    periods = list(periods_until(terms, opened_on + timedelta(days=500), opened_on=opened_on))

    assert periods[0].start == opened_on
    assert periods[-1].end >= opened_on + timedelta(days=500)
    assert all(one.start < one.end for one in periods)
    assert all(one.end == other.start for one, other in itertools.pairwise(periods))


@given(
    st.integers(1, 1000),
    st.lists(st.integers(0, 400), min_size=1, max_size=8),
    st.booleans(),
    st.integers(0, 4),
)
def test_a_run_takes_no_more_than_was_ordered_and_ends_within_its_days(
    amount: int,
    available: list[int],
    allows_part: bool,  # noqa: FBT001 - hypothesis gives it by position
    tolerance: int,
) -> None:
    terms = OrderTerms(
        Trigger.ON_DATE,
        Money(amount),
        Money(0),
        START,
        allows_part=allows_part,
        tolerance_days=tolerance,
    )
    taken, state, tries = Money(0), RunState.WAITING, 0
    for day, free in enumerate(available):
        if state is not RunState.WAITING:
            break
        made = attempt(
            terms, due_on=START, taken=taken, available=Money(free), on=START + timedelta(days=day)
        )
        assert made.take <= Money(free)
        taken, state, tries = taken + made.take, made.state, tries + 1

    assert taken <= Money(amount)
    assert (state is RunState.DONE) == (taken == Money(amount))
    assert tries <= tolerance + 1
    assert (state is RunState.WAITING) == (tries <= tolerance and taken != Money(amount))


@given(st.integers(1, 12), days, st.integers(0, 600))
def test_the_days_of_an_order_come_one_after_another(months: int, starts_on: date, later: int) -> None:
    terms = OrderTerms(Trigger.ON_DATE, Money(1), Money(0), starts_on, every_months=months)
    after = starts_on + timedelta(days=later)

    following = next_due(terms, after)

    assert following is not None
    assert following > after
    assert next_due(terms, following - timedelta(days=1)) == following


_examples = itertools.count()
steps = st.lists(
    st.tuples(st.sampled_from(["in", "out", "hold", "change", "release", "consume"]), st.integers(1, 900)),
    min_size=1,
    max_size=25,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_holds_and_balances_follow_a_plain_model(
    empty_database_url: str, made: list[tuple[str, int]]
) -> None:
    asyncio.run(_played(empty_database_url, made))


async def _played(url: str, made: list[tuple[str, int]]) -> None:
    database = Database(url)
    await database.open()
    try:
        await _follow(Branch(database, first_number=100 * next(_examples)), made)
    finally:
        await database.close()


async def _follow(branch: Branch, made: list[tuple[str, int]]) -> None:
    await branch.open()
    run = branch.ids.new("run")
    member = await branch.member(run)
    own, other = f"acc_{run}_a", f"acc_{run}_b"
    await branch.account(own, member)
    await branch.account(other, await branch.member(f"{run}x"))
    balance, held = 0, dict[str, int]()
    for number, (step, amount) in enumerate(made):
        hold_id = f"{run}_{number}" if step == "hold" else next(iter(held), "none")
        free = balance - sum(held.values()) + (held.get(hold_id, 0) if step == "change" else 0)
        allowed = _allowed(step, amount, free, is_known=hold_id in held)
        try:
            await _play(branch, step, amount, key=f"{run}_{number}", own=own, other=other, hold_id=hold_id)
        except (NotEnoughSaved, HoldNotOpen):
            assert not allowed
            continue
        assert allowed
        balance += {"in": amount, "out": -amount}.get(step, 0)
        if step in {"hold", "change"}:
            held[hold_id] = amount
        elif step in {"release", "consume"}:
            del held[hold_id]
        found = await branch.find(own)
        assert (found.balance.minor, found.available.minor) == (balance, balance - sum(held.values()))
        assert found.available.minor >= 0
    await branch.assert_books_agree()


def _allowed(step: str, amount: int, free: int, *, is_known: bool) -> bool:
    if step in {"out", "hold"}:
        return amount <= free
    if step == "change":
        return is_known and amount <= free
    return step == "in" or is_known


async def _play(
    branch: Branch, step: str, amount: int, *, key: str, own: str, other: str, hold_id: str
) -> None:
    money, now = Money(amount), noon(START)
    member = (await branch.find(own)).member_id
    async with branch.database.unit_of_work() as session:
        match step:
            case "in":
                await pay_in(session, key=key, account_id=own, amount=money, now=now)
            case "out":
                await transfer(
                    session,
                    ids=branch.ids,
                    key=key,
                    member_id=member,
                    source_id=own,
                    destination_id=other,
                    amount=money,
                    now=now,
                )
            case "hold":
                await holds.place_hold(
                    session,
                    hold_id=hold_id,
                    account_id=own,
                    amount=money,
                    reason=HoldReason.GUARANTEE,
                    subject="lon_1",
                    by="staff",
                    now=now,
                )
            case "change":
                await holds.change_hold(session, hold_id=hold_id, amount=money, by="staff", now=now)
            case "release":
                await holds.release_hold(session, hold_id=hold_id, by="staff", now=now)
            case _:
                await holds.consume_hold(session, hold_id=hold_id, by="staff", now=now)
