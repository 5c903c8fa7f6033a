"""What are the society's other currencies worth? Dated rates, exchanges over positions, revaluation of what is held.

An exchange posts each currency against a position in it, so that every currency balances by itself. Gains are
realised at the average cost when a position gets smaller; what is held is revalued by difference: each run posts
what is missing to the worth at the day's rate, so a repeat posts nothing and nothing needs taking back next day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from core.db.engine import ReadSession, WriteSession
from core.errors import CurrencyMismatch, IdempotencyConflict
from core.ledger import postings, store
from core.ledger.chart import HOME_CURRENCY, Gl, product_code
from core.ledger.positions import Position
from core.ledger.postings.sides import Part
from core.ledger.store import Posted
from core.ledger.trial_balance import turnover_until
from core.money import Currency, Money
from core.rates import Rate, Rates


@dataclass(frozen=True, slots=True)
class Revaluation:
    """What a revaluation found. `change` was posted: nothing where the books were right."""

    currency: Currency
    rate: Rate
    position: Position
    value: Money
    change: Money


async def set_rates(session: WriteSession, rates: Iterable[Rate], *, source: str) -> None:
    """Enter rates of days; the same again is fine. Raises IdempotencyConflict for another rate of the same day."""
    for rate in rates:
        per_unit = _decimal(rate)
        row = await session.row(
            """INSERT INTO exchange_rate AS known (currency, valid_from, rate, source) VALUES ($1, $2, $3, $4)
               ON CONFLICT (currency, valid_from) DO UPDATE SET rate = known.rate RETURNING rate""",
            rate.currency,
            rate.valid_from,
            per_unit,
            source,
        )
        if row is None or row["rate"] != per_unit:
            raise IdempotencyConflict(key=f"rate:{rate.currency}:{rate.valid_from.isoformat()}")


async def rates(session: ReadSession) -> Rates:
    """Every rate known."""
    rows = await session.rows("SELECT currency, rate, valid_from FROM exchange_rate")
    return Rates(
        Rate(Currency(row["currency"]), Fraction(row["rate"]), row["valid_from"], HOME_CURRENCY)
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class EnteredRate:
    """A rate as it stands in the books, and who published it."""

    rate: Rate
    per_unit: str
    """Decimal, as it was entered."""
    source: str


async def entered_rates(
    session: ReadSession, currency: Currency, *, before: date | None, most: int
) -> list[EnteredRate]:
    """A currency's rates, the newest first, those valid from days before `before`."""
    rows = await session.rows(
        """SELECT rate, valid_from, source FROM exchange_rate
            WHERE currency = $1 AND ($2::date IS NULL OR valid_from < $2) ORDER BY valid_from DESC LIMIT $3""",
        currency,
        before,
        most,
    )
    return [
        EnteredRate(
            Rate(currency, Fraction(row["rate"]), row["valid_from"]), f"{row['rate']:f}", row["source"]
        )
        for row in rows
    ]


async def refuse_missing_rates(session: ReadSession, on: date) -> None:
    """Raises NoRate for a currency that is held and has no rate on the day."""
    known = await rates(session)
    moved = {account.code for account in await turnover_until(session, on)}
    for currency in Currency:
        if currency is not HOME_CURRENCY and product_code(Gl.POSITION, currency) in moved:
            known.on(currency, on)


async def exchange(
    session: WriteSession,
    *,
    key: str,
    event_at: datetime,
    business_date: date,
    given: Part,
    received: Part,
) -> Posted:
    """Post an exchange between the home currency and another; once by `key`, whatever the position was then.

    `given` is (account that gives, amount), `received` (account that gets, amount). Two foreign currencies are two
    exchanges. Raises CurrencyMismatch unless exactly one is the home currency, and what `store.post` raises.
    """
    foreign, home = _foreign_first(given[1], received[1])
    bought, home_paid = (-foreign, -home) if foreign is given[1] else (foreign, home)
    await _lock_position(session, foreign.currency)
    moved = await _cost_moved_before(session, key, foreign.currency)
    if moved is None:
        moved = (await current_position(session, foreign.currency)).cost_moved(bought, home_paid)
    journal = postings.currency_exchanged(
        key=key,
        event_at=event_at,
        business_date=business_date,
        given=given,
        received=received,
        cost=-moved if foreign is given[1] else moved,
    )
    [posted] = await store.post(session, [journal])
    return posted


