"""Is what was promised in a transaction done, by one worker at a time, again when it failed, and not for ever?"""

import asyncio
from datetime import timedelta

import pytest

from core import outbox
from core.db.engine import Database
from core.outbox import LEASE, TRIES_MAX, Claimed, CollectPayment, SendNotice
from tests.clock import StoppedClock


class Shop:
    """Workers of one house, all at the same moment."""

    def __init__(self, database: Database, clock: StoppedClock) -> None:
        self.database = database
        self.clock = clock

    async def promise(self, job: outbox.Job, key: str, **later: float) -> None:
        async with self.database.unit_of_work() as session:
            await outbox.enqueue(session, job, key=key, at=self.clock.now() + timedelta(**later))

    async def waiting(self) -> list[tuple[int, int]]:
        async with self.database.reading() as session:
            return list(await outbox.waiting(session, now=self.clock.now()))

    async def claim(self, row_id: int) -> Claimed | None:
        async with self.database.unit_of_work() as session:
            return await outbox.claim(session, row_id, now=self.clock.now())

    async def claimed(self, row_id: int) -> Claimed:
        claimed = await self.claim(row_id)
        assert claimed is not None
        return claimed

    async def done(self, claimed: Claimed) -> None:
        async with self.database.unit_of_work() as session:
            await outbox.done(session, claimed.row_id)

    async def put_back(self, claimed: Claimed, **later: float) -> bool:
        async with self.database.unit_of_work() as session:
            return await outbox.put_back(
                session, claimed, error="ProviderDown", at=self.clock.now() + timedelta(**later)
            )

    async def row(self, row_id: int) -> tuple[str, int, str]:
        async with self.database.reading() as session:
            row = await session.row("SELECT state, tries, last_error FROM outbox WHERE id = $1", row_id)
        assert row is not None
        return row["state"], row["tries"], row["last_error"]


@pytest.fixture
def shop(empty_database: Database, clock: StoppedClock) -> Shop:
    return Shop(empty_database, clock)


async def test_a_promise_waits_once_committed_and_holds_its_facts(shop: Shop) -> None:
    await shop.promise(CollectPayment("pay_1"), "collect:pay_1")

    [(row_id, tries)] = await shop.waiting()
    claimed = await shop.claimed(row_id)

    assert tries == 0
    assert claimed == Claimed(row_id, CollectPayment("pay_1"), 1)


async def test_a_promise_of_a_transaction_that_failed_was_never_made(shop: Shop) -> None:
    async def fail() -> None:
        async with shop.database.unit_of_work() as session:
            await outbox.enqueue(session, SendNotice("ntc_1"), key="notice:ntc_1", at=shop.clock.now())
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    assert await shop.waiting() == []


async def test_the_same_key_is_one_job_whatever_it_says(shop: Shop) -> None:
    await shop.promise(CollectPayment("pay_1"), "collect:pay_1")
    await asyncio.gather(*(shop.promise(CollectPayment("pay_2"), "collect:pay_1") for _ in range(3)))

    [(row_id, _)] = await shop.waiting()
    assert (await shop.claimed(row_id)).job == CollectPayment("pay_1")


async def test_a_job_for_later_waits_until_then(shop: Shop) -> None:
    await shop.promise(SendNotice("ntc_1"), "notice:ntc_1", seconds=30)

    assert await shop.waiting() == []
    shop.clock.move(seconds=30)
    assert len(await shop.waiting()) == 1


async def test_what_waits_longest_comes_first(shop: Shop) -> None:
    for n, seconds in enumerate((20, 0, 10)):
        await shop.promise(SendNotice(f"ntc_{n}"), f"notice:ntc_{n}", seconds=seconds)
    shop.clock.move(seconds=30)

    jobs = [(await shop.claimed(row_id)).job for row_id, _ in await shop.waiting()]

    assert jobs == [SendNotice("ntc_1"), SendNotice("ntc_2"), SendNotice("ntc_0")]


