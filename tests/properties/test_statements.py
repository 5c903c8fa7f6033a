"""Whatever was posted, in whatever order: statements of adjoining periods chain and end at the ledger's balance."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from core.db.engine import Database
from core.ledger import store as ledger
from core.ledger.chart import CHART, Gl, own_account
from core.ledger.journal import Journal, credit, debit
from core.money import Money
from core.reports import store
from core.reports.statement import AccountStatement, Period
from imarisha.embedded import EmbeddedServers
from tests.clock import StoppedClock
from tests.conftest import clone

ACCOUNT = own_account(Gl.MEMBER_SAVINGS, "amina", "amina")
KEY = store.AccountKey("acc_1", "savings", ACCOUNT.code)
FIRST = date(2026, 1, 1)
DAYS = 20
NOW = StoppedClock().now()

# Each a day and an amount, paid out where it is negative; in the order of posting, so many are back-dated.
histories = st.lists(
    st.tuples(st.integers(0, DAYS), st.integers(-500, 1_000).filter(bool)), min_size=0, max_size=25
)


@settings(max_examples=12)
@given(history=histories, cuts=st.sets(st.integers(1, DAYS), max_size=4), page=st.integers(1, 6))
def test_adjoining_statements_chain_and_end_at_the_ledger_s_balance(
    servers: EmbeddedServers, template: str, history: list[tuple[int, int]], cuts: set[int], page: int
) -> None:
    with clone(servers, template) as url:
        asyncio.run(read(url, history, sorted({0, *cuts, DAYS + 1}), page))


async def read(url: str, history: Sequence[tuple[int, int]], cuts: Sequence[int], most: int) -> None:
    database = Database(url, connections_max=1)
    await database.open()
    try:
        possible = await post(database, history)
        async with database.reading() as session:
            periods = [Period(day(start), day(end - 1)) for start, end in pairwise(cuts)]
            parts = [await store.account_statement(session, KEY, period) for period in periods]
            whole = await store.account_statement(session, KEY, Period(day(0), day(DAYS)))
            pages = [each async for each in store.account_pages(session, KEY, whole.period, most=most)]
            balance = await ledger.balance(session, ACCOUNT.code)
    finally:
        await database.close()
    for cut in (parts, pages):
        assert_chain(cut, whole)
    assert whole.opening == Money(0)
    assert whole.closing == balance
    by_day = sorted(possible, key=lambda move: move[0])
    assert [(each.credit - each.debit).minor for each in whole.movements] == [cents for _, cents in by_day]


def assert_chain(parts: Sequence[AccountStatement], whole: AccountStatement) -> None:
    assert [part.opening for part in parts[1:]] == [part.closing for part in parts[:-1]]
    assert (parts[0].opening, parts[-1].closing) == (whole.opening, whole.closing)
    assert [line for part in parts for line in part.lines()] == list(whole.lines())


async def post(database: Database, history: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Post what the account's balance allows; what was posted."""
    balance, posted = 0, []
    for on, cents in history:
        if balance + cents >= 0:
            balance += cents
            posted.append((on, cents))
    async with database.unit_of_work() as session:
        await ledger.open_accounts(session, [*CHART, ACCOUNT])
        for n, (on, cents) in enumerate(posted):
            await ledger.post(session, [journal(n, on, cents)])
    return posted


def journal(n: int, on: int, cents: int) -> Journal:
    amount = Money(abs(cents))
    lines = (
        (debit(Gl.BANK, amount), credit(ACCOUNT.code, amount))
        if cents > 0
        else (debit(ACCOUNT.code, amount), credit(Gl.BANK, amount))
    )
    return Journal(f"move{n}", "move", NOW, day(on), lines)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)
