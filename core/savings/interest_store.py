"""All SQL of interest: accounts whose period ends, their movements since it began, rates, what was posted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.money import Currency
from core.savings.dated import DatedPercent
from core.savings.interest import Movement
from core.savings.interest_terms import Rates
from core.savings.model import SavingsProduct
from core.savings.products import Catalogue
from core.savings.rates import product_rates
from core.savings.withholding import USUAL_WITHHOLDING, Residence, TaxedPayment, WithholdingRates

_RUNNING = """s.id, s.member_id, s.product, s.ledger_code, s.opened_on, s.agreed_percent, s.interest_from,
              s.interest_opening, s.interest_entry, a.currency, a.balance, a.minimum, a.id AS ledger_id,
              coalesce(t.residence, 'resident') AS residence"""
_ACCOUNTS = """savings_account s JOIN ledger_account a ON a.code = s.ledger_code
               LEFT JOIN tax_residence t ON t.member_id = s.member_id"""


@dataclass(frozen=True, slots=True)
class Running:
    """One account and its running interest period, with every movement since the balance brought into it."""

    account_id: str
    member_id: str
    product: SavingsProduct
    ledger_code: str
    currency: Currency
    residence: Residence
    opened_on: date
    agreed_percent: Fraction | None
    since: date
    opening: int
    opening_entry: int
    balance: int
    minimum: int
    entries: tuple[tuple[int, Movement], ...]
    """In the order in which they were posted, each with its number. One dated before the period (it was posted
    late, for a period whose interest is paid) counts from the period's first day."""

    @property
    def movements(self) -> list[Movement]:
        return sorted((move for _, move in self.entries), key=lambda move: move.on)

    def at_percent(self, percent: Fraction) -> "Running":
        """The same account as if that rate had been agreed."""
        return replace(self, agreed_percent=percent)

    def brought_into(self, start: date) -> tuple[int, int]:
        """The balance to begin a period on `start` with, and the last entry in it.

        Later entries may be dated before `start`, so only those up to the first one that is not are in it.
        """
        balance, last = self.opening, self.opening_entry
        for entry_id, move in self.entries:
            if move.on >= start:
                break
            balance, last = balance + move.change, entry_id
        return balance, last


async def lock_due(session: WriteSession, *, on: date, most: int) -> list[Running]:
    """Accounts whose interest is to be posted on that day or was before, held for this transaction."""
    rows = await session.rows(
        f"""SELECT {_RUNNING} FROM {_ACCOUNTS} WHERE s.posts_on <= $1
            ORDER BY a.code COLLATE "C" LIMIT $2 FOR UPDATE OF a, s""",
        on,
        most,
    )
    return await _with_entries(session, rows)


async def lock_one(session: WriteSession, account_id: str) -> Running | None:
    """One account, whenever its interest is due, held for this transaction."""
    rows = await session.rows(
        f"SELECT {_RUNNING} FROM {_ACCOUNTS} WHERE s.id = $1 FOR UPDATE OF a, s", account_id
    )
    found = await _with_entries(session, rows)
    return found[0] if found else None


async def lock_some(session: WriteSession, account_ids: Sequence[str]) -> dict[str, Running]:
    """Those accounts, held for this transaction."""
    rows = await session.rows(
        f"""SELECT {_RUNNING} FROM {_ACCOUNTS} WHERE s.id = ANY($1::text[])
            ORDER BY a.code COLLATE "C" FOR UPDATE OF a, s""",
        account_ids,
    )
    return {running.account_id: running for running in await _with_entries(session, rows)}


async def open_accounts_of(
    session: ReadSession, product: SavingsProduct, *, after: str, most: int
) -> list[Running]:
    """Accounts of a product that are not closed, by id, those behind `after`."""
    rows = await session.rows(
        f"""SELECT {_RUNNING} FROM {_ACCOUNTS} WHERE s.product = $1 AND s.status <> 'closed' AND s.id > $2
            ORDER BY s.id LIMIT $3""",
        product,
        after,
        most,
    )
    return await _with_entries(session, rows)


async def _with_entries(session: ReadSession, rows: Sequence[asyncpg.Record]) -> list[Running]:
    moved = await session.rows(
        """SELECT e.account_id, e.id, j.business_date, CASE e.side WHEN 'C' THEN e.amount ELSE -e.amount END AS change
             FROM unnest($1::bigint[], $2::bigint[]) AS r(ledger_id, after)
             JOIN entry e ON e.account_id = r.ledger_id AND e.id > r.after
             JOIN journal j ON j.id = e.journal_id
            ORDER BY e.account_id, e.id""",
        [row["ledger_id"] for row in rows],
        [row["interest_entry"] for row in rows],
    )
    entries: dict[int, list[tuple[int, date, int]]] = {}
    for move in moved:
        entries.setdefault(move["account_id"], []).append((move["id"], move["business_date"], move["change"]))
    return [_running(row, entries.get(row["ledger_id"], [])) for row in rows]


def _running(row: asyncpg.Record, entries: Sequence[tuple[int, date, int]]) -> Running:
    agreed, since = row["agreed_percent"], row["interest_from"]
    return Running(
        account_id=row["id"],
        member_id=row["member_id"],
        product=SavingsProduct(row["product"]),
        ledger_code=row["ledger_code"],
        currency=Currency(row["currency"]),
        residence=Residence(row["residence"]),
        opened_on=row["opened_on"],
        agreed_percent=None if agreed is None else Fraction(agreed),
        since=since,
        opening=row["interest_opening"],
        opening_entry=row["interest_entry"],
        balance=row["balance"],
        minimum=row["minimum"] or 0,
        entries=tuple((entry_id, Movement(max(day, since), change)) for entry_id, day, change in entries),
    )


