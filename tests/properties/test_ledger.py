"""Whatever is posted, in whatever order and however often: the books equal a model that fits on one page."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from core.db.engine import Database
from core.errors import IdempotencyConflict, InsufficientFunds
from core.ledger import balances, store
from core.ledger.chart import CHART, Gl, own_account
from core.ledger.journal import Journal, credit, debit
from core.money import Money
from imarisha.embedded import EmbeddedServers
from tests.clock import StoppedClock
from tests.conftest import clone

MEMBERS = [own_account(Gl.MEMBER_SAVINGS, name, name) for name in ("amina", "otieno", "chebet")]
ACCOUNTS = [Gl.MPESA_PAYBILL, Gl.BANK, *(terms.code for terms in MEMBERS)]
NOW = StoppedClock().now()


@dataclass(frozen=True)
class Move:
    """So much from one account to another, under a key that may have been used before."""

    key: int
    taken_from: str
    given_to: str
    cents: int

    def journal(self) -> Journal:
        amount = Money(self.cents)
        lines = (debit(self.taken_from, amount), credit(self.given_to, amount))
        return Journal(f"key{self.key}", "move", NOW, date(2026, 3, 11), lines)


class Model:
    """The books as anybody would keep them: balances on the normal side, and the keys used."""

    def __init__(self) -> None:
        self.balance = dict.fromkeys(ACCOUNTS, 0)
        self.known: dict[int, Move] = {}

    def post(self, batch: Sequence[Move]) -> str:
        """What the ledger should answer: `posted`, `conflict` or `insufficient`."""
        if any(self.known.get(move.key, move) != move for move in batch):
            return "conflict"
        after = dict(self.balance)
        # In order of keys, as the ledger takes them; only the way down to a floor depends on it.
        for move in sorted(batch, key=lambda move: f"key{move.key}"):
            if move.key in self.known:
                continue
            for account, change in ((move.taken_from, -move.cents), (move.given_to, move.cents)):
                is_asset = account in {Gl.MPESA_PAYBILL, Gl.BANK}
                change_here = -change if is_asset else change
                after[account] += change_here
                if not is_asset and change_here < 0 and after[account] < 0:
                    return "insufficient"
        self.balance = after
        self.known |= {move.key: move for move in batch}
        return "posted"


moves = st.builds(
    Move,
    key=st.integers(0, 8),
    taken_from=st.sampled_from(ACCOUNTS),
    given_to=st.sampled_from(ACCOUNTS),
    cents=st.integers(1, 1_000),
)
batches = st.lists(
    st.lists(moves, min_size=1, max_size=4, unique_by=lambda move: move.key), min_size=1, max_size=12
)


@settings(max_examples=25)
@given(batches=batches)
def test_the_books_equal_the_model(
    servers: EmbeddedServers, template: str, batches: list[list[Move]]
) -> None:
    asyncio.run(play(clone(servers, template), batches))


async def play(url: str, batches: list[list[Move]]) -> None:
    database, model = Database(url, connections_max=1), Model()
    await database.open()
    try:
        async with database.unit_of_work() as session:
            await store.open_accounts(session, [*CHART, *MEMBERS])
        for batch in batches:
            expected = model.post(batch)
            assert await post(database, batch) == expected
            await assert_equal(database, model)
        async with database.reading() as session:
            assert await balances.differences(session) == []
    finally:
        await database.close()


async def assert_equal(database: Database, model: Model) -> None:
    """The balances, with the snapshots a step further each time."""
    async with database.unit_of_work() as session:
        await balances.advance_snapshots(session)
        assert {code: (await store.balance(session, code)).minor for code in ACCOUNTS} == model.balance


async def post(database: Database, batch: list[Move]) -> str:
    try:
        async with database.unit_of_work() as session:
            await store.post(session, [move.journal() for move in batch])
    except IdempotencyConflict:
        return "conflict"
    except InsufficientFunds:
        return "insufficient"
    return "posted"
