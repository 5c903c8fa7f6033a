"""What M-Pesa does with a payout while a member waits for it. Events of transcripts."""

from collections.abc import Awaitable, Callable

from tests.world import World


async def _paid_out(world: World, _number: str) -> None:
    await world.work()
    for _ in range(3):
        await world.pass_time(seconds=10)


async def _never_paid_out(world: World, _number: str) -> None:
    await world.faults(daraja__b2c__queue_expired=1.0)
    await world.work()
    for _ in range(12):
        await world.pass_time(minutes=5)


EVENTS: dict[str, Callable[[World, str], Awaitable[None]]] = {
    "M-Pesa pays out": _paid_out,
    "M-Pesa lets the payout lapse in its queue": _never_paid_out,
}
