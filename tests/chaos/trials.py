"""What goes wrong, one kind after the other: dials of the provider, and blows against our own processes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.chaos.house import House

Blow = Callable[[House], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Trial:
    """One kind of fault, held for as long as its share of the payments is under way."""

    name: str
    dials: Mapping[str, float] = field(default_factory=dict)
    blows: tuple[Blow, ...] = ()
    """Fall in turn, one every `Pace.blow_seconds`."""


async def kill_web(house: House) -> None:
    await house.kill("web")


async def kill_worker(house: House) -> None:
    await house.kill("worker")


async def empty_redis(house: House) -> None:
    await house.empty_redis()


async def restart_postgres(house: House) -> None:
    await house.restart_postgres()


TRIALS: tuple[Trial, ...] = (
    Trial("nothing wrong"),
    Trial("token refused", {"daraja.token.invalid": 0.3, "daraja.token.unavailable": 0.2}),
    Trial("spike arrest", {"daraja.push.spike": 0.3}),
    Trial("500 though taken", {"daraja.push.error500": 0.3}),
    Trial("reply cut off", {"daraja.push.reset": 0.2, "daraja.push.garbled": 0.2}),
    Trial("callback lost", {"daraja.callback.lost": 0.5}),
    Trial("callback twice", {"daraja.callback.duplicate": 0.7}),
    Trial("callback late", {"daraja.callback.late": 240}),
    Trial("callback before reply", {"daraja.callback.early": 0.5}),
    Trial("callback contradicts", {"daraja.callback.contradict": 0.4}),
    Trial("query evasive", {"daraja.query.processing": 0.6, "daraja.callback.lost": 0.4}),
    Trial("reply and callback lost", {"daraja.push.reset": 0.4, "daraja.callback.lost": 0.6}),
    Trial("phone locked", {"daraja.rule.cooldown": 0.5, "daraja.rule.same_amount": 0.5}),
    Trial("messages fail", {"africastalking.error500": 0.3, "africastalking.reject": 0.2}),
    Trial("web killed", blows=(kill_web,)),
    Trial("worker killed", blows=(kill_worker,)),
    Trial("Redis emptied", blows=(empty_redis,)),
    Trial("PostgreSQL restarted", blows=(restart_postgres,)),
    Trial(
        "everything at once",
        {
            "daraja.callback.duplicate": 0.3,
            "daraja.callback.lost": 0.2,
            "daraja.callback.early": 0.1,
            "daraja.push.reset": 0.1,
            "daraja.push.spike": 0.1,
            "daraja.query.processing": 0.2,
            "africastalking.error500": 0.2,
        },
        blows=(kill_web, kill_worker, empty_redis, restart_postgres),
    ),
)
