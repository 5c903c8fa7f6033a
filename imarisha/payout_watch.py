"""What do settings say about payouts, and how do they stand for `/metrics`?"""

from dataclasses import replace

import structlog

from core.db.engine import Database
from core.errors import DatabaseUnavailable
from core.money import Currency, Money
from core.payouts import float_store
from core.savings.withdrawals import USUAL_WITHDRAWALS, WithdrawalTerms
from imarisha.metrics import Metrics
from imarisha.settings import Settings

_log = structlog.get_logger(__name__)

_CENTS = Currency.KES.minor_per_major


def withdrawal_terms(settings: Settings) -> WithdrawalTerms:
    """The usual terms with what this society decided."""
    return replace(
        USUAL_WITHDRAWALS,
        fee_bearer=settings.withdrawal_fee_bearer,
        approved_above=settings.withdrawal_approved_above * _CENTS,
    )


def float_low_below(settings: Settings) -> Money:
    return Money(settings.payout_float_low * _CENTS)


async def measure(database: Database, metrics: Metrics) -> None:
    """Bring the gauges of payouts up to date; without a database they stay as they were."""
    try:
        async with database.reading() as session:
            standing, queue = await float_store.find(session), await float_store.queue(session)
    except DatabaseUnavailable:
        _log.warning("payouts not measured")
        return
    metrics.payouts(
        reserved=standing.reserved.minor // _CENTS,
        waiting=queue.count,
        stopped=bool(standing.stopped),
        low=standing.low_since is not None,
    )
    if standing.available is not None:
        metrics.payouts(available=standing.available.minor // _CENTS)
