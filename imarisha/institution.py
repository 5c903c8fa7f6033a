"""Who banks with the demo institution? The people of the contract, and as many others as wanted.

Everything is posted through the ledger as it would have happened, so that the books of the demo hold. Tests use
the same people.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from core.clock import NAIROBI, Clock, business_date
from core.day_close import begin_books
from core.db.engine import Database, WriteSession
from core.ids import Ids
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.chart import CHART, Gl, own_account
from core.ledger.journal import Journal
from core.ledger.product_accounts import loan_accounts, loan_product_terms
from core.lending import running
from core.lending import store as loans
from core.lending.booked import Recognised
from core.lending.events import Disbursement, Payment
from core.lending.lifecycle import LoanStatus
from core.lending.loan import Loan
from core.lending.loan_state import LoanState
from core.lending.model import Product
from core.lending.products import DEVELOPMENT, EMERGENCY, rules_of
from core.lending.rows import Row
from core.lending.running import Running
from core.members import identity_store
from core.members import store as members
from core.members.model import Language, Member, MemberStatus
from core.members.pin import LOCK_TIME, OPEN, PinStanding
from core.members.pin_checks import PinChecks
from core.members.sealing import FieldSealer
from core.money import Money
from core.phone import Msisdn
from core.savings import store as savings
from core.savings.model import SavingsProduct
from core.shares import store as shares
from imarisha import institution_applications, institution_staff

_NOTHING = Money.zero()
_SYSTEM = "system"


@dataclass(frozen=True)
class PlannedLoan:
    """A loan that was disbursed so long ago that `days_to_due` after today the instalment `current` is due.

    Instalments before `paid_before` were paid on their due dates.
    """

    product: Product
    principal: Money
    instalments: int
    current: int
    days_to_due: int
    paid_before: int


@dataclass(frozen=True)
class Person:
    """A member of the demo. Balances are in shillings as a person would say them."""

    phone: str
    first_name: str
    last_name: str
    language: Language
    birth_date: date
    national_id: str = ""
    """Made up; on file where the institution is founded with a sealer."""
    pin: str | None = None
    is_locked: bool = False
    savings: Money = _NOTHING
    deposits: Money = _NOTHING
    shares: Money = _NOTHING
    loan: PlannedLoan | None = None
    saves_monthly: bool = False
    """Paid a quarter of the deposits in over the last three months, as a loan asks; else a month ago at once."""


AMINA = Person(
    phone="+254711000001",
    first_name="Amina",
    last_name="Wanjiru",
    language=Language.ENGLISH,
    birth_date=date(1988, 3, 14),
    national_id="24681357",
    pin="4271",
    savings=Money(825_000),
    deposits=Money(4_250_000),
    shares=Money(2_000_000),
    loan=PlannedLoan(DEVELOPMENT, Money(12_000_000), instalments=12, current=5, days_to_due=5, paid_before=5),
)
OTIENO = Person(
    phone="+254711000002",
    first_name="Otieno",
    last_name="Odhiambo",
    language=Language.SWAHILI,
    birth_date=date(1992, 7, 2),
    national_id="29753186",
    pin="5938",
    savings=Money(120_000),
    deposits=Money(3_000_000),
    shares=Money(1_000_000),
    saves_monthly=True,
)
NJERI = Person(
    phone="+254711000003",
    first_name="Njeri",
    last_name="Kamau",
    language=Language.ENGLISH,
    birth_date=date(1995, 11, 23),
    savings=Money(50_000),
    deposits=Money(600_000),
)
HASSAN = Person(
    phone="+254711000004",
    first_name="Hassan",
    last_name="Ali",
    language=Language.SWAHILI,
    birth_date=date(1980, 1, 30),
    national_id="21864209",
    pin="6104",
    is_locked=True,
    savings=Money(310_000),
    deposits=Money(1_500_000),
)
CHEBET = Person(
    phone="+254711000005",
    first_name="Chebet",
    last_name="Kiprono",
    language=Language.SWAHILI,
    birth_date=date(1990, 9, 9),
    pin="7352",
    savings=Money(64_000),
    deposits=Money(900_000),
    shares=Money(500_000),
    loan=PlannedLoan(EMERGENCY, Money(1_500_000), instalments=6, current=3, days_to_due=-40, paid_before=3),
)
MWANGI = Person(
    phone="+254711000006",
    first_name="Mwangi",
    last_name="Maina",
    language=Language.ENGLISH,
    birth_date=date(1985, 5, 17),
    pin="8160",
    savings=Money(1_240_000),
    deposits=Money(7_800_000),
    shares=Money(2_500_000),
    saves_monthly=True,
)
PEOPLE: tuple[Person, ...] = (AMINA, OTIENO, NJERI, HASSAN, CHEBET, MWANGI)

_FIRST_NAMES = (
    "Wanjiku",
    "Kamau",
    "Akinyi",
    "Kiptoo",
    "Mutua",
    "Fatuma",
    "Barasa",
    "Nyambura",
    "Omar",
    "Chepkoech",
)
_LAST_NAMES = (
    "Njoroge",
    "Otieno",
    "Mwangi",
    "Kipchoge",
    "Musyoka",
    "Hussein",
    "Wekesa",
    "Karanja",
    "Achieng",
    "Rotich",
)


def neighbours(count: int) -> list[Person]:
    """Further members, always the same ones, so that the demo looks like a society and not like a test."""
    people = []
    for n in range(count):
        months_running = n % 7
        people.append(
            Person(
                phone=f"+2547120{n:05d}",
                first_name=_FIRST_NAMES[n % 10],
                last_name=_LAST_NAMES[(n // 10) % 10],
                language=Language.SWAHILI if n % 3 else Language.ENGLISH,
                birth_date=date(1965 + n % 35, 1 + n % 12, 1 + n % 28),
                savings=Money(10_000 * (1 + n * 7 % 90)),
                deposits=Money(100_000 * (1 + n * 13 % 60)),
                shares=Money(100_000 * (n % 20)),
                saves_monthly=n % 2 == 0,
                loan=PlannedLoan(
                    DEVELOPMENT,
                    Money(1_000_000 * (1 + n % 9)),
                    instalments=12 + n % 3 * 12,
                    current=months_running + 1,
                    days_to_due=1 + n % 25,
                    paid_before=months_running + 1,
                )
                if n % 2
                else None,
            )
        )
    return people


async def is_founded(database: Database) -> bool:
    """Whether the institution is in this database already."""
    async with database.reading() as session:
        return await session.row("SELECT 1 FROM member LIMIT 1") is not None


async def found(
    database: Database,
    clock: Clock,
    ids: Ids,
    pins: PinChecks,
    people: Sequence[Person] = PEOPLE,
    *,
    sealer: FieldSealer | None = None,
) -> dict[str, Member]:
    """Open the books and register everybody, all or nobody; members by phone number."""
    registered = {person.phone: _member(ids, person, n) for n, person in enumerate(people, 1)}
    # Hashing takes a while, so it is done before the transaction.
    hashes = {
        person.phone: await pins.hash(registered[person.phone].member_id, person.pin)
        for person in people
        if person.pin
    }
    hired = await institution_staff.hire(ids, pins)
    # One transaction: a process that dies in it must not leave half an institution, taken for a whole one.
    async with database.unit_of_work() as session:
        await ledger.open_accounts(session, CHART)
        await begin_books(session, business_date(clock.now()), at=clock.now())
        await institution_staff.take_on(session, clock.now(), hired)
        for n, person in enumerate(people, 1):
            member, pin_hash = registered[person.phone], hashes.get(person.phone)
            await _register(session, clock.now(), ids, person, member, pin_hash=pin_hash, number=n)
        if sealer is not None:
            await _put_on_file(session, sealer, people, registered)
        staff = {role: each for each, _ in hired for role in each.roles}
        await institution_applications.ask(session, clock.now(), ids, registered, staff)
    return registered


def _member(ids: Ids, person: Person, number: int) -> Member:
    return Member(
        member_id=ids.new("mbr"),
        number=f"M{number:05d}",
        first_name=person.first_name,
        last_name=person.last_name,
        phone=Msisdn.parse(person.phone),
        language=person.language,
        status=MemberStatus.ACTIVE,
        birth_date=person.birth_date,
    )


async def _register(
    session: WriteSession,
    now: datetime,
    ids: Ids,
    person: Person,
    member: Member,
    *,
    pin_hash: str | None,
    number: int,
) -> None:
    joined = business_date(now) - timedelta(days=800)
    await members.add(session, member, at=_noon(joined))
    _, record = await members.lock_pin(session, member.member_id)
    # Locked twice already: from there only staff can open it.
    standing = (
        PinStanding(locks=2, locked_until=now + LOCK_TIME, locked_for_staff=True)
        if person.is_locked
        else OPEN
    )
    await members.save_pin(session, member.member_id, replace(record, hash=pin_hash, standing=standing))
    await ledger.post(session, await _pay_in(session, ids, person, member, joined, business_date(now)))
    if person.loan is not None:
        await _lend(session, now, ids, person.loan, member, number)


async def _put_on_file(
    session: WriteSession, sealer: FieldSealer, people: Sequence[Person], registered: Mapping[str, Member]
) -> None:
    """The national ids that people showed when they joined."""
    for person in people:
        if person.national_id:
            member_id = registered[person.phone].member_id
            await identity_store.keep_national_id(
                session,
                member_id,
                sealed=sealer.seal(person.national_id, owner=member_id),
                print_=sealer.prints(person.national_id)[0],
            )


async def _pay_in(
    session: WriteSession, ids: Ids, person: Person, member: Member, joined: date, today: date
) -> list[Journal]:
    """The accounts' money as it came in: three quarters on joining, the rest a month ago or month by month."""
    days = _days_paid_in(person, joined, today)
    accounts = [
        (
            await savings.open_account(
                session, account_id=ids.new("acc"), member_id=member.member_id, product=product, on=joined
            ),
            kind,
            amount,
        )
        for product, kind, amount in (
            (SavingsProduct.SAVINGS, "savings_paid_in", person.savings),
            (SavingsProduct.DEPOSITS, "deposit_paid_in", person.deposits),
        )
    ]
    share_code = await shares.open_account(
        session, account_id=ids.new("acc"), member_id=member.member_id, on=joined
    )
    accounts.append((share_code, "shares_bought", person.shares))
    return [
        postings.money_paid_in(
            key=f"opening:{code}:{part}",
            kind=kind,
            event_at=_noon(day),
            business_date=day,
            account=code,
            amount=share,
        )
        for code, kind, amount in accounts
        for part, (day, share) in enumerate(
            zip(days, amount.split([3 * (len(days) - 1)] + [1] * (len(days) - 1)), strict=True)
        )
        if share
    ]


