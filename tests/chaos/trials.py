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


def _all(fault: str, chance: float) -> dict[str, float]:
    """The fault in every request that moves money."""
    return {f"daraja.{request}.{fault}": chance for request in ("push", "b2c")}


TRIALS: tuple[Trial, ...] = (
    Trial("nothing wrong"),
    Trial("token refused", {"daraja.token.invalid": 0.3, "daraja.token.unavailable": 0.2}),
    Trial("spike arrest", _all("spike", 0.3)),
    Trial("request lost", _all("lost", 0.3)),
    Trial("500 though taken", _all("error500", 0.3)),
    Trial("reply too late", _all("timeout", 0.05)),
    Trial("reply cut off", _all("reset", 0.2) | _all("garbled", 0.2)),
    Trial("callback lost", {"daraja.callback.lost": 0.5}),
    Trial("result lost", {"daraja.result.lost": 0.5}),
    Trial("callback twice", {"daraja.callback.duplicate": 0.7}),
    Trial("callback late", {"daraja.callback.late": 240}),
    Trial("callback before reply", {"daraja.callback.early": 0.5}),
    Trial("callback contradicts", {"daraja.callback.contradict": 0.4, "daraja.b2c.contradict": 0.4}),
    Trial("callback forged", {"daraja.callback.forged": 0.5}),
    Trial("queue time-out", {"daraja.b2c.queue_late": 0.3, "daraja.b2c.queue_expired": 0.2}),
    Trial("confirmed by both ways", {"daraja.c2b.after_push": 0.7, "daraja.c2b.validation": 0.5}),
    Trial("query evasive", {"daraja.query.processing": 0.6, "daraja.callback.lost": 0.4}),
    Trial("reply and callback lost", _all("reset", 0.4) | {"daraja.callback.lost": 0.6}),
    Trial("phone locked", {"daraja.rule.cooldown": 0.5, "daraja.rule.same_amount": 0.5}),
    Trial("messages fail", {"africastalking.error500": 0.3, "africastalking.reject": 0.2}),
    Trial("web killed", blows=(kill_web,)),
    Trial("worker killed", blows=(kill_worker,)),
    Trial("Redis emptied", blows=(empty_redis,)),
    Trial("PostgreSQL restarted", blows=(restart_postgres,)),
    Trial(
        "everything at once",
        _all("reset", 0.1)
        | _all("spike", 0.1)
        | {
            "daraja.callback.duplicate": 0.3,
            "daraja.callback.lost": 0.2,
            "daraja.callback.early": 0.1,
            "daraja.callback.late": 60,
            "daraja.b2c.queue_late": 0.1,
            "daraja.query.processing": 0.2,
            "africastalking.error500": 0.2,
        },
        blows=(kill_web, kill_worker, empty_redis, restart_postgres),
    ),
)