async def current_position(session: ReadSession, currency: Currency) -> Position:
    """What is held in a currency now, and its cost."""
    held, cost = product_code(Gl.POSITION, currency), product_code(Gl.POSITION_COST, currency)
    return Position(-await store.balance(session, held), await store.balance(session, cost))


async def revalue(session: WriteSession, *, on: date, event_at: datetime) -> list[Revaluation]:
    """Bring every position to its worth at the day's rate; a repeat on the same books changes nothing.

    Raises NoRate for a currency without a rate on the day, PeriodClosed.
    """
    known = await rates(session)
    currencies = [currency for currency in Currency if currency is not HOME_CURRENCY]
    for currency in currencies:
        await _lock_position(session, currency)
    balances = {account.code: account.debit - account.credit for account in await turnover_until(session, on)}
    return [
        await _revalue_one(session, known.on(currency, on), balances, on=on, event_at=event_at)
        for currency in currencies
        if product_code(Gl.POSITION, currency) in balances
    ]


async def _revalue_one(
    session: WriteSession, rate: Rate, balances: Mapping[str, Money], *, on: date, event_at: datetime
) -> Revaluation:
    currency, nothing = rate.currency, Money.zero(HOME_CURRENCY)
    position = Position(
        held=-balances[product_code(Gl.POSITION, currency)],
        cost=balances.get(product_code(Gl.POSITION_COST, currency), nothing),
    )
    value = rate.to_home(position.held)
    change = value - position.cost - balances.get(product_code(Gl.POSITION_REVALUATION, currency), nothing)
    if change:
        await _post_revaluation(session, Revaluation(currency, rate, position, value, change), on, event_at)
    return Revaluation(currency, rate, position, value, change)


async def _post_revaluation(session: WriteSession, found: Revaluation, on: date, event_at: datetime) -> None:
    row = await session.row(
        """SELECT count(*)::int + 1 AS run FROM currency_revaluation
            WHERE currency = $1 AND business_date = $2""",
        found.currency,
        on,
    )
    run = row["run"] if row else 1
    journal = postings.currency_revalued(
        currency=found.currency, run=run, event_at=event_at, business_date=on, change=found.change
    )
    [posted] = await store.post(session, [journal])
    await session.execute(
        """INSERT INTO currency_revaluation (currency, business_date, run, journal_id, rate, position, cost, value)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        found.currency,
        on,
        run,
        posted.journal_id,
        _decimal(found.rate),
        found.position.held.minor,
        found.position.cost.minor,
        found.value.minor,
    )


def _foreign_first(given: Money, received: Money) -> tuple[Money, Money]:
    """The foreign and the home amount of an exchange. Raises CurrencyMismatch unless there is one of each."""
    pair = (given, received) if given.currency is not HOME_CURRENCY else (received, given)
    if pair[0].currency is HOME_CURRENCY or pair[1].currency is not HOME_CURRENCY:
        raise CurrencyMismatch(left=given.currency, right=received.currency)
    return pair


def _decimal(rate: Rate) -> Decimal:
    per_unit = Decimal(rate.per_unit.numerator) / Decimal(rate.per_unit.denominator)
    if Fraction(per_unit) != rate.per_unit:
        raise AssertionError(f"a rate is a decimal number as it was published, not {rate.per_unit}")
    return per_unit


async def _lock_position(session: WriteSession, currency: Currency) -> None:
    """One exchange or revaluation of a currency at a time; postings lock no hot account, so nobody else waits."""
    await session.row(
        "SELECT FROM ledger_account WHERE code = $1 FOR NO KEY UPDATE", product_code(Gl.POSITION, currency)
    )


async def _cost_moved_before(session: ReadSession, key: str, currency: Currency) -> Money | None:
    """How an exchange that was posted before moved the cost; None for a new one."""
    row = await session.row(
        """SELECT coalesce(sum(CASE e.side WHEN 'D' THEN e.amount ELSE -e.amount END)
                           FILTER (WHERE a.code = $2), 0)::bigint AS cost
             FROM journal j JOIN entry e ON e.journal_id = j.id JOIN ledger_account a ON a.id = e.account_id
            WHERE j.key = $1 HAVING count(*) > 0""",
        key,
        product_code(Gl.POSITION_COST, currency),
    )
    return Money(row["cost"], HOME_CURRENCY) if row else None
