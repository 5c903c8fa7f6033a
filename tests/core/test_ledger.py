"""The books refuse what does not add up, post each key once, and agree with themselves."""

import asyncio
from datetime import date, timedelta

import asyncpg
import pytest

from core.clock import NAIROBI
from core.db.engine import Database
from core.errors import (
    AmountOverflow,
    CurrencyMismatch,
    IdempotencyConflict,
    InsufficientFunds,
    UnknownAccount,
)
from core.ledger import balances, store
from core.ledger.chart import CHART, Gl, own_account
from core.ledger.journal import AMOUNT_MINOR_MAX, Journal, credit, debit
from core.money import Currency, Money
from tests.clock import StoppedClock

AMINA = own_account(Gl.MEMBER_SAVINGS, "amina", "Amina's savings")
OTIENO = own_account(Gl.MEMBER_SAVINGS, "otieno", "Otieno's savings")
NOON = StoppedClock().now()


def paid_in(key: str, cents: int, account: str = AMINA.code) -> Journal:
    amount = Money(cents)
    return Journal(key, "paid_in", NOON, date(2026, 3, 11), (debit(Gl.BANK, amount), credit(account, amount)))


def paid_out(key: str, cents: int, account: str = AMINA.code) -> Journal:
    amount = Money(cents)
    return Journal(
        key, "paid_out", NOON, date(2026, 3, 11), (debit(account, amount), credit(Gl.BANK, amount))
    )


@pytest.fixture
async def books(empty_database: Database) -> Database:
    async with empty_database.unit_of_work() as session:
        await store.open_accounts(session, [*CHART, AMINA, OTIENO])
    return empty_database


async def post(books: Database, *journals: Journal) -> list[store.Posted]:
    async with books.unit_of_work() as session:
        return await store.post(session, journals)


async def balance(books: Database, code: str) -> int:
    async with books.reading() as session:
        return (await store.balance(session, code)).minor


async def assert_books_agree(books: Database) -> None:
    async with books.reading() as session:
        assert await balances.differences(session) == []


async def test_a_posting_moves_both_accounts(books: Database) -> None:
    [posted] = await post(books, paid_in("a", 5_000))

    assert posted.is_new
    assert await balance(books, AMINA.code) == 5_000
    assert await balance(books, Gl.BANK) == 5_000
    await assert_books_agree(books)


async def test_the_same_journal_again_changes_nothing(books: Database) -> None:
    [first] = await post(books, paid_in("a", 5_000))

    [second] = await post(books, paid_in("a", 5_000))

    assert (second.journal_id, second.is_new) == (first.journal_id, False)
    assert await balance(books, AMINA.code) == 5_000


async def test_a_key_reused_for_another_amount_is_refused(books: Database) -> None:
    await post(books, paid_in("a", 5_000))

    with pytest.raises(IdempotencyConflict) as refusal:
        await post(books, paid_in("a", 6_000))

    assert refusal.value.key == "a"
    assert await balance(books, AMINA.code) == 5_000


async def test_one_reused_key_refuses_the_whole_batch(books: Database) -> None:
    await post(books, paid_in("a", 5_000))

    with pytest.raises(IdempotencyConflict):
        await post(books, paid_in("b", 1_000), paid_in("a", 6_000))

    assert await balance(books, AMINA.code) == 5_000


async def test_a_batch_of_new_and_known_journals_posts_the_new_ones(books: Database) -> None:
    await post(books, paid_in("b", 1_000))

    posted = await post(books, paid_in("a", 5_000), paid_in("b", 1_000), paid_in("c", 200, OTIENO.code))

    assert [p.is_new for p in posted] == [True, False, True]
    assert await balance(books, AMINA.code) == 6_000
    assert await balance(books, OTIENO.code) == 200
    await assert_books_agree(books)


async def test_a_batch_that_begins_with_a_known_journal_posts_the_rest(books: Database) -> None:
    await post(books, paid_in("a", 1_000))

    posted = await post(books, paid_in("a", 1_000), paid_in("b", 200, OTIENO.code))

    assert [p.is_new for p in posted] == [False, True]
    assert await balance(books, OTIENO.code) == 200
    await assert_books_agree(books)


