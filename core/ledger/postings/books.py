"""Which entries do the books make by themselves? Suspense, reversals, currencies, the end of a year. No I/O."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from core.ledger.chart import HOME_CURRENCY, Gl, code_in, product_code
from core.ledger.journal import Journal, Line
from core.ledger.postings.sides import Part, sides, total
from core.money import Currency, Money


def receipt_unmatched(
    *,
    key: str,
    event_at: datetime,
    business_date: date,
    received_in: str,
    amount: Money,
    meta: Mapping[str, str],
) -> Journal:
    """Money came in and nobody knows yet for whom: kept in suspense, never refused, never guessed."""
    return Journal(
        key=key,
        kind="suspense_in",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[(received_in, amount)], credits_=[(code_in(Gl.SUSPENSE, amount.currency), amount)]
        ),
        meta=dict(meta),
    )


def provider_charge_taken(
    *,
    key: str,
    event_at: datetime,
    business_date: date,
    taken_from: str,
    expense: str,
    amount: Money,
    receipt: str,
) -> Journal:
    """A provider took its charge from our money, as its statement says."""
    return Journal(
        key=key,
        kind="provider_charge",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(expense, amount)], credits_=[(taken_from, amount)]),
        meta={"receipt": receipt} if receipt else {},
    )


def suspense_cleared(
    *, key: str, event_at: datetime, business_date: date, receipt_key: str, given_to: Sequence[Part]
) -> Journal:
    """All or a part of a receipt in suspense found its place."""
    amount = total(given_to)
    return Journal(
        key=key,
        kind="suspense_cleared",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(code_in(Gl.SUSPENSE, amount.currency), amount)], credits_=given_to),
        meta={"receipt": receipt_key},
    )


def booked_by_hand(
    *, key: str, kind: str, event_at: datetime, business_date: date, lines: Sequence[Line], reason: str
) -> Journal:
    """An accountant's own journal: salaries, depreciation, a correction that is no reversal."""
    return Journal(
        key=key,
        kind=kind,
        event_at=event_at,
        business_date=business_date,
        lines=tuple(lines),
        meta={"reason": reason},
    )


def reversal(journal: Journal, *, event_at: datetime, business_date: date, reason: str) -> Journal:
    """The mirror of a journal: each line on its other side. A mistake is undone by this, never by an edit."""
    return Journal(
        key=f"reversal:{journal.key}",
        kind="reversal",
        event_at=event_at,
        business_date=business_date,
        lines=tuple(Line(line.account, line.side.opposite, line.amount) for line in journal.lines),
        meta={"reverses": journal.key, "reason": reason},
    )


def currency_exchanged(
    *,
    key: str,
    event_at: datetime,
    business_date: date,
    given: Part,
    received: Part,
    cost: Money,
) -> Journal:
    """One currency went out and another came in, each balanced over the society's position in the foreign one.

    `given` is (account credited, amount), `received` (account debited, amount); exactly one is in the home currency.
    `cost` is what the position's cost at home grows by when the currency is received, and what it releases when the
    currency is given; the difference to what was paid or got is the gain or loss realised (see `positions`).
    """
    foreign_is_given = given[1].currency is not HOME_CURRENCY
    foreign, home = (given[1], received[1]) if foreign_is_given else (received[1], given[1])
    currency = foreign.currency
    position = product_code(Gl.POSITION, currency)
    position_cost = product_code(Gl.POSITION_COST, currency)
    if foreign_is_given:
        gain = home - cost
        home_lines = sides(debits=[received], credits_=[(position_cost, cost), *_gain(gain)])
        foreign_lines = sides(debits=[(position, foreign)], credits_=[given])
    else:
        gain = cost - home
        home_lines = sides(debits=[(position_cost, cost)], credits_=[given, *_gain(gain)])
        foreign_lines = sides(debits=[received], credits_=[(position, foreign)])
    return Journal(
        key=key,
        kind="currency_exchange",
        event_at=event_at,
        business_date=business_date,
        lines=(*foreign_lines, *home_lines),
        meta={"currency": currency},
    )


def currency_revalued(
    *, currency: Currency, run: int, event_at: datetime, business_date: date, change: Money
) -> Journal:
    """The position in a currency is worth more (below zero: less) at home than the books said: not yet realised."""
    account = product_code(Gl.POSITION_REVALUATION, currency)
    result = Gl.UNREALISED_EXCHANGE_GAIN if change.minor > 0 else Gl.UNREALISED_EXCHANGE_LOSS
    return Journal(
        key=f"revaluation:{currency}:{business_date.isoformat()}:{run}",
        kind="currency_revaluation",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(account, change)], credits_=[(result, change)]),
        meta={"currency": currency},
    )


def year_closed(
    *, year_end: date, event_at: datetime, currency: Currency, income: Sequence[Part], expense: Sequence[Part]
) -> Journal:
    """A year's income and expense are emptied into retained earnings; each part is (account, its balance)."""
    zero = Money.zero(currency)
    surplus = sum((amount for _, amount in income), start=zero) - sum(
        (amount for _, amount in expense), start=zero
    )
    return Journal(
        key=f"year_end:{year_end.isoformat()}:{currency}",
        kind=YEAR_END,
        event_at=event_at,
        business_date=year_end,
        lines=sides(debits=income, credits_=[*expense, (code_in(Gl.RETAINED_EARNINGS, currency), surplus)]),
        meta={"year_end": year_end.isoformat()},
    )


YEAR_END = "year_end"
"""The kind of a closing journal, which reports on a year's income leave out."""


def _gain(gain: Money) -> list[Part]:
    """What was realised, as credits: a gain as it is, a loss as a credit below zero, which `sides` turns."""
    return [(Gl.EXCHANGE_GAIN if gain.minor > 0 else Gl.EXCHANGE_LOSS, gain)]