@dataclass(frozen=True, slots=True)
class Turned:
    """How an account goes on after a posting: its next period and when that is posted."""

    account_id: str
    since: date
    opening: int
    opening_entry: int
    posts_on: date | None


async def turn_periods(session: WriteSession, turned: Sequence[Turned]) -> None:
    """Begin the next period of locked accounts."""
    await session.execute(
        """UPDATE savings_account s SET interest_from = t.since, interest_opening = t.opening,
                  interest_entry = t.entry, posts_on = t.posts_on
             FROM unnest($1::text[], $2::date[], $3::bigint[], $4::bigint[], $5::date[])
                  AS t(id, since, opening, entry, posts_on) WHERE s.id = t.id""",
        [one.account_id for one in turned],
        [one.since for one in turned],
        [one.opening for one in turned],
        [one.opening_entry for one in turned],
        [one.posts_on for one in turned],
    )


@dataclass(frozen=True, slots=True)
class PostedInterest:
    """What one account's period came to, in minor units."""

    account_id: str
    start: date
    end: date
    posted_on: date
    interest: int
    tax: int
    overdraft: int
    overdraft_let_go: int
    currency: Currency


async def keep_postings(session: WriteSession, posted: Sequence[PostedInterest]) -> None:
    """Write down what was posted, for the member and for whoever disputes it."""
    await session.execute_many(
        """INSERT INTO interest_posting (account_id, period_start, period_end, posted_on, interest, tax, overdraft,
                                         overdraft_let_go, currency)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        [
            (
                one.account_id,
                one.start,
                one.end,
                one.posted_on,
                one.interest,
                one.tax,
                one.overdraft,
                one.overdraft_let_go,
                one.currency,
            )
            for one in posted
        ],
    )


async def postings_of(session: ReadSession, account_id: str) -> list[PostedInterest]:
    """Everything an account was ever paid or charged, the oldest first."""
    rows = await session.rows(
        "SELECT * FROM interest_posting WHERE account_id = $1 ORDER BY period_start", account_id
    )
    return [
        PostedInterest(
            row["account_id"],
            row["period_start"],
            row["period_end"],
            row["posted_on"],
            row["interest"],
            row["tax"],
            row["overdraft"],
            row["overdraft_let_go"],
            Currency(row["currency"]),
        )
        for row in rows
    ]


async def rates(session: ReadSession, products: Catalogue) -> Mapping[SavingsProduct, Rates]:
    """What each product earns over time: its own rate until the board's first."""
    rows = await session.rows("SELECT product, since, percent, overdraft_percent FROM savings_rate")
    credit: dict[SavingsProduct, list[DatedPercent]] = {}
    overdraft: dict[SavingsProduct, list[DatedPercent]] = {}
    for row in rows:
        product = SavingsProduct(row["product"])
        credit.setdefault(product, []).append(DatedPercent(row["since"], Fraction(row["percent"])))
        overdraft.setdefault(product, []).append(
            DatedPercent(row["since"], Fraction(row["overdraft_percent"]))
        )
    return {
        product: product_rates(terms, credit.get(product, ()), overdraft.get(product, ()))
        for product, terms in products.terms.items()
    }


async def set_rate(
    session: WriteSession,
    *,
    product: SavingsProduct,
    since: date,
    percent: Fraction,
    overdraft_percent: Fraction,
) -> None:
    """From that day on; a rate for the same day is replaced."""
    await session.execute(
        """INSERT INTO savings_rate (product, since, percent, overdraft_percent) VALUES ($1, $2, $3, $4)
           ON CONFLICT (product, since) DO UPDATE
              SET percent = excluded.percent, overdraft_percent = excluded.overdraft_percent""",
        product,
        since,
        str(percent),
        str(overdraft_percent),
    )


async def withholding(session: ReadSession) -> WithholdingRates:
    """The tax to withhold: the usual rates, with the institution's own dated rows on top."""
    added: dict[tuple[TaxedPayment, Residence], tuple[DatedPercent, ...]] = {}
    for row in await session.rows("SELECT payment, residence, since, percent FROM withholding_rate"):
        key = TaxedPayment(row["payment"]), Residence(row["residence"])
        added[key] = (*added.get(key, ()), DatedPercent(row["since"], Fraction(row["percent"])))
    return USUAL_WITHHOLDING.with_rows(added)


async def set_withholding(
    session: WriteSession, *, payment: TaxedPayment, residence: Residence, since: date, percent: Fraction
) -> None:
    """From that day on; a rate for the same day is replaced."""
    await session.execute(
        """INSERT INTO withholding_rate (payment, residence, since, percent) VALUES ($1, $2, $3, $4)
           ON CONFLICT (payment, residence, since) DO UPDATE SET percent = excluded.percent""",
        payment,
        residence,
        since,
        str(percent),
    )


async def set_residence(session: WriteSession, *, member_id: str, residence: Residence) -> None:
    """Where a member pays tax from now on."""
    await session.execute(
        """INSERT INTO tax_residence (member_id, residence) VALUES ($1, $2)
           ON CONFLICT (member_id) DO UPDATE SET residence = excluded.residence""",
        member_id,
        residence,
    )


async def residence(session: ReadSession, member_id: str) -> Residence:
    """Where a member pays tax; a resident as long as nothing else was written down."""
    row = await session.row("SELECT residence FROM tax_residence WHERE member_id = $1", member_id)
    return Residence.RESIDENT if row is None else Residence(row["residence"])
