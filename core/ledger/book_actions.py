"""Which work on the books needs two people? Closing months and years, suspense, exchange rates, revaluation."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

import msgspec

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import (
    ClosedToHandPosting,
    CurrencyMismatch,
    FutureBusinessDate,
    IdempotencyConflict,
    InvalidAmount,
    NotInSuspense,
    UnknownAccount,
)
from core.ledger import by_hand, exchange, periods, store, suspense
from core.ledger.chart import HOME_CURRENCY, takes_hand_postings
from core.ledger.postings.sides import Part, total
from core.money import Currency, Money
from core.rates import Rate
from core.staff.checked import CheckedAction, Decision
from core.staff.permissions import Permission

BOOKS_WAIT: Final = timedelta(days=3)
"""As long as any other request about money."""


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """A month by its first day, and why."""

    month: date
    reason: str


class YearEnd(msgspec.Struct, frozen=True, kw_only=True):
    """A year by its last day."""

    year_end: date


async def _look_at_closing(session: ReadSession, now: datetime, facts: Month) -> str:
    month = periods.month_of(facts.month)
    _refuse_running(month, now)
    await periods.refuse_out_of_turn(session, month)
    return f"{month:%Y-%m}"


async def _close_month(session: WriteSession, decision: Decision, facts: Month) -> dict[str, str]:
    await periods.close_month(session, facts.month, closed_by=decision.checker)
    return {"closed": f"{facts.month:%Y-%m}"}


async def _look_at_reopening(session: ReadSession, now: datetime, facts: Month) -> str:
    _ = now
    month = periods.month_of(facts.month)
    await periods.refuse_not_last(session, month)
    return f"{month:%Y-%m}"


async def _reopen_month(session: WriteSession, decision: Decision, facts: Month) -> dict[str, str]:
    _ = decision
    await periods.reopen_month(session, facts.month)
    return {"opened": f"{facts.month:%Y-%m}"}


async def _look_at_year(session: ReadSession, now: datetime, facts: YearEnd) -> str:
    _refuse_running(facts.year_end, now)
    periods.refuse_no_month_end(facts.year_end)
    await periods.refuse_out_of_turn(session, periods.month_of(facts.year_end))
    return facts.year_end.isoformat()


async def _close_year(session: WriteSession, decision: Decision, facts: YearEnd) -> dict[str, str]:
    journals = await periods.close_year(
        session, facts.year_end, event_at=decision.at, closed_by=decision.checker
    )
    return {"closed": facts.year_end.isoformat(), "journals": " ".join(journal.key for journal in journals)}


def _refuse_running(day: date, now: datetime) -> None:
    """A month that isn't over still has business to come."""
    today = business_date(now)
    if periods.month_of(day) >= periods.month_of(today):
        raise FutureBusinessDate(asked=day, today=today)


CLOSE_MONTH: Final = CheckedAction(
    code="ledger.close_month",
    facts=Month,
    propose=Permission.LEDGER_CLOSE,
    approve=Permission.LEDGER_APPROVE,
    life=BOOKS_WAIT,
    look=_look_at_closing,
    do=_close_month,
)
REOPEN_MONTH: Final = CheckedAction(
    code="ledger.reopen_month",
    facts=Month,
    propose=Permission.LEDGER_CLOSE,
    approve=Permission.LEDGER_APPROVE,
    life=BOOKS_WAIT,
    look=_look_at_reopening,
    do=_reopen_month,
)
CLOSE_YEAR: Final = CheckedAction(
    code="ledger.close_year",
    facts=YearEnd,
    propose=Permission.LEDGER_CLOSE,
    approve=Permission.LEDGER_APPROVE,
    life=BOOKS_WAIT,
    look=_look_at_year,
    do=_close_year,
)


class Clearing(msgspec.Struct, frozen=True, kw_only=True):
    """Where all or a part of a receipt in suspense belongs: amounts by account, as decimal text."""

    receipt: str
    business_date: date
    given_to: tuple[tuple[str, str], ...]
    reason: str


async def _look_at_clearing(session: ReadSession, now: datetime, facts: Clearing) -> str:
    by_hand.refuse_future(facts.business_date, today=business_date(now))
    await periods.refuse_closed(session, facts.business_date)
    waiting = await suspense.find(session, facts.receipt)
    parts = _parts(facts, waiting.open.currency)
    known = await store.balances(session, [account for account, _ in parts])
    for account, amount in parts:
        if account not in known:
            raise UnknownAccount(account=account)
        _ = known[account] + amount
    if total(parts) > waiting.open:
        raise NotInSuspense(
            receipt=facts.receipt, open_minor=waiting.open.minor, asked_minor=total(parts).minor
        )
    return facts.receipt


