"""What stood on every account at the end of a day? Per currency and at home, and summed up under the headings.

A control account stands for all own accounts under it. What was folded by day is added up, and the newest entries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.db.engine import ReadSession
from core.ledger.account import AccountKind, Side
from core.ledger.chart import HOME_CURRENCY
from core.money import Currency, Money
from core.rates import Rates


@dataclass(frozen=True, slots=True)
class AccountTurnover:
    """All that was debited and credited on a control account up to a day."""

    code: str
    name: str
    kind: AccountKind
    parent: str | None
    line: str | None
    debit: Money
    credit: Money

    @property
    def currency(self) -> Currency:
        return self.debit.currency

    @property
    def balance(self) -> Money:
        """On the account's normal side."""
        net = self.debit - self.credit
        return net if self.kind.normal_side is Side.DEBIT else -net


@dataclass(frozen=True, slots=True)
class Row:
    """One account of a trial balance: its balance on the side where it stands, in its currency and at home."""

    code: str
    name: str
    kind: AccountKind
    parent: str | None
    line: str | None
    net: Money
    """Debits less credits."""
    home: Money
    """The same in the home currency, at the day's rate."""

    @property
    def debit(self) -> Money:
        return self.net if self.net.minor > 0 else Money.zero(self.net.currency)

    @property
    def credit(self) -> Money:
        return -self.net if self.net.minor < 0 else Money.zero(self.net.currency)


@dataclass(frozen=True, slots=True)
class Heading:
    """The sum at home of everything under a heading of the chart, debits less credits."""

    code: str
    name: str
    home: Money


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """The books at the end of a day. It balances in every currency and at home, or can't be built."""

    on: date
    rows: tuple[Row, ...]
    headings: tuple[Heading, ...]

    def __post_init__(self) -> None:
        off = {currency: sum(row.net.minor for row in self._of(currency)) for currency in self.currencies}
        at_home = sum(row.home.minor for row in self.rows)
        if at_home or any(off.values()):
            raise AssertionError(f"the trial balance of {self.on} does not balance: {off}, at home {at_home}")

    @property
    def currencies(self) -> tuple[Currency, ...]:
        return tuple(sorted({row.net.currency for row in self.rows}))

    def totals(self, currency: Currency) -> tuple[Money, Money]:
        """All debit balances and all credit balances in one currency: equal."""
        zero = Money.zero(currency)
        rows = self._of(currency)
        return sum((row.debit for row in rows), start=zero), sum((row.credit for row in rows), start=zero)

    def _of(self, currency: Currency) -> list[Row]:
        return [row for row in self.rows if row.net.currency is currency]


async def trial_balance(
    session: ReadSession, on: date, *, rates: Rates | None = None, before_closing: bool = False
) -> TrialBalance:
    """The trial balance at the end of a business day; of accounts that never moved nothing is said.

    `before_closing` leaves out the emptying of income and expense at the ends of years, as an income statement
    needs it. Raises NoRate where another currency has no rate on the day.
    """
    turnover = await turnover_until(session, on, with_closing=not before_closing)
    chart = await session.rows("SELECT code, name, parent, heading FROM ledger_account WHERE heading OR hot")
    rows = _valued(turnover, rates or Rates(()), on)
    parents = {row["code"]: row["parent"] for row in chart}
    names = {row["code"]: row["name"] for row in chart if row["heading"]}
    return TrialBalance(on, rows, _summed(rows, parents, names))


async def turnover_until(
    session: ReadSession, day: date, *, with_closing: bool = True
) -> list[AccountTurnover]:
    """Every control account that ever moved up to a business day, in the order of their codes."""
    rows = await session.rows(
        """SELECT a.code, a.name, a.kind, a.parent, a.line, a.currency,
                  sum(t.debit)::bigint AS debit, sum(t.credit)::bigint AS credit
             FROM ledger_turnover_until($1) t JOIN ledger_account a ON a.id = t.account_id
            WHERE $2 OR NOT t.closing
            GROUP BY a.id ORDER BY a.code COLLATE "C" """,
        day,
        with_closing,
    )
    return [
        AccountTurnover(
            code=row["code"],
            name=row["name"],
            kind=AccountKind(row["kind"]),
            parent=row["parent"],
            line=row["line"],
            debit=Money(row["debit"], Currency(row["currency"])),
            credit=Money(row["credit"], Currency(row["currency"])),
        )
        for row in rows
    ]


def _valued(turnover: Sequence[AccountTurnover], rates: Rates, on: date) -> tuple[Row, ...]:
    """Each account's balance, at home too. What rounding leaves of a currency goes to its largest row."""
    rows = []
    for currency in sorted({account.currency for account in turnover}):
        accounts = [account for account in turnover if account.currency is currency]
        nets = [account.debit - account.credit for account in accounts]
        homes = [rates.convert(net, HOME_CURRENCY, on) for net in nets]
        largest = max(range(len(homes)), key=lambda n: abs(homes[n].minor))
        homes[largest] -= sum(homes, start=Money.zero(HOME_CURRENCY))
        rows += [
            Row(account.code, account.name, account.kind, account.parent, account.line, net, home)
            for account, net, home in zip(accounts, nets, homes, strict=True)
        ]
    return tuple(sorted(rows, key=lambda row: row.code))


def _summed(
    rows: Iterable[Row], parents: Mapping[str, str | None], names: Mapping[str, str]
) -> tuple[Heading, ...]:
    """What stands under each heading, all the way up; `names` are those of the headings."""
    sums: dict[str, Money] = {}
    for row in rows:
        above = row.parent
        while above is not None:
            sums[above] = sums.get(above, Money.zero(HOME_CURRENCY)) + row.home
            above = parents[above]
    return tuple(Heading(code, names[code], home) for code, home in sorted(sums.items()) if code in names)
