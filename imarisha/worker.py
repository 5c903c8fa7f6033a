"""What does a worker do? Wakes on committed outbox rows, does their jobs, and sweeps what nobody called about."""

import asyncio
from contextlib import suppress
from datetime import UTC, timedelta
from typing import Any

import msgspec
import structlog
from arq import create_pool, cron, func
from arq.connections import RedisSettings
from arq.worker import Worker

from imarisha.wiring import System
from integrations.queue import jobs
from integrations.queue.relay import JOB, Relay

_log = structlog.get_logger(__name__)

# 13 ms from wake-up to start for 3 % of an idle core; the default half second would be most of a receipt's delay.
POLL_SECONDS = 0.02
SWEEP_EVERY_SECONDS = 5


async def run(system: System) -> None:
    """Work until cancelled. Raises DatabaseUnavailable when the database can't be reached at the start."""
    await system.open()
    queue_settings = RedisSettings.from_dsn(system.settings.queue_url)
    queue_settings.conn_retries = 1_000_000
    queue = await create_pool(queue_settings, job_serializer=_pack, job_deserializer=_unpack)
    relay = asyncio.create_task(
        Relay(
            database_url=system.settings.database_url,
            database=system.database,
            clock=system.clock,
            queue=queue,
        ).run()
    )
    worker = _worker(system, queue_settings)
    try:
        await _until_one_ends(relay, asyncio.ensure_future(worker.async_run()))
    finally:
        relay.cancel()
        with suppress(asyncio.CancelledError):
            await relay
        await worker.close()
        await queue.aclose()
        await system.close()


async def _until_one_ends(*tasks: "asyncio.Future[None]") -> None:
    """The relay and the worker live or end together: one without the other does nothing useful."""
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    for task in done:
        task.result()


def _worker(system: System, queue: RedisSettings) -> Worker:
    # arq's own signature: its context first, then untyped what the relay put into the queue.
    async def do_outbox_row(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 (arq's names)
        await jobs.do_outbox_row(system.bench, int(args[0]))

    async def sweep(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001 (arq's names)
        await jobs.sweep(system.bench)

    return Worker(
        functions=[func(do_outbox_row, name=JOB)],
        cron_jobs=[
            cron(
                sweep,
                second=set(range(0, 60, SWEEP_EVERY_SECONDS)),
                timeout=timedelta(minutes=2),
                max_tries=1,
            )
        ],
        redis_settings=queue,
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
