"""How does a loan come about in the simulated year? Applied for, secured, appraised, voted on, accepted, paid out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from core.clock import business_date
from core.db.engine import Database, WriteSession
from core.errors import Refusal
from core.ids import Ids
from core.lending.applications.accept_terms import Shown, accept_terms, offer_of
from core.lending.applications.answer_guarantee import accept_guarantee, decline_guarantee
from core.lending.applications.apply import apply_for_loan
from core.lending.applications.appraise import appraise
from core.lending.applications.ask_guarantor import request_guarantee
from core.lending.applications.disburse_application import disburse_application
from core.lending.applications.give_collateral import give_collateral
from core.lending.applications.leave_off import withdraw_application
from core.lending.applications.limits import loan_limit, policy_of
from core.lending.applications.model import Application
from core.lending.applications.opening import security
from core.lending.applications.route import USUAL_ROUTE
from core.lending.applications.security import CollateralKind
from core.lending.applications.vote import vote
from core.lending.lifecycle import PaidTo
from core.lending.policies import Purpose
from core.lending.running import Running
from core.money import Money
from core.staff.model import Staff, StaffStatus
from core.staff.permissions import Role

_TERMS: tuple[tuple[str, Purpose, tuple[int, ...], tuple[int, int]], ...] = (
    ("development", Purpose.BUSINESS, (6, 12, 18, 24), (20_000, 200_000)),
    ("emergency", Purpose.MEDICAL, (3, 6, 12), (5_000, 50_000)),
)
"""Products with the purposes, the terms in months and the amounts in shillings that are asked for."""
_LARGE = (500_100, 700_000)
"""What the few ask for who have much: a loan that a committee votes on."""
_AGREEMENT = "You borrow and pay back as written here, every month."
_CHANCES = {"rejected": 0.03, "withdrawn": 0.02, "declined": 0.1}


def _colleague(staff_id: str, role: Role) -> Staff:
    return Staff(staff_id, f"{staff_id}@office.example", "Jane", "Doe", StaffStatus.ACTIVE, frozenset({role}))


_OFFICER = _colleague("stf_officer", Role.LOAN_OFFICER)
_COMMITTEE = (
    _colleague("stf_manager", Role.MANAGER),
    _colleague("stf_chair", Role.MANAGER),
    _colleague("stf_treasurer", Role.ADMIN),
)


@dataclass
class LoanOffice:
    """Members ask here for loans, and two days later hear what became of it."""

    database: Database
    ids: Ids
    random: Random
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    async def apply(
        self, member_id: str, others: Sequence[str], *, has_much: bool, now: datetime
    ) -> Application | None:
        """A member applies for what they want, as far as they may, and asks whom they need; None if refused."""
        product, purpose, months, (least, most) = self.random.choice(_TERMS)
        if has_much:
            product, purpose, months, (least, most) = ("development", Purpose.HOME, (24, 36), _LARGE)
        wanted = Money(100_00 * self.random.randint(least // 100, most // 100))
        instalments = self.random.choice(months)
        async with self.database.unit_of_work() as session:
            limit = await loan_limit(
                session, member_id, product, instalments=instalments, on=business_date(now)
            )
            if limit.amount < policy_of(product).least:
                self.counts[f"no loan: {limit.binding.rule}"] += 1
                return None
            application = await apply_for_loan(
                session,
                self.ids,
                application_id=self.ids.new("app"),
                member_id=member_id,
                product=product,
                amount=min(wanted, limit.amount),
                instalments=instalments,
                purpose=purpose,
                channel="ussd",
                by=member_id,
                now=now,
            )
            if has_much:
                await self._give_land(session, application, now)
        self.counts["applications"] += 1
        if not has_much:
            await self._ask_around(application, others, now)
        return application

    async def decide(self, application: Application, *, now: datetime) -> Running | None:
        """What becomes of it: paid out, turned down, or taken back, such as for want of guarantors."""
        if self.random.random() < _CHANCES["withdrawn"]:
            await self._withdraw(application, now)
            return None
        try:
            async with self.database.unit_of_work() as session:
                return await self._granted(session, application, now)
        except Refusal as refusal:
            self.counts[f"not granted: {refusal.code}"] += 1
        await self._withdraw(application, now)
        return None

    async def _granted(
        self, session: WriteSession, application: Application, now: datetime
    ) -> Running | None:
        """All in one, as the books see no difference. Raises what the steps raise."""
        known = await appraise(
            session,
            application_id=application.application_id,
            amount=application.asked,
            instalments=application.asked_instalments,
            pay=None,
            finding="saves regularly",
            by=_OFFICER.staff_id,
            now=now,
        )
        is_for = self.random.random() >= _CHANCES["rejected"]
        for voter in _COMMITTEE[: USUAL_ROUTE.tier(known.amount).votes]:
            known = await vote(
                session,
                self.ids,
                application_id=known.application_id,
                voter=voter,
                is_for=is_for,
                reason="as the policy says",
                now=now,
            )
            self.counts["votes"] += 1
        if not is_for:
            self.counts["rejected"] += 1
            return None
        return await self._paid_out(session, known, now)

    async def _paid_out(self, session: WriteSession, approved: Application, now: datetime) -> Running:
        offer = offer_of(approved, now=now)
        assert offer is not None
        await accept_terms(
            session,
            application_id=approved.application_id,
            member_id=approved.member_id,
            shown=Shown("loan_agreement", 1, "sw", _AGREEMENT, offer.figures),
            channel="ussd",
            by=approved.member_id,
            now=now,
        )
        running = await disburse_application(
            session,
            self.ids,
            application_id=approved.application_id,
            loan_id=self.ids.new("lon"),
            paid_to=self.random.choice([PaidTo.SAVINGS, PaidTo.BANK]),
            disburser=None,
            by=_COMMITTEE[0].staff_id,
            now=now,
        )
        self.counts["loans"] += 1
        return running

    async def _withdraw(self, application: Application, now: datetime) -> None:
        async with self.database.unit_of_work() as session:
            await withdraw_application(
                session,
                self.ids,
                application_id=application.application_id,
                by=application.member_id,
                member_id=application.member_id,
                now=now,
            )
        self.counts["withdrawn"] += 1

    async def _give_land(self, session: WriteSession, application: Application, now: datetime) -> None:
        await give_collateral(
            session,
            collateral_id=self.ids.new("col"),
            application_id=application.application_id,
            kind=CollateralKind.LAND,
            description="A plot with a house",
            reference=application.application_id,
            worth=Money(100_000_000),
            by=_OFFICER.staff_id,
            now=now,
        )

    async def _ask_around(self, application: Application, others: Sequence[str], now: datetime) -> None:
        """Ask members until enough stand for the loan, or everybody one knows was asked."""
        for other in others:
            async with self.database.reading() as session:
                lacking = await security(session, application, now=now)
            if lacking.is_full:
                return
            people = max(1, lacking.guarantors_missing)
            amount = max(Money(-(-lacking.missing.minor // people)), Money(10_000))
            try:
                async with self.database.unit_of_work() as session:
                    await self._ask(session, application, other, amount, now)
            except Refusal as refusal:
                self.counts[f"no guarantee: {refusal.code}"] += 1

    async def _ask(
        self, session: WriteSession, application: Application, other: str, amount: Money, now: datetime
    ) -> None:
        guarantee_id = self.ids.new("gua")
        await request_guarantee(
            session,
            self.ids,
            guarantee_id=guarantee_id,
            application_id=application.application_id,
            guarantor_id=other,
            amount=amount,
            by=application.member_id,
            now=now,
        )
        if self.random.random() < _CHANCES["declined"]:
            await decline_guarantee(
                session, self.ids, guarantee_id=guarantee_id, guarantor_id=other, by=other, now=now
            )
            return
        await accept_guarantee(
            session,
            self.ids,
            guarantee_id=guarantee_id,
            guarantor_id=other,
            amount=amount,
            by=other,
            now=now,
        )
        self.counts["guarantees"] += 1


def due_until(running: Running) -> date:
    """The last due date of a loan."""
    return running.state.rows[-1].due_on
