"""A mistake is undone by its mirror: once, linked, never before it happened, and never twice."""

import asyncio
from datetime import date, timedelta

import asyncpg
import pytest

from core.errors import (
    AlreadyReversed,
    InsufficientFunds,
    ReversalOfReversal,
    ReversalTooEarly,
    UnknownJournal,
)
from core.ledger import store
from core.ledger.chart import Gl
from core.ledger.reversals import reverse
from core.ledger.store import Posted, StoredJournal
from tests.core.ledger.books import AMINA, TODAY, Books, noon, paid_in, paid_out


async def undo(books: Books, key: str, *, on: date = TODAY) -> Posted:
    async with books.database.unit_of_work() as session:
        return await reverse(session, key, event_at=noon(on), business_date=on, reason="typed twice")


async def found(books: Books, key: str) -> StoredJournal:
    async with books.database.reading() as session:
        return await store.find_journal(session, key)


async def test_a_reversed_journal_leaves_no_trace_in_the_balances_and_both_are_kept(books: Books) -> None:
    await books.post(paid_in("a", 5_000), paid_in("b", 300))

    await undo(books, "a", on=TODAY + timedelta(days=1))

    assert (await books.balance(AMINA.code), await books.balance(Gl.BANK)) == (300, 300)
    original, mirror = await found(books, "a"), await found(books, "reversal:a")
    assert (original.reversed_by, original.reverses) == ("reversal:a", None)
    assert (mirror.reverses, mirror.reversed_by) == ("a", None)
    assert mirror.journal.meta == {"reverses": "a", "reason": "typed twice"}
    assert [line.side for line in mirror.journal.lines] == [
        line.side.opposite for line in original.journal.lines
    ]
    await books.assert_agree()


async def test_a_stored_journal_reads_back_as_it_was_posted(books: Books) -> None:
    journal = paid_in("a", 5_000)
    await books.post(journal)

    assert (await found(books, "a")).journal == journal


async def test_a_journal_is_reversed_once(books: Books) -> None:
    await books.post(paid_in("a", 5_000))
    await undo(books, "a")

    with pytest.raises(AlreadyReversed):
        await undo(books, "a")

    assert await books.balance(AMINA.code) == 0


async def test_many_who_reverse_at_once_reverse_once(books: Books) -> None:
    await books.post(paid_in("a", 5_000))

    results = await asyncio.gather(*(undo(books, "a") for _ in range(5)), return_exceptions=True)

    assert sum(isinstance(result, Posted) for result in results) == 1
    assert sum(isinstance(result, AlreadyReversed) for result in results) == 4
    await books.assert_agree()


async def test_a_reversal_is_not_reversed(books: Books) -> None:
    await books.post(paid_in("a", 5_000))
    await undo(books, "a")

    with pytest.raises(ReversalOfReversal):
        await undo(books, "reversal:a")

    assert await books.balance(AMINA.code) == 0


async def test_a_reversal_is_not_dated_before_what_it_reverses(books: Books) -> None:
    await books.post(paid_in("a", 5_000))

    with pytest.raises(ReversalTooEarly) as refusal:
        await undo(books, "a", on=TODAY - timedelta(days=1))

    assert (refusal.value.business_date, refusal.value.asked) == (TODAY, TODAY - timedelta(days=1))


async def test_what_was_never_posted_is_not_reversed(books: Books) -> None:
    with pytest.raises(UnknownJournal):
        await undo(books, "nothing")


async def test_money_that_was_spent_is_not_taken_back(books: Books) -> None:
    await books.post(paid_in("a", 5_000))
    await books.post(paid_out("b", 4_000))

    with pytest.raises(InsufficientFunds):
        await undo(books, "a")

    assert (await found(books, "a")).reversed_by is None
    assert await books.balance(AMINA.code) == 1_000


@pytest.mark.parametrize(
    ("link", "match"),
    [
        ("VALUES (3, 2, 'x')", "a reversal is not reversed"),
        ("VALUES (3, 1, 'x')", "uq_journal_reversal_journal_id"),
        ("VALUES (3, 3, 'x')", "not_itself"),
    ],
)
async def test_the_database_itself_refuses_a_second_link(books: Books, link: str, match: str) -> None:
    [first] = await books.post(paid_in("a", 5_000))
    undone = await undo(books, "a")
    [third] = await books.post(paid_in("c", 1))
    for n, journal_id in ((1, first.journal_id), (2, undone.journal_id), (3, third.journal_id)):
        link = link.replace(f"({n},", f"({journal_id},").replace(f" {n},", f" {journal_id},")

    with pytest.raises(asyncpg.PostgresError, match=match):
        async with books.database.unit_of_work() as session:
            await session.execute(f"INSERT INTO journal_reversal (reversal_id, journal_id, reason) {link}")