async def test_no_account_falls_below_its_floor(books: Database) -> None:
    await post(books, paid_in("a", 5_000))

    with pytest.raises(InsufficientFunds) as refusal:
        await post(books, paid_out("b", 5_001))

    assert (refusal.value.available_minor, refusal.value.asked_minor) == (5_000, 5_001)
    assert await balance(books, AMINA.code) == 5_000
    assert (await post(books, paid_out("c", 5_000)))[0].is_new


async def test_a_batch_sees_its_own_earlier_lines(books: Database) -> None:
    await post(books, paid_in("a", 5_000), paid_out("b", 3_000))

    with pytest.raises(InsufficientFunds):
        await post(books, paid_in("c", 1_000), paid_out("d", 3_001))

    assert await balance(books, AMINA.code) == 2_000
    await assert_books_agree(books)


async def test_an_account_that_is_not_in_the_books_is_refused(books: Database) -> None:
    with pytest.raises(UnknownAccount) as refusal:
        await post(books, paid_in("a", 5_000, "2010:nobody"))

    assert refusal.value.account == "2010:nobody"


async def test_trouble_of_the_database_is_no_refusal(books: Database) -> None:
    async with books.unit_of_work() as other, books.unit_of_work() as session:
        await other.execute("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE")
        await session.execute("SET LOCAL lock_timeout = '1ms'")

        with pytest.raises(asyncpg.LockNotAvailableError):
            await store.post(session, [paid_in("a", 5_000)])


async def test_nothing_is_posted_to_a_heading(books: Database) -> None:
    with pytest.raises(UnknownAccount):
        await post(books, paid_in("a", 5_000, Gl.MEMBERS_MONEY))


async def test_an_account_takes_only_its_own_currency(books: Database) -> None:
    dollars = Money(100, Currency.USD)
    journal = Journal(
        "a", "paid_in", NOON, date(2026, 3, 11), (debit(Gl.BANK, dollars), credit(AMINA.code, dollars))
    )

    with pytest.raises(CurrencyMismatch) as refusal:
        await post(books, journal)

    assert (refusal.value.left, refusal.value.right) == ("KES", "USD")


def test_a_line_above_what_the_books_hold_is_refused() -> None:
    assert debit(Gl.BANK, Money(AMOUNT_MINOR_MAX)).amount == Money(10**15)

    with pytest.raises(AmountOverflow) as refusal:
        debit(Gl.BANK, Money(AMOUNT_MINOR_MAX + 1))

    assert refusal.value.amount_minor == AMOUNT_MINOR_MAX + 1


async def test_a_balance_that_outgrows_the_books_is_refused_and_nothing_written(books: Database) -> None:
    async with books.unit_of_work() as session:
        await session.execute(
            "UPDATE ledger_account SET balance = 9223372036854775000 WHERE code = $1", AMINA.code
        )

    with pytest.raises(AmountOverflow):
        await post(books, paid_in("a", 5_000))

    assert await balance(books, Gl.BANK) == 0


def test_an_unbalanced_journal_cannot_be_built() -> None:
    with pytest.raises(AssertionError, match="does not balance"):
        Journal(
            "a",
            "paid_in",
            NOON,
            date(2026, 3, 11),
            (debit(Gl.BANK, Money(5)), credit(AMINA.code, Money(4))),
        )


def test_a_journal_without_time_zone_cannot_be_built() -> None:
    with pytest.raises(AssertionError, match="aware"):
        Journal(
            "a",
            "paid_in",
            NOON.replace(tzinfo=None),
            date(2026, 3, 11),
            (debit(Gl.BANK, Money(5)), credit(AMINA.code, Money(5))),
        )


async def test_the_database_itself_refuses_unbalanced_entries(books: Database) -> None:
    [posted] = await post(books, paid_in("a", 5_000))

    with pytest.raises(asyncpg.PostgresError, match="do not balance"):
        async with books.unit_of_work() as session:
            await session.execute(
                "INSERT INTO entry (journal_id, account_id, side, amount, currency) VALUES ($1, 1, 'D', 1, 'KES')",
                posted.journal_id,
            )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET amount = 1",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "UPDATE journal SET kind = 'x'",
        "DELETE FROM journal",
    ],
)
async def test_what_is_written_stays_written(books: Database, change: str) -> None:
    await post(books, paid_in("a", 5_000))

    with pytest.raises(asyncpg.PostgresError, match="never changed"):
        async with books.unit_of_work() as session:
            await session.execute(change)