def _days_paid_in(person: Person, joined: date, today: date) -> list[date]:
    """When money came in: for who saves monthly, in three of the last months by anybody's calendar."""
    ago = (75, 45, 15) if person.saves_monthly else (30,)
    return [joined, *(today - timedelta(days=days) for days in ago)]


async def _lend(
    session: WriteSession, now: datetime, ids: Ids, plan: PlannedLoan, member: Member, number: int
) -> None:
    today = business_date(now)
    plan, disbursed_on = _dated(plan, today)
    loan_id = ids.new("lon")
    principal = own_account(Gl.LOAN_PRINCIPAL, loan_id, f"principal of {loan_id}")
    controls = loan_product_terms(plan.product.code, plan.product.code)
    await ledger.open_accounts(session, [*controls, principal])
    loan = Loan(
        loan_id=loan_id,
        number=f"LN-{number:05d}",
        member_id=member.member_id,
        product=plan.product,
        terms=plan.product.terms(principal=plan.principal, instalments=plan.instalments),
        rules=rules_of(plan.product),
        disbursed_on=disbursed_on,
        status=LoanStatus.ACTIVE,
        principal_code=principal.code,
        interest_code=loan_accounts(plan.product.code).interest_due,
        paid_to_code=Gl.BANK,
        paid_out=plan.principal,
    )
    await loans.add(session, loan)
    journal = postings.loan_disbursed(
        loan_id=loan_id,
        event_at=_noon(disbursed_on),
        business_date=disbursed_on,
        principal=(principal.code, plan.principal),
        paid_from=Gl.BANK,
    )
    await ledger.post(session, [journal])
    lent = Running(loan, (), LoanState(plan.principal.currency), ())
    change = running.changed(lent, Disbursement(disbursed_on, plan.principal), entered_on=disbursed_on)
    lent = await running.save(
        session, change, now=journal.event_at, actor=_SYSTEM, amount=plan.principal, journal=journal.key
    )
    await _live_through(session, lent, plan, today)


