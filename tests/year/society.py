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
from core.lending.applications.model import Application
from core.lending.lifecycle import LoanStatus
from core.lending.repayer import SavingsRepayLoans
from core.lending.running import Running, read_loan
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
from core.shares import store as shares
from core.shares.service import buy_shares
from tests.clock import StoppedClock
from tests.year.borrowers import Pays, a_habit, payments
from tests.year.loan_office import LoanOffice, due_until

_DAY = timedelta(days=1)
_BY = "branch"
_SAVED_BEFORE = 3
"""Months of saving that the members bring along, so that they may borrow from the first day."""
_RICH = 40
"""Every so manieth member has much and asks for much."""
_DECIDED_AFTER = 2 * _DAY


@dataclass
class Person:
    """A member with the accounts they use."""

    member_id: str
    savings_id: str
    deposits_id: str
    savings_code: str
    pay_day: int
    has_much: bool
    busy_until: date = date.min
    """No new loan before."""


@dataclass
class Society:
    """The whole of it. Everything follows from the seed."""

    database: Database
    clock: StoppedClock
    random: Random
    ids: Ids
    office: LoanOffice
    people: list[Person] = field(default_factory=list)
    plan: dict[date, list[tuple[Person, str, Pays]]] = field(default_factory=lambda: defaultdict(list))
    reversals: dict[date, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    """Loans and the keys of payments that bounce, by day."""
    undecided: dict[date, list[tuple[Person, Application]]] = field(default_factory=lambda: defaultdict(list))
    """Applications by the day on which they are decided."""
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    async def found(self, people: int) -> None:
        """Let everybody join and save for some months, then open the books."""
        first_day = business_date(self.clock.now())
        async with self.database.unit_of_work() as session:
            await ledger.open_accounts(session, CHART)
            for months_ago in range(_SAVED_BEFORE, 0, -1):
                day = first_day - (months_ago * 30 + 2) * _DAY
                if not self.people:
                    self.people += [await self._join(session, number, day) for number in range(people)]
                await self._save_before(session, day)
            for product, percent in ((SavingsProduct.SAVINGS, 4), (SavingsProduct.DEPOSITS, 7)):
                await savings_interest.set_rate(
                    session,
                    product=product,
                    since=first_day,
                    percent=Fraction(percent),
                    by=_BY,
                    now=self.clock.now(),
                )
            await begin_books(session, first_day, at=self.clock.now())
            for person in self.people[::4]:
                await self._order(session, person, first_day)

    async def _join(self, session: WriteSession, number: int, on: date) -> Person:
        """A member with accounts and their shares."""
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
        now = _at(on, time(9))
        await members.add(session, member, at=now)
        person = Person(
            member_id=member.member_id,
            savings_id=f"acc_savings_{number:05}",
            deposits_id=f"acc_deposits_{number:05}",
            savings_code="",
            pay_day=1 + number % 28,
            has_much=number % _RICH == 1,
        )
        for product, account_id in (
            (SavingsProduct.SAVINGS, person.savings_id),
            (SavingsProduct.DEPOSITS, person.deposits_id),
        ):
            code = await savings.open_account(
                session, account_id=account_id, member_id=member.member_id, product=product, on=on
            )
            person.savings_code = person.savings_code or code
        await self._buy_shares(session, person, number, now)
        return person

    async def _buy_shares(self, session: WriteSession, person: Person, number: int, now: datetime) -> None:
        amount = Money(500_000 * self.random.randint(1, 3))
        await shares.open_account(
            session, account_id=f"acc_shares_{number:05}", member_id=person.member_id, on=business_date(now)
        )
        await pay_in(
            session, key=f"for_shares:{number}", account_id=person.savings_id, amount=amount, now=now
        )
        await buy_shares(
            session,
            key=f"joining:{number}",
            member_id=person.member_id,
            source_id=person.savings_id,
            amount=amount,
            now=now,
        )

    async def _save_before(self, session: WriteSession, on: date) -> None:
        """A month of saving before the books began. Who has much brought it long ago, in sums below a lump."""
        now = _at(on, time(11))
        for person in self.people:
            deposit = Money(100_000 * self.random.randint(5, 40))
            for turn in range(3 if person.has_much else 1):
                await pay_in(
                    session,
                    key=f"before:{person.deposits_id}:{on}:{turn}",
                    account_id=person.deposits_id,
                    amount=Money(4_900_000) if person.has_much else deposit,
                    now=now,
                )
            await pay_in(
                session,
                key=f"before:{person.savings_id}:{on}",
                account_id=person.savings_id,
                amount=Money(100_000 + 1_000 * self.random.randint(0, 150)),
                now=now,
            )

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
                await self._apply(person, day)
        for person, application in self.undecided.pop(day, []):
            await self._decide(person, application, day)
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
                await pay_in(
                    session,
                    key=f"deposited:{key}",
                    account_id=person.deposits_id,
                    amount=Money(100_000),
                    now=now,
                )
                self.counts["deposits"] += 2
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

    async def _apply(self, person: Person, day: date) -> None:
        """Ask for a loan, and of other members whom one knows to stand for it."""
        known = self.random.sample(self.people, min(7, len(self.people)))
        others = [each.member_id for each in known if each is not person]
        application = await self.office.apply(
            person.member_id, others, has_much=person.has_much, now=self.clock.now()
        )
        person.busy_until = day + 30 * _DAY
        if application is not None:
            self.undecided[day + _DECIDED_AFTER].append((person, application))

    async def _decide(self, person: Person, application: Application, day: date) -> None:
        lent = await self.office.decide(application, now=self.clock.now())
        if lent is not None:
            person.busy_until = due_until(lent) + 30 * _DAY
            self._plan(person, lent, day)

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
    random, ids = Random(seed), RandomIds(clock)
    office = LoanOffice(database, ids, random)
    return Society(database, clock, random, ids, office)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, NAIROBI)
