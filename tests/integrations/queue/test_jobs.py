"""Does the work behind the counter go on when one piece of it can't be done, and when Redis forgets it?"""

import msgspec
from arq import create_pool
from arq.connections import RedisSettings
from redis import Redis

from core import outbox
from core.payments.model import PaymentState
from imarisha.institution import AMINA, CHEBET
from integrations.queue import jobs
from integrations.queue.relay import Relay
from tests.test_repayment import call_back, start_payment, success
from tests.world import World


async def states(world: World) -> dict[str, PaymentState]:
    return {payment.payment_id: payment.state for payment in await world.payments()}


async def spoil(world: World, payment_id: str) -> None:
    """A payment that can't be settled, by a bug or a damaged row: nobody knows its loan."""
    async with world.system.database.unit_of_work() as session:
        await session.execute("UPDATE payment SET subject = 'lon_gone' WHERE id = $1", payment_id)


async def handle_of(world: World, payment_id: str) -> str:
    [payment] = [each for each in await world.payments() if each.payment_id == payment_id]
    return payment.provider_request_id or ""


async def test_a_payment_that_can_t_be_settled_keeps_neither_the_others_nor_the_trail_waiting(
    world: World,
) -> None:
    await start_payment(world, AMINA.phone, "4271", "1000")
    await start_payment(world, CHEBET.phone, "7352", "1000")
    by_phone = {payment.phone.e164: payment.payment_id for payment in await world.payments()}
    spoilt, sound = by_phone[AMINA.phone], by_phone[CHEBET.phone]
    await spoil(world, spoilt)
    status = await call_back(world, spoilt, success(await handle_of(world, spoilt), receipt="UKK4SPOILT"))
    # The callback of the other never comes: only the sweep can find its money.
    await world.faults(daraja__callback__lost=1.0)
    await world.answer_prompt(CHEBET.phone, "approve")

    for _ in range(3):
        await world.pass_time(seconds=30)

    assert status == 200
    assert await states(world) == {spoilt: PaymentState.SUBMITTED, sound: PaymentState.CONFIRMED}
    assert await world.count("audit_seal") == await world.count("audit_event") > 0
    await world.assert_books_agree()


async def test_once_mended_it_is_settled_by_the_sweep(world: World) -> None:
    payment_id = await start_payment(world)
    async with world.system.database.reading() as session:
        loan = await session.row("SELECT subject FROM payment WHERE id = $1", payment_id)
    assert loan is not None
    await spoil(world, payment_id)
    await call_back(world, payment_id, success(await handle_of(world, payment_id)))
    async with world.system.database.unit_of_work() as session:
        await session.execute("UPDATE payment SET subject = $1", loan["subject"])

    await jobs.sweep(world.system.bench)

    assert (await states(world))[payment_id] is PaymentState.CONFIRMED


async def test_a_job_that_fails_comes_back_later_and_ends_as_a_dead_letter(world: World) -> None:
    payment_id = await start_payment(world)
    said = success(await handle_of(world, payment_id))
    await world.http.post(f"/payments/daraja/stk/{payment_id}", json=said)
    async with world.system.database.reading() as session:
        [(settling, _)] = await outbox.waiting(session, now=world.clock.now())
    await jobs.do_outbox_row(world.system.bench, settling)
    async with world.system.database.unit_of_work() as session:
        await session.execute("UPDATE notice SET facts = '{}'")

    await world.work()
    async with world.system.database.reading() as session:
        row = await session.row("SELECT * FROM outbox WHERE kind = 'send_notice'")
    assert row is not None
    assert (row["state"], row["tries"], row["last_error"]) == ("ready", 1, "KeyError")
    assert row["run_at"] > world.clock.now()

    for _ in range(8):
        await world.pass_time(minutes=6)
    async with world.system.database.reading() as session:
        row = await session.row("SELECT state, tries FROM outbox WHERE kind = 'send_notice'")
    assert row is not None
    assert (row["state"], row["tries"]) == ("dead", 8)
    assert await world.messages(AMINA.phone) == []


async def test_a_long_trail_is_sealed_in_one_sweep(world: World) -> None:
    async with world.system.database.unit_of_work() as session:
        await session.execute(
            """INSERT INTO audit_event (at, actor, action, subject, facts)
               SELECT $1, 'usr_1', 'x', 'y', '{}' FROM generate_series(1, 2500)""",
            world.clock.now(),
        )

    await jobs.sweep(world.system.bench)

    assert await world.count("audit_seal") == await world.count("audit_event")


async def test_a_waiting_row_is_put_into_the_queue_once_and_again_when_redis_forgot_it(world: World) -> None:
    phone = world.phone(AMINA.phone)
    await phone.dial()
    for typed in ("4271", "3", "1000", "1"):
        await phone.answer(typed)
    settings = world.system.settings
    queue = await create_pool(
        RedisSettings.from_dsn(settings.queue_url), job_serializer=msgspec.msgpack.encode
    )
    relay = Relay(
        database_url=settings.database_url,
        database=world.system.database,
        clock=world.clock,
        queue=queue,
    )

    woken = [await relay.wake_workers() for _ in range(3)]
    with Redis.from_url(settings.queue_url) as redis:
        redis.flushall()
    woken += [await relay.wake_workers() for _ in range(2)]
    await queue.aclose()

    assert woken == [1, 0, 0, 1, 0]