def _dated(plan: PlannedLoan, today: date) -> tuple[PlannedLoan, date]:
    """The plan and its day of disbursement; on a 31st, a plan may run a month or two longer to fit."""
    due_on = today + timedelta(days=plan.days_to_due)
    for longer in range(3):
        with suppress(ValueError):
            disbursed_on = _months_before(due_on, plan.current + longer)
            fitted = replace(plan, current=plan.current + longer, paid_before=plan.paid_before + longer)
            return fitted, disbursed_on
    raise AssertionError("of three months in a row one has every day")


async def _live_through(session: WriteSession, lent: Running, plan: PlannedLoan, today: date) -> None:
    """Every due date up to today: interest falls due, and the instalments the plan says were paid."""
    for place, row in enumerate(lent.state.rows):
        if row.due_on > today:
            break
        fallen_due = Recognised(row.due.interest)
        lent = replace(lent, booked=(*lent.booked[:place], fallen_due, *lent.booked[place + 1 :]))
        await ledger.post(
            session,
            [
                postings.interest_fell_due(
                    loan_id=lent.loan.loan_id,
                    instalment=place + 1,
                    event_at=_noon(row.due_on),
                    business_date=row.due_on,
                    due_account=lent.loan.interest_code,
                    amount=lent.money(row.due.interest),
                )
            ],
        )
        if place + 1 < plan.paid_before:
            lent = await _pay(session, lent, row, place + 1)
    await loans.save_rows(session, lent.loan.loan_id, lent.state, lent.booked)


async def _pay(session: WriteSession, lent: Running, row: Row, number: int) -> Running:
    journal = postings.loan_repaid_from_old_books(
        key=f"repayment:{lent.loan.loan_id}:{number}",
        event_at=_noon(row.due_on) + timedelta(hours=3),
        business_date=row.due_on,
        parts=[
            (lent.loan.interest_code, lent.money(row.due.interest)),
            (lent.loan.principal_code, lent.money(row.due.principal)),
        ],
    )
    await ledger.post(session, [journal])
    amount = lent.money(row.due.total)
    change = running.changed(lent, Payment(row.due_on, amount), entered_on=row.due_on)
    return await running.save(
        session, change, now=journal.event_at, actor=_SYSTEM, amount=amount, journal=journal.key
    )


def _months_before(day: date, months: int) -> date:
    """The same day of the month, so many months ago. Raises ValueError where that month lacks the day."""
    months_since_zero = day.year * 12 + day.month - 1 - months
    return date(months_since_zero // 12, months_since_zero % 12 + 1, day.day)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), NAIROBI)