async def test_the_same_key_posted_by_many_at_once_is_posted_once(books: Database) -> None:
    results = await asyncio.gather(*(post(books, paid_in("a", 5_000)) for _ in range(8)))

    assert sum(posted.is_new for [posted] in results) == 1
    assert await balance(books, AMINA.code) == 5_000


async def test_crossing_transfers_neither_deadlock_nor_lose_money(books: Database) -> None:
    await post(books, paid_in("a", 100_000), paid_in("b", 100_000, OTIENO.code))

    def transfer(n: int) -> Journal:
        source, target = (AMINA.code, OTIENO.code) if n % 2 else (OTIENO.code, AMINA.code)
        amount = Money(100 + n)
        return Journal(
            f"t{n}", "transfer", NOON, date(2026, 3, 11), (debit(source, amount), credit(target, amount))
        )

    await asyncio.gather(*(post(books, transfer(n)) for n in range(60)))

    assert await balance(books, AMINA.code) + await balance(books, OTIENO.code) == 200_000
    await assert_books_agree(books)


async def test_many_withdrawals_at_once_never_overdraw(books: Database) -> None:
    await post(books, paid_in("a", 5_000))

    results = await asyncio.gather(
        *(post(books, paid_out(f"w{n}", 1_000)) for n in range(12)), return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, InsufficientFunds)]
    assert len(refused) == 7
    assert await balance(books, AMINA.code) == 0
    await assert_books_agree(books)


async def advance(books: Database) -> int:
    async with books.unit_of_work() as session:
        return await balances.advance_snapshots(session)


async def advance_in_time(books: Database) -> int:
    """As `advance`, when no transaction of another test is in its way any more: they share the server."""
    for _ in range(200):
        if folded := await advance(books):
            return folded
        await asyncio.sleep(0.01)
    return 0


async def test_snapshots_move_forward_and_the_balance_stays(books: Database) -> None:
    await post(books, paid_in("a", 5_000))
    await advance(books)

    folded = await advance_in_time(books)
    await post(books, paid_in("b", 300))

    assert folded == sum(terms.hot for terms in CHART)
    assert await balance(books, Gl.BANK) == 5_300
    await advance(books)
    await advance(books)
    assert await balance(books, Gl.BANK) == 5_300
    await assert_books_agree(books)


async def test_a_snapshot_of_empty_books_does_not_pass_the_first_entry(books: Database) -> None:
    await advance(books)
    await advance(books)

    await post(books, paid_in("a", 5_000))

    assert await balance(books, Gl.BANK) == 5_000


async def test_a_snapshot_never_passes_a_transaction_that_is_still_running(books: Database) -> None:
    async with books.unit_of_work() as slow:
        await store.post(slow, [paid_in("slow", 700)])
        await post(books, paid_in("quick", 5_000, OTIENO.code))
        await advance(books)

        while_running = await advance(books)

    assert while_running == 0
    assert await balance(books, Gl.BANK) == 5_700
    assert await advance_in_time(books) > 0
    assert await balance(books, Gl.BANK) == 5_700
    await assert_books_agree(books)


async def test_a_tampered_balance_is_found(books: Database) -> None:
    await post(books, paid_in("a", 5_000))

    async with books.unit_of_work() as session:
        await session.execute("UPDATE ledger_account SET balance = 6000 WHERE code = $1", AMINA.code)

    async with books.reading() as session:
        found = await balances.differences(session)
    assert [str(difference) for difference in found] == [
        f"account {AMINA.code}: stored 6000, entries say 5000"
    ]


async def test_the_business_date_is_nairobi_s(books: Database) -> None:
    late = NOON.astimezone(NAIROBI).replace(hour=23, minute=59) + timedelta(minutes=2)
    journal = paid_in("a", 100)

    async with books.unit_of_work() as session:
        await store.post(session, [Journal("n", "x", late, late.date(), journal.lines)])
        row = await session.row("SELECT business_date, event_at FROM journal WHERE key = 'n'")

    assert row is not None
    assert row["business_date"] == date(2026, 3, 12)
    assert row["event_at"] == late
