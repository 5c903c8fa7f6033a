"""What does each outbox row do? One thin coroutine per Job; the use cases are core's."""

import random
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core import outbox, settlement
from core.audit import shown
from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database
from core.errors import Trouble
from core.ids import Ids
from core.ledger import balances
from core.notices import service as notices
from core.notices.ports import Messenger
from core.payments import service as payments
from core.payments import store as payment_store
from core.payments.model import FactSource
from core.payments.ports import PaymentCollector, PaymentEnquiry

_log = structlog.get_logger(__name__)

_BACKOFF_SECONDS_MAX = 300.0


@dataclass(frozen=True, slots=True)
class Workbench:
    """What the jobs work with."""

    database: Database
    clock: Clock
    ids: Ids
    collector: PaymentCollector
    enquiry: PaymentEnquiry
    messenger: Messenger
    render: notices.Render


async def do_outbox_row(bench: Workbench, row_id: int) -> bool:
    """Claim a row, do its job and mark it done; False when there was nothing to claim.

    A job that must wait or fails comes up again later; after the last try it is a dead letter.
    """
    async with bench.database.unit_of_work() as session:
        claimed = await outbox.claim(session, row_id, now=bench.clock.now())
    if claimed is None:
        return False
    error = ""
    try:
        again_at = await _do(bench, claimed)
    except Exception as failure:  # noqa: BLE001 (whatever went wrong must not lose the row: logged and tried again)
        level = _log.warning if isinstance(failure, Trouble) else _log.exception
        level("job failed", row=row_id, job=type(claimed.job).__name__, tries=claimed.tries)
        error, again_at = type(failure).__name__, bench.clock.now() + _backoff(claimed.tries)
    async with bench.database.unit_of_work() as session:
        if again_at is None:
            await outbox.done(session, row_id)
        elif not await outbox.put_back(session, claimed, error=error, at=again_at):
            _log.error("dead letter", row=row_id, job=type(claimed.job).__name__, error=error)
    return True


async def _do(bench: Workbench, claimed: outbox.Claimed) -> datetime | None:
    """When the job wants to run again; None when it is over."""
    match claimed.job:
        case outbox.CollectPayment(payment_id):
            return await payments.submit(
                bench.database,
                bench.clock,
                bench.ids,
                bench.collector,
                payment_id=payment_id,
                tries=claimed.tries,
            )
        case outbox.SendNotice(notice_id):
            return await notices.send(
                bench.database, bench.clock, bench.messenger, bench.render, notice_id=notice_id
            )


def _backoff(tries: int) -> timedelta:
    """Doubling from two seconds, with jitter so that a crowd of failed jobs does not come back as one."""
    return timedelta(seconds=min(2.0**tries, _BACKOFF_SECONDS_MAX) * random.uniform(0.5, 1.0))  # noqa: S311 (jitter)


async def sweep(bench: Workbench) -> None:
    """Ask about payments that are due for it, settle what was heard and left, seal what is kept."""
    async with bench.database.reading() as session:
        due = await payment_store.due_for_enquiry(session, now=bench.clock.now())
        left = await payment_store.payments_with_unhandled_facts(session)
    for payment_id in due:
        await _apart(ask_about(bench, payment_id), payment_id)
    for payment_id in left:
        settled = settlement.settle(bench.database, bench.clock, bench.ids, payment_id=payment_id)
        await _apart(settled, payment_id)
    await _seal(bench.database)
    async with bench.database.unit_of_work() as session:
        await balances.advance_snapshots(session)


async def _apart(work: Awaitable[object], payment_id: str) -> None:
    """Whatever is wrong with one payment, the others go on; it is logged whole and comes up in the next sweep."""
    try:
        await work
    except Trouble:
        # The database is gone for all of them.
        raise
    except Exception:  # noqa: BLE001 (any bug in one payment; it is logged whole)
        _log.exception("sweep can't deal with a payment", payment=payment_id)


async def _seal(database: Database) -> None:
    while True:
        async with database.unit_of_work() as session:
            if not await audit.seal(session):
                break
    while True:
        async with database.unit_of_work() as session:
            if not await shown.seal(session):
                return


async def ask_about(bench: Workbench, payment_id: str) -> None:
    """Query the provider about one payment and act on a final answer."""
    heard = await payments.enquire(
        bench.database, bench.clock, bench.ids, bench.enquiry, payment_id=payment_id
    )
    if heard is not None:
        await payments.hear(
            bench.database, bench.clock, payment_id=payment_id, source=FactSource.ENQUIRY, heard=heard
        )
        await settlement.settle(bench.database, bench.clock, bench.ids, payment_id=payment_id)
