"""What does a worker do? Wakes on committed outbox rows, does their jobs, and sweeps what nobody called about."""

import asyncio
from datetime import UTC, timedelta
from typing import Any

import msgspec
import structlog
from arq import ArqRedis, create_pool, cron, func
from arq.connections import RedisSettings
from arq.worker import Worker
from redis.exceptions import RedisError

from imarisha import closing
from imarisha.wiring import System
from integrations.queue import jobs
from integrations.queue.relay import JOB, Relay

_log = structlog.get_logger(__name__)

# 13 ms from wake-up to start for 3 % of an idle core; the default half second would be most of a receipt's delay.
POLL_SECONDS = 0.02
SWEEP_EVERY_SECONDS = 5
CLOSE_EVERY_MINUTES = 10
"""How often it is asked whether a day is over: at five past one in Nairobi it is, after any outage a little later."""

FINISH_SECONDS = 8.0
"""How long jobs under way may take to end when the worker is told to: less than supervisors wait before they kill."""

_REDIS_PAUSE_SECONDS = 1.0


async def run(system: System) -> None:
    """Work until cancelled, then finish what is under way. Raises DatabaseUnavailable at the start."""
    await system.open()
    try:
        settings = RedisSettings.from_dsn(system.settings.queue_url)
        settings.conn_retries = 1_000_000
        queue = await create_pool(settings, job_serializer=_pack, job_deserializer=_unpack)
        relay = Relay(
            database_url=system.settings.database_url,
            database=system.database,
            clock=system.clock,
            queue=queue,
        )
        try:
            # One without the other does nothing useful: they live and end together.
            async with asyncio.TaskGroup() as together:
                together.create_task(relay.run())
                together.create_task(_do_jobs(system, queue))
        finally:
            await queue.aclose()
    finally:
        await system.close()


async def _do_jobs(system: System, queue: ArqRedis) -> None:
    """Take jobs from the queue; while Redis is away, wait for it."""
    while True:
        worker = _worker(system, queue)
        try:
            await worker.async_run()
        except (RedisError, OSError) as trouble:
            _log.warning("the queue is away", trouble=type(trouble).__name__)
            await asyncio.sleep(_REDIS_PAUSE_SECONDS)
        finally:
            await _end(worker)


async def _end(worker: Worker) -> None:
    """Let jobs under way come to their end: one cut off while it sends leaves a payment or a message in doubt."""
    worker.allow_pick_jobs = False
    under_way = list(worker.tasks.values())
    if under_way:
        await asyncio.wait(under_way, timeout=FINISH_SECONDS)
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)


def _worker(system: System, queue: ArqRedis) -> Worker:
    # arq's own signature: its context first, then untyped what the relay put into the queue.
    async def do_outbox_row(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 (arq's names)
        await jobs.do_outbox_row(system.bench, int(args[0]))

    async def sweep(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 (arq's names)
        await jobs.sweep(system.bench)

    async def close_days(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 (arq's names)
        await closing.close_missed_days(system)

    return Worker(
        functions=[func(do_outbox_row, name=JOB)],
        cron_jobs=[
            cron(
                sweep,
                name="sweep",
                second=set(range(0, 60, SWEEP_EVERY_SECONDS)),
                timeout=timedelta(minutes=2),
                max_tries=1,
            ),
            cron(
                close_days,
                name="close_days",
                minute=set(range(5, 60, CLOSE_EVERY_MINUTES)),
                timeout=timedelta(hours=2),
                max_tries=1,
            ),
        ],
        redis_pool=queue,
        handle_signals=False,
        # Tries and leases are the outbox's; arq only carries the wake-up.
        max_tries=1,
        max_jobs=20,
        job_timeout=60,
        keep_result=0,
        poll_delay=POLL_SECONDS,
        health_check_interval=60,
        timezone=UTC,
        job_serializer=_pack,
        job_deserializer=_unpack,
        log_results=False,
    )


# arq's default is pickle: whoever could write to Redis could run code here.
def _pack(job: dict[str, object]) -> bytes:
    return msgspec.msgpack.encode(job)


def _unpack(packed: bytes) -> dict[str, object]:
    return msgspec.msgpack.decode(packed, type=dict[str, object])