async def test_of_many_workers_at_once_one_gets_the_job(shop: Shop) -> None:
    for n in range(10):
        await shop.promise(SendNotice(f"ntc_{n}"), f"notice:ntc_{n}")
    rows = [row_id for row_id, _ in await shop.waiting()]

    claims = await asyncio.gather(*(shop.claim(row_id) for row_id in rows for _ in range(4)))

    taken = [claimed.row_id for claimed in claims if claimed is not None]
    assert sorted(taken) == sorted(rows)


async def test_a_job_under_way_is_nobody_else_s_until_its_lease_ends(shop: Shop) -> None:
    await shop.promise(SendNotice("ntc_1"), "notice:ntc_1")
    [(row_id, _)] = await shop.waiting()
    await shop.claimed(row_id)

    shop.clock.move(seconds=LEASE.total_seconds() - 1)
    assert await shop.claim(row_id) is None
    assert await shop.waiting() == []

    shop.clock.move(seconds=1)
    assert await shop.waiting() == [(row_id, 1)]
    assert (await shop.claimed(row_id)).tries == 2


async def test_a_job_that_is_done_is_never_claimed_again(shop: Shop) -> None:
    await shop.promise(SendNotice("ntc_1"), "notice:ntc_1")
    [(row_id, _)] = await shop.waiting()
    claimed = await shop.claimed(row_id)

    await shop.done(claimed)

    shop.clock.move(days=2)
    assert await shop.waiting() == []
    assert await shop.claim(row_id) is None
    await shop.promise(SendNotice("ntc_1"), "notice:ntc_1")
    assert await shop.waiting() == []


async def test_a_job_put_back_comes_up_at_its_time_and_counts_its_tries(shop: Shop) -> None:
    await shop.promise(SendNotice("ntc_1"), "notice:ntc_1")
    [(row_id, _)] = await shop.waiting()

    assert await shop.put_back(await shop.claimed(row_id), seconds=20)

    assert await shop.row(row_id) == ("ready", 1, "ProviderDown")
    assert await shop.waiting() == []
    shop.clock.move(seconds=20)
    assert await shop.waiting() == [(row_id, 1)]


async def test_after_the_last_try_it_is_a_dead_letter_that_nobody_takes(shop: Shop) -> None:
    await shop.promise(SendNotice("ntc_1"), "notice:ntc_1")
    [(row_id, _)] = await shop.waiting()

    lives = [await shop.put_back(await shop.claimed(row_id)) for _ in range(TRIES_MAX)]

    assert lives == [True] * (TRIES_MAX - 1) + [False]
    assert await shop.row(row_id) == ("dead", TRIES_MAX, "ProviderDown")
    shop.clock.move(days=1)
    assert await shop.waiting() == []
    assert await shop.claim(row_id) is None


async def test_a_worker_that_lost_its_lease_brings_nothing_back(shop: Shop) -> None:
    await shop.promise(SendNotice("ntc_1"), "notice:ntc_1")
    [(row_id, _)] = await shop.waiting()
    slow = await shop.claimed(row_id)
    shop.clock.move(seconds=LEASE.total_seconds())
    await shop.done(await shop.claimed(row_id))

    await shop.put_back(slow)

    assert (await shop.row(row_id))[0] == "done"


async def test_a_worker_that_lost_its_lease_does_not_shorten_the_next_one_s(shop: Shop) -> None:
    await shop.promise(SendNotice("ntc_1"), "notice:ntc_1")
    [(row_id, _)] = await shop.waiting()
    slow = await shop.claimed(row_id)
    shop.clock.move(seconds=LEASE.total_seconds())
    await shop.claimed(row_id)

    await shop.put_back(slow)

    assert await shop.waiting() == []


async def test_a_long_error_is_cut(shop: Shop) -> None:
    await shop.promise(SendNotice("ntc_1"), "notice:ntc_1")
    [(row_id, _)] = await shop.waiting()
    claimed = await shop.claimed(row_id)

    async with shop.database.unit_of_work() as session:
        await outbox.put_back(session, claimed, error="x" * 10_000, at=shop.clock.now())

    assert len((await shop.row(row_id))[2]) == 500


async def test_every_kind_of_job_has_a_name() -> None:
    assert set(outbox.KINDS.values()) == set(outbox.Job.__args__)
