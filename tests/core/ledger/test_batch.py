"""Many journals in one call keep every promise that a single one does."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import (
    AmountOverflow,
    CurrencyMismatch,
    IdempotencyConflict,
    InsufficientFunds,
    UnknownAccount,
)
from core.ledger.chart import Gl
from core.ledger.journal import Journal, credit, debit
from core.ledger.store import find_journal
from core.money import Currency, Money
from tests.core.ledger.books import AMINA, OTIENO, TODAY, Books, noon, paid_in, paid_out

TOMORROW = TODAY + timedelta(days=1)


async def test_every_journal_of_a_batch_is_posted_in_the_order_given(books: Books) -> None:
    posted = await books.post_batch(
        [paid_in(f"k{n}", 100 + n, (AMINA, OTIENO)[n % 2].code) for n in (3, 1, 2)]
    )

    async with books.database.reading() as session:
        rows = await session.rows("SELECT id, key FROM journal")
    assert [p.journal_id for p in posted] == [
        {row["key"]: row["id"] for row in rows}[key] for key in ("k3", "k1", "k2")
    ]
    assert await books.balance(Gl.BANK) == 306
    assert (await books.balance(AMINA.code), await books.balance(OTIENO.code)) == (102, 204)
    await books.assert_agree()


async def test_an_empty_batch_is_nothing(books: Books) -> None:
    assert await books.post_batch([]) == []


async def test_several_lines_on_one_account_carry_their_own_balances(books: Books) -> None:
    await books.post_batch([paid_in("a", 500), paid_out("b", 200), paid_in("c", 50)])

    async with books.database.reading() as session:
        rows = await session.rows(
            "SELECT balance_after FROM entry WHERE balance_after IS NOT NULL ORDER BY id"
        )
    assert [row["balance_after"] for row in rows] == [500, 300, 350]
    await books.assert_agree()


@pytest.mark.parametrize("is_batch", [True, False])
async def test_an_account_moves_in_the_order_given_whatever_the_keys(books: Books, *, is_batch: bool) -> None:
    journals = [paid_in("c", 500), paid_out("a", 200), paid_in("b", 50)]

    posted = await (books.post_batch(journals) if is_batch else books.post(*journals))

    async with books.database.reading() as session:
        rows = await session.rows(
            "SELECT journal_id, balance_after FROM entry WHERE balance_after IS NOT NULL ORDER BY id"
        )
    assert [row["balance_after"] for row in rows] == [500, 300, 350]
    assert [row["journal_id"] for row in rows] == [p.journal_id for p in posted]
    await books.assert_agree()


async def test_a_batch_posted_again_changes_nothing(books: Books) -> None:
    batch = [paid_in("a", 500), paid_in("b", 70, OTIENO.code)]
    first = await books.post_batch(batch)

    again = await books.post_batch(batch)

    assert [p.journal_id for p in again] == [p.journal_id for p in first]
    assert not any(p.is_new for p in again)
    assert await books.balance(Gl.BANK) == 570
    await books.assert_agree()


@pytest.mark.parametrize("is_batch", [True, False])
async def test_a_repeat_after_midnight_gets_the_first_answer(books: Books, *, is_batch: bool) -> None:
    first = paid_in("a", 500)
    later = replace(first, event_at=noon(TOMORROW), business_date=TOMORROW)
    [posted] = await books.post(first)

    [again] = await (books.post_batch([later]) if is_batch else books.post(later))

    assert (again.journal_id, again.is_new) == (posted.journal_id, False)
    async with books.database.reading() as session:
        assert (await find_journal(session, "a")).journal.business_date == TODAY
    with pytest.raises(IdempotencyConflict):
        await books.post(replace(later, lines=paid_in("a", 501).lines))


async def test_a_batch_with_known_journals_posts_the_new_ones(books: Books) -> None:
    await books.post(paid_in("b", 70))

    posted = await books.post_batch([paid_in("a", 500), paid_in("b", 70), paid_in("c", 1)])

    assert [p.is_new for p in posted] == [True, False, True]
    assert await books.balance(AMINA.code) == 571
    await books.assert_agree()


def with_reused_key() -> list[Journal]:
    return [paid_in("new", 1), paid_in("known", 501)]


def with_overdraft() -> list[Journal]:
    return [paid_in("a", 1), paid_out("b", 502), paid_in("c", 1_000)]


def with_unknown_account() -> list[Journal]:
    return [paid_in("a", 1), paid_in("b", 1, "2010:nobody")]


def with_heading() -> list[Journal]:
    return [paid_in("a", 1), paid_in("b", 1, Gl.MEMBERS_MONEY)]


def with_other_currency() -> list[Journal]:
    dollars = Money(1, Currency.USD)
    lines = (debit(Gl.BANK, dollars), credit(AMINA.code, dollars))
    return [paid_in("a", 1), Journal("b", "x", noon(TODAY), TODAY, lines)]


@pytest.mark.parametrize(
    ("batch", "refusal"),
    [
        (with_reused_key, IdempotencyConflict),
        (with_overdraft, InsufficientFunds),
        (with_unknown_account, UnknownAccount),
        (with_heading, UnknownAccount),
        (with_other_currency, CurrencyMismatch),
    ],
)
async def test_one_bad_journal_refuses_the_whole_batch(
    books: Books, batch: Callable[[], list[Journal]], refusal: type[Exception]
) -> None:
    await books.post(paid_in("known", 500))

    with pytest.raises(refusal):
        await books.post_batch(batch())

    assert await books.balance(AMINA.code) == 500
    await books.assert_agree()


async def test_an_overdraft_in_a_batch_names_the_account_and_the_figures(books: Books) -> None:
    await books.post(paid_in("known", 500))

    with pytest.raises(InsufficientFunds) as refusal:
        await books.post_batch(with_overdraft())

    facts = refusal.value
    assert (facts.account, facts.available_minor, facts.asked_minor) == (AMINA.code, 501, 502)


async def test_a_balance_that_outgrows_the_books_refuses_the_batch(books: Books) -> None:
    async with books.database.unit_of_work() as session:
        await session.execute(
            "UPDATE ledger_account SET balance = 9223372036854775000 WHERE code = $1", AMINA.code
        )

    with pytest.raises(AmountOverflow):
        await books.post_batch([paid_in("a", 5_000)])


async def test_batches_and_single_postings_at_once_neither_deadlock_nor_lose_money(books: Books) -> None:
    await books.post(paid_in("a", 100_000), paid_in("b", 100_000, OTIENO.code))

    def transfers(n: int) -> list[Journal]:
        source, target = (AMINA.code, OTIENO.code) if n % 2 else (OTIENO.code, AMINA.code)
        amount = Money(10 + n)
        lines = (debit(source, amount), credit(target, amount))
        return [Journal(f"t{n}:{part}", "transfer", noon(TODAY), TODAY, lines) for part in range(5)]

    await asyncio.gather(
        *(books.post_batch(transfers(n)) for n in range(20)),
        *(books.post(*transfers(n)) for n in range(20, 40)),
    )

    assert await books.balance(AMINA.code) + await books.balance(OTIENO.code) == 200_000
    await books.assert_agree()


async def test_the_same_batch_by_many_at_once_is_posted_once(books: Books) -> None:
    batch = [paid_in(f"k{n}", 100) for n in range(10)]

    results = await asyncio.gather(*(books.post_batch(batch) for _ in range(4)))

    assert sum(p.is_new for posted in results for p in posted) == 10
    assert await books.balance(AMINA.code) == 1_000
