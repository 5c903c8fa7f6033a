"""Whatever is posted, reversed and closed, in whatever order and however often: the books equal a plain model."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from core.db.engine import Database, WriteSession
from core.errors import (
    AlreadyReversed,
    IdempotencyConflict,
    InsufficientFunds,
    PeriodClosed,
    Refusal,
    ReversalOfReversal,
    ReversalTooEarly,
    UnknownJournal,
)
from core.ledger import balances, periods, store
from core.ledger.chart import CHART
from core.ledger.reversals import reverse
from core.ledger.trial_balance import trial_balance
from imarisha.embedded import EmbeddedServers
from tests.conftest import clone
from tests.properties.ledger_model import (
    ACCOUNTS,
    DAYS,
    MEMBERS,
    MONTHS,
    NOW,
    Batch,
    CloseMonth,
    Model,
    Move,
    Undo,
)

ANSWERS: dict[type[Refusal], str] = {
    IdempotencyConflict: "conflict",
    InsufficientFunds: "insufficient",
    PeriodClosed: "closed",
    UnknownJournal: "unknown",
    AlreadyReversed: "reversed",
    ReversalOfReversal: "reversal",
    ReversalTooEarly: "early",
}

moves = st.builds(
    Move,
    key=st.integers(0, 8),
    taken_from=st.sampled_from(ACCOUNTS),
    given_to=st.sampled_from(ACCOUNTS),
    cents=st.integers(1, 1_000),
    on=st.sampled_from(DAYS),
)
batches = st.builds(
    Batch,
    moves=st.lists(moves, min_size=1, max_size=4, unique_by=lambda move: move.key).map(tuple),
    as_many=st.booleans(),
)
undos = st.builds(Undo, key=st.integers(0, 8), on=st.sampled_from(DAYS), of_reversal=st.booleans())
# Posting is what is done most; a closing among many other things.
steps = st.one_of(batches, batches, undos, undos, st.just(CloseMonth()))


@settings(max_examples=30)
@given(played=st.lists(steps, min_size=1, max_size=14))
def test_the_books_equal_the_model(
    servers: EmbeddedServers, template: str, played: list[Batch | Undo | CloseMonth]
) -> None:
    asyncio.run(play(clone(servers, template), played))


async def play(url: str, played: list[Batch | Undo | CloseMonth]) -> None:
    database, model = Database(url, connections_max=1), Model()
    await database.open()
    try:
        async with database.unit_of_work() as session:
            await store.open_accounts(session, [*CHART, *MEMBERS])
        for step in played:
            expected = expect(model, step)
            assert await answer(database, model, step) in expected
            await assert_equal(database, model)
        async with database.reading() as session:
            assert await balances.differences(session) == []
    finally:
        await database.close()


def expect(model: Model, step: Batch | Undo | CloseMonth) -> set[str]:
    match step:
        case Batch(moves):
            return model.post(moves)
        case Undo():
            return model.undo(step)
        case CloseMonth():
            model.months_closed = min(model.months_closed + 1, len(MONTHS))
            return {"posted"}


async def answer(database: Database, model: Model, step: Batch | Undo | CloseMonth) -> str:
    try:
        async with database.unit_of_work() as session:
            await happen(session, model, step)
    except Refusal as refusal:
        return ANSWERS[type(refusal)]
    return "posted"


async def happen(session: WriteSession, model: Model, step: Batch | Undo | CloseMonth) -> None:
    match step:
        case Batch(moves, as_many):
            post = store.post_batch if as_many else store.post
            await post(session, [move.journal() for move in moves])
        case Undo(key, on, of_reversal):
            name = f"reversal:key{key}" if of_reversal else f"key{key}"
            await reverse(session, name, event_at=NOW, business_date=on, reason="a mistake")
        case CloseMonth():
            closed = {period.month for period in await periods.closed_periods(session)}
            due = MONTHS[model.months_closed - 1]
            if due not in closed:
                await periods.close_month(session, due, closed_by="stf_accountant")


async def assert_equal(database: Database, model: Model) -> None:
    """The balances of now and of every day, with the snapshots a step further each time."""
    async with database.unit_of_work() as session:
        await balances.advance_snapshots(session)
        assert {code: (await store.balance(session, code)).minor for code in ACCOUNTS} == model.balance
        for day in DAYS:
            await trial_balance(session, day)
            on_day = {code: (await balances.balance_on(session, code, day)).minor for code in ACCOUNTS}
            assert on_day == {code: model.balance_on(code, day) for code in ACCOUNTS}
