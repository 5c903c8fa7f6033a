"""A society whose days are lived one after the other: members save, borrow and repay, and each day is closed."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from random import Random

from core.clock import NAIROBI, business_date
from core.day_close import Closing, begin_books, close_day, closes_at
from core.db.engine import Database, WriteSession
from core.ids import Ids, RandomIds
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.chart import CHART, Gl
from core.ledger.trial_balance import trial_balance
from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.model import Product
from core.lending.products import DEVELOPMENT, EMERGENCY
from core.lending.repayer import SavingsRepayLoans
from core.lending.running import Running, read_loan
from core.lending.service.disburse import Agreed, disburse
from core.lending.service.repay import post_repayment
from core.lending.service.reverse import reverse_event
from core.members import store as members
from core.members.model import Language, Member, MemberStatus
from core.money import Currency, Money
from core.phone import Msisdn
from core.savings import store as savings
from core.savings.model import SavingsProduct
from core.savings.service import interest as savings_interest
from core.savings.service.money import pay_in
from core.savings.service.standing_orders import set_order
from core.savings.service.term_deposits import open_fixed_deposit
from core.savings.standing_orders import Destination, OrderTerms, Trigger
from core.savings.term_deposits import AtMaturity
from tests.clock import StoppedClock
from tests.year.borrowers import Pays, a_habit, payments

_DAY = timedelta(days=1)
_BY = "branch"
_TERMS: tuple[tuple[Product, tuple[int, ...], tuple[int, int]], ...] = (
    (DEVELOPMENT, (6, 12, 18, 24), (20_000, 200_000)),
    (EMERGENCY, (3, 6, 12), (5_000, 50_000)),
)
"""Products with the terms in months and the amounts in shillings that are asked for."""


@dataclass
class Person:
    """A member with the accounts they use."""

    member_id: str
    savings_id: str
    deposits_id: str
    savings_code: str
    pay_day: int
    loans: int = 0
    busy_until: date = date.min
    """No new loan before."""


@dataclass
class Society:
    """The whole of it. Everything follows from the seed."""

    database: Database
    clock: StoppedClock
    random: Random
    ids: Ids
    people: list[Person] = field(default_factory=list)
    plan: dict[date, list[tuple[Person, str, Pays]]] = field(default_factory=lambda: defaultdict(list))
    reversals: dict[date, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    """Loans and the keys of payments that bounce, by day."""
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    async def found(self, people: int) -> None:
        """Open the books and let everybody join."""
        on = business_date(self.clock.now())
        async with self.database.unit_of_work() as session:
            await ledger.open_accounts(session, CHART)
            await begin_books(session, on, at=self.clock.now())
            for product, percent in ((SavingsProduct.SAVINGS, 4), (SavingsProduct.DEPOSITS, 7)):
                await savings_interest.set_rate(
                    session,
                    product=product,
                    since=on,
                    percent=Fraction(percent),
                    by=_BY,
                    now=self.clock.now(),
                )
            for number in range(people):
                self.people.append(await self._join(session, number, on))

    async def _join(self, session: WriteSession, number: int, on: date) -> Person:
        member = Member(
            member_id=f"mbr_{number:05}",
            number=f"M{number:05}",
            first_name="Amina",
            last_name=f"Nambari {number}",
            phone=Msisdn.parse(f"+2547{number:08}"),
            language=Language.SWAHILI,
            status=MemberStatus.ACTIVE,
            birth_date=date(1970 + number % 30, 1 + number % 12, 1 + number % 28),
        )
        await members.add(session, member, at=self.clock.now())
        codes = {}
        for product, minor in ((SavingsProduct.SAVINGS, 300_000), (SavingsProduct.DEPOSITS, 2_000_000)):
            account = f"acc_{product}_{number:05}"
            codes[product] = await savings.open_account(
                session, account_id=account, member_id=member.member_id, product=product, on=on
            )
            amount = Money(minor + 1_000 * self.random.randint(0, 500))
            await pay_in(
                session, key=f"joining:{account}", account_id=account, amount=amount, now=self.clock.now()
            )
        person = Person(
            member.member_id,
            f"acc_savings_{number:05}",
            f"acc_deposits_{number:05}",
            codes[SavingsProduct.SAVINGS],
            1 + number % 28,
        )
        if number % 4 == 0:
            await self._order(session, person, on)
        return person

    async def _order(self, session: WriteSession, person: Person, on: date) -> None:
        """Every month something goes from savings to deposits."""
        await set_order(
            session,
            order_id=f"sto_{person.member_id}",
            member_id=person.member_id,
            source_id=person.savings_id,
            destination=Destination.ACCOUNT,
            destination_id=person.deposits_id,
            terms=OrderTerms(Trigger.ON_DATE, Money(50_000), Money(0), starts_on=on + person.pay_day * _DAY),
            now=self.clock.now(),
        )

    async def live(self, day: date) -> None:
        """One business day, and its close at five past one."""
        self.clock.move(seconds=(_at(day, time(10)) - self.clock.now()).total_seconds())
        for person in self.people:
            await self._save(person, day)
            if self.random.random() < 1 / 60 and day >= person.busy_until:
                await self._borrow(person, day)
        for loan_id, key in self.reversals.pop(day, []):
            await self._bounce(loan_id, key)
        for person, loan_id, pays in self.plan.pop(day, []):
            await self._pay(person, loan_id, pays)
        moment = closes_at(day) + timedelta(minutes=5)
        self.clock.move(seconds=(moment - self.clock.now()).total_seconds())
        await close_day(Closing(self.database, self.clock, self.ids, SavingsRepayLoans()), on=day)

    async def _save(self, person: Person, day: date) -> None:
        """On pay day something is saved, and now and then something taken out or put away for long."""
        now = self.clock.now()
        key = f"{person.member_id}:{day}"
        async with self.database.unit_of_work() as session:
            if day.day == person.pay_day:
                amount = Money(100 * self.random.randint(500, 3_000))
                await pay_in(
                    session, key=f"saved:{key}", account_id=person.savings_id, amount=amount, now=now
                )
                self.counts["deposits"] += 1
            if self.random.random() < 1 / 90:
                await self._take_out(session, person, key, now)
            if self.random.random() < 1 / 2_000:
                await self._put_away(session, person, key, now)

    async def _take_out(self, session: WriteSession, person: Person, key: str, now: datetime) -> None:
        account = (await savings.lock(session, [person.savings_id]))[person.savings_id]
        amount = Money(account.available.minor // 4)
        if amount.minor <= 0:
            return
        journal = postings.money_paid_out(
            key=f"taken:{key}",
            kind="savings_withdrawn",
            event_at=now,
            business_date=business_date(now),
            account=person.savings_code,
            amount=amount,
        )
        await ledger.post(session, [journal])
        self.counts["withdrawals"] += 1

    async def _put_away(self, session: WriteSession, person: Person, key: str, now: datetime) -> None:
        account = (await savings.lock(session, [person.savings_id]))[person.savings_id]
        if account.available < Money(1_000_000):
            await pay_in(
                session, key=f"windfall:{key}", account_id=person.savings_id, amount=Money(2_000_000), now=now
            )
        await open_fixed_deposit(
            session,
            account_id=f"acc_fixed_{key}",
            member_id=person.member_id,
            source_id=person.savings_id,
            amount=Money(1_000_000),
            months=3,
            at_maturity=AtMaturity.PAY_OUT,
            now=now,
        )
        self.counts["fixed deposits"] += 1

    async def _borrow(self, person: Person, day: date) -> None:
        product, months, (least, most) = self.random.choice(_TERMS)
        instalments = self.random.choice(months)
        terms = product.terms(
            principal=Money(100_00 * self.random.randint(least // 100, most // 100)), instalments=instalments
        )
        person.loans += 1
        agreed = Agreed(
            loan_id=f"lon_{person.member_id}_{person.loans}",
            member_id=person.member_id,
            product=product,
            terms=terms,
            paid_to=self.random.choice([PaidTo.SAVINGS, PaidTo.BANK]),
        )
        async with self.database.unit_of_work() as session:
            lent = await disburse(session, agreed, ids=self.ids, disburser=None, by=_BY, now=self.clock.now())
        person.busy_until = lent.state.rows[-1].due_on + 30 * _DAY
        self._plan(person, lent, day)
        self.counts["loans"] += 1

    def _plan(self, person: Person, lent: Running, day: date) -> None:
        dues = [(row.due_on, row.due.total) for row in lent.state.rows]
        for pays in payments(a_habit(self.random), dues, self.random):
            self.plan[max(pays.on, day + _DAY)].append((person, lent.loan.loan_id, pays))

    async def _pay(self, person: Person, loan_id: str, pays: Pays) -> None:
        now, key = self.clock.now(), f"paid:{loan_id}:{pays.on}:{pays.minor}:{self.counts['payments']}"
        async with self.database.unit_of_work() as session:
            if pays.into_savings:
                amount = Money(pays.minor)
                await pay_in(session, key=key, account_id=person.savings_id, amount=amount, now=now)
                return
            if (
                await read_loan(session, loan_id, on=business_date(now))
            ).loan.status is not LoanStatus.ACTIVE:
                return
            await post_repayment(
                session,
                key=key,
                loan_id=loan_id,
                amount=Money(pays.minor),
                paid_from=Gl.BANK,
                paid_on=business_date(now),
                by=_BY,
                now=now,
            )
        self.counts["payments"] += 1
        if pays.bounces:
            self.reversals[business_date(now) + _DAY].append((loan_id, key))

    async def _bounce(self, loan_id: str, key: str) -> None:
        async with self.database.unit_of_work() as session:
            lent = await read_loan(session, loan_id, on=business_date(self.clock.now()))
            number = next(entry.event.number for entry in lent.entries if entry.key == key)
            await reverse_event(
                session,
                key=f"bounced:{key}",
                loan_id=loan_id,
                number=number,
                reason="bounced",
                by=_BY,
                now=self.clock.now(),
            )
        self.counts["reversals"] += 1

    async def is_balanced(self, day: date) -> bool:
        """Whether the trial balance of the day balances."""
        async with self.database.reading() as session:
            debit, credit = (await trial_balance(session, day)).totals(Currency.KES)
        return debit == credit and debit.minor > 0


def a_society(database: Database, *, seed: int, first_day: date) -> Society:
    """An empty one, on the morning of its first day."""
    clock = StoppedClock(_at(first_day, time(8)))
    return Society(database, clock, Random(seed), RandomIds(clock))


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, NAIROBI)
