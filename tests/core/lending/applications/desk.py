"""The people of an application, and the shortest way to each of its states, for tests."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import Clock
from core.db.engine import Database
from core.ids import Ids, RandomIds
from core.lending.applications.accept_terms import Shown, accept_terms, offer_of
from core.lending.applications.answer_guarantee import accept_guarantee
from core.lending.applications.apply import apply_for_loan
from core.lending.applications.appraise import appraise
from core.lending.applications.ask_guarantor import request_guarantee
from core.lending.applications.model import Application
from core.lending.applications.vote import vote
from core.lending.guarantees import Guarantee
from core.lending.policies import Purpose
from core.members import store as members
from core.money import Money
from core.staff.model import Staff, StaffStatus
from core.staff.permissions import Role
from imarisha.institution import MWANGI, OTIENO, Person

PRINTED = "You borrow and pay back as written here, every month."


def kes(shillings: int) -> Money:
    return Money(shillings * 100)


def colleague(staff_id: str, *roles: Role) -> Staff:
    return Staff(staff_id, f"{staff_id}@office.example", "Jane", "Doe", StaffStatus.ACTIVE, frozenset(roles))


OFFICER = colleague("stf_officer", Role.LOAN_OFFICER)
OTHER_OFFICER = colleague("stf_other_officer", Role.LOAN_OFFICER)
MANAGER = colleague("stf_manager", Role.MANAGER)
ADMIN = colleague("stf_admin", Role.ADMIN)


@dataclass
class Desk:
    """A founded institution and the time; each verb is one transaction."""

    database: Database
    clock: Clock
    ids: Ids

    @classmethod
    def of(cls, database: Database, clock: Clock) -> "Desk":
        return cls(database, clock, RandomIds(clock))

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def member(self, person: Person) -> str:
        async with self.database.reading() as session:
            found, _ = await members.by_phone(session, person.phone)
        return found.member_id

    async def apply(
        self,
        amount: Money,
        *,
        person: Person = OTIENO,
        product: str = "development",
        instalments: int = 12,
        purpose: Purpose = Purpose.BUSINESS,
        application_id: str = "",
        by: str = "",
    ) -> Application:
        member_id = await self.member(person)
        async with self.database.unit_of_work() as session:
            return await apply_for_loan(
                session,
                self.ids,
                application_id=application_id or self.ids.new("app"),
                member_id=member_id,
                product=product,
                amount=amount,
                instalments=instalments,
                purpose=purpose,
                channel="ussd",
                by=by or member_id,
                now=self.now,
            )

    async def request(self, application: Application, amount: Money, *, person: Person = MWANGI) -> Guarantee:
        guarantor_id = await self.member(person)
        async with self.database.unit_of_work() as session:
            return await request_guarantee(
                session,
                self.ids,
                guarantee_id=self.ids.new("gua"),
                application_id=application.application_id,
                guarantor_id=guarantor_id,
                amount=amount,
                by=application.member_id,
                now=self.now,
            )

    async def consent(self, guarantee: Guarantee, amount: Money | None = None) -> Guarantee:
        async with self.database.unit_of_work() as session:
            return await accept_guarantee(
                session,
                self.ids,
                guarantee_id=guarantee.guarantee_id,
                guarantor_id=guarantee.guarantor_id,
                amount=amount or guarantee.asked,
                by=guarantee.guarantor_id,
                now=self.now,
            )

    async def appraise(
        self, application: Application, *, amount: Money | None = None, by: Staff = OFFICER
    ) -> Application:
        async with self.database.unit_of_work() as session:
            return await appraise(
                session,
                application_id=application.application_id,
                amount=amount or application.asked,
                instalments=application.asked_instalments,
                pay=None,
                finding="Saves regularly.",
                by=by.staff_id,
                now=self.now,
            )

    async def vote(
        self, application: Application, voter: Staff = MANAGER, *, is_for: bool = True
    ) -> Application:
        async with self.database.unit_of_work() as session:
            return await vote(
                session,
                self.ids,
                application_id=application.application_id,
                voter=voter,
                is_for=is_for,
                reason="within the policy",
                now=self.now,
            )

    async def approved(self, amount: Money) -> Application:
        application = await self.apply(amount)
        await self.appraise(application)
        return await self.vote(application)

    async def accept(self, application: Application, *, shown: Shown | None = None) -> Application:
        async with self.database.unit_of_work() as session:
            return await accept_terms(
                session,
                application_id=application.application_id,
                member_id=application.member_id,
                shown=shown or shown_of(application, self.now),
                channel="branch",
                by=OFFICER.staff_id,
                now=self.now,
            )

    async def held_on(self, person: Person) -> int:
        """What of a member's deposits is held, in minor units."""
        async with self.database.reading() as session:
            row = await session.row(
                """SELECT coalesce(sum(h.amount), 0)::bigint AS held FROM savings_hold h
                     JOIN savings_account s ON s.ledger_code = h.ledger_code
                    WHERE s.member_id = $1 AND h.state = 'held'""",
                await self.member(person),
            )
        assert row is not None
        return int(row["held"])

    async def told(self, person: Person) -> list[str]:
        """The kinds of notices a member got, by name: many come in one moment."""
        async with self.database.reading() as session:
            rows = await session.rows(
                "SELECT kind FROM notice WHERE member_id = $1 ORDER BY kind",
                await self.member(person),
            )
        return [row["kind"] for row in rows]

    def later(self, **by: float) -> "Desk":
        """The same desk after some time."""
        return Desk(self.database, _Later(self.clock, timedelta(**by)), self.ids)


@dataclass
class _Later(Clock):
    clock: Clock
    by: timedelta

    def now(self) -> datetime:
        return self.clock.now() + self.by


def shown_of(application: Application, now: datetime) -> Shown:
    offer = offer_of(application, now=now)
    assert offer is not None
    return Shown("loan_agreement", 1, "sw", PRINTED, offer.figures)