async def _clear(session: WriteSession, decision: Decision, facts: Clearing) -> dict[str, str]:
    waiting = await suspense.find(session, facts.receipt)
    key = f"suspense_cleared:{decision.request_id}"
    posted = await suspense.clear(
        session,
        facts.receipt,
        key=key,
        event_at=decision.at,
        business_date=facts.business_date,
        given_to=_parts(facts, waiting.open.currency),
    )
    return {"journal": key, "number": str(posted.journal_id)}


def _parts(facts: Clearing, currency: Currency) -> list[Part]:
    parts: list[Part] = []
    for account, text in facts.given_to:
        if not takes_hand_postings(account):
            raise ClosedToHandPosting(account=account)
        amount = Money.parse(text, currency)
        if not amount:
            raise InvalidAmount(text=text)
        parts.append((account, amount))
    return parts


CLEAR_SUSPENSE: Final = CheckedAction(
    code="ledger.clear_suspense",
    facts=Clearing,
    propose=Permission.LEDGER_POST,
    approve=Permission.LEDGER_APPROVE,
    life=BOOKS_WAIT,
    look=_look_at_clearing,
    do=_clear,
)


class PublishedRate(msgspec.Struct, frozen=True, kw_only=True):
    """What one unit of a currency costs at home from a day on, as decimal text, and who says so."""

    currency: Currency
    per_unit: str
    valid_from: date
    source: str


async def _look_at_rate(session: ReadSession, now: datetime, facts: PublishedRate) -> str:
    _ = now
    rate, key = _rate(facts), f"rate:{facts.currency}:{facts.valid_from.isoformat()}"
    following = facts.valid_from + timedelta(days=1)
    entered = await exchange.entered_rates(session, facts.currency, before=following, most=1)
    if any(each.rate.valid_from == rate.valid_from and each.rate != rate for each in entered):
        raise IdempotencyConflict(key=key)
    return key


async def _set_rate(session: WriteSession, decision: Decision, facts: PublishedRate) -> dict[str, str]:
    _ = decision
    await exchange.set_rates(session, [_rate(facts)], source=facts.source)
    return {"currency": facts.currency, "per_unit": facts.per_unit}


def _rate(facts: PublishedRate) -> Rate:
    if facts.currency is HOME_CURRENCY:
        raise CurrencyMismatch(left=facts.currency, right=HOME_CURRENCY)
    per_unit = Fraction(facts.per_unit)
    if per_unit <= 0:
        raise InvalidAmount(text=facts.per_unit)
    return Rate(facts.currency, per_unit, facts.valid_from)


SET_EXCHANGE_RATE: Final = CheckedAction(
    code="ledger.set_exchange_rate",
    facts=PublishedRate,
    propose=Permission.LEDGER_CLOSE,
    approve=Permission.LEDGER_APPROVE,
    life=BOOKS_WAIT,
    look=_look_at_rate,
    do=_set_rate,
)


class RevaluationDay(msgspec.Struct, frozen=True, kw_only=True):
    """The day whose rates hold."""

    on: date


async def _look_at_revaluation(session: ReadSession, now: datetime, facts: RevaluationDay) -> str:
    by_hand.refuse_future(facts.on, today=business_date(now))
    await periods.refuse_closed(session, facts.on)
    await exchange.refuse_missing_rates(session, facts.on)
    return facts.on.isoformat()


async def _revalue(session: WriteSession, decision: Decision, facts: RevaluationDay) -> dict[str, str]:
    found = await exchange.revalue(session, on=facts.on, event_at=decision.at)
    return {each.currency: each.change.plain() for each in found}


REVALUE: Final = CheckedAction(
    code="ledger.revalue",
    facts=RevaluationDay,
    propose=Permission.LEDGER_CLOSE,
    approve=Permission.LEDGER_APPROVE,
    life=BOOKS_WAIT,
    look=_look_at_revaluation,
    do=_revalue,
)

BOOK_ACTIONS: Final = (CLOSE_MONTH, REOPEN_MONTH, CLOSE_YEAR, CLEAR_SUSPENSE, SET_EXCHANGE_RATE, REVALUE)
