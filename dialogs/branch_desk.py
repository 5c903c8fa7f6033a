"""The counter that conversations talk to, on the real books: each method is one use case of core."""

from copy import copy
from datetime import datetime

from core.admission import is_waiting
from core.audit.shown import ShownScreen
from core.audit.witness import WitnessedDatabase
from core.clock import Clock, business_date
from core.db.engine import Database
from core.errors import MembershipPending, UnknownMember, UnknownPayment
from core.ids import Ids
from core.lending import store as loans
from core.lending.loan import LoanStanding
from core.lending.service.repay import request_repayment
from core.members import service as members
from core.members import store as member_store
from core.members.model import Language, PinRecord
from core.members.pin_checks import PinChecks
from core.membership.office import MembershipOffice
from core.money import Money
from core.notices import service as notices
from core.notices.model import NoticeKind
from core.overview import latest_movements, overview
from core.payments import store as payments
from core.payments.model import PaymentState
from core.savings.withdrawals import USUAL_WITHDRAWALS, WithdrawalTerms
from dialogs.branch_loans import BranchLoans
from dialogs.branch_membership import BranchMembership
from dialogs.branch_savings import BranchSavings
from dialogs.catalogue import Catalogue
from dialogs.desk import (
    Balances,
    Caller,
    Desk,
    Fate,
    FateState,
    LoanOwed,
    PinState,
    RepaymentStarted,
    StatementLine,
)

STATEMENT_LINES = 5

_FATES = {PaymentState.CONFIRMED: FateState.PAID, PaymentState.FAILED: FateState.FAILED}


class BranchDesk(BranchMembership, BranchLoans, BranchSavings, Desk):
    """Opens one transaction per call and turns core's records into what a screen needs."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        pins: PinChecks,
        office: MembershipOffice,
        catalogue: Catalogue,
        withdrawals: WithdrawalTerms = USUAL_WITHDRAWALS,
    ) -> None:
        self._database = database
        self._unwitnessed = database
        self._clock = clock
        self._ids = ids
        self._catalogue = catalogue
        self._withdrawals = withdrawals
        self._pins = pins
        self._office = office

    async def caller(self, phone: str) -> Caller:
        try:
            member, pin = await members.recognise(self._database, phone)
        except MembershipPending as refusal:
            # Nobody decided in time: the person may ask again, as one whom nobody knows.
            async with self._database.reading() as session:
                if not await is_waiting(session, self._clock.now(), refusal.member_id):
                    raise UnknownMember from refusal
            raise
        return Caller(
            member_id=member.member_id,
            first_name=member.first_name,
            language=member.language,
            pin=_pin_state(pin, self._clock.now()),
        )

    async def sign_in(self, member_id: str, pin: str, attempt: str) -> None:
        # The screen that a PIN says yes to belongs to what follows, not to a PIN that may be wrong.
        await members.sign_in(
            self._unwitnessed, self._clock, self._pins, member_id=member_id, pin=pin, attempt=attempt
        )

    async def propose_pin(self, member_id: str, pin: str) -> None:
        await members.propose_first_pin(self._database, self._clock, self._pins, member_id=member_id, pin=pin)

    async def choose_pin(self, member_id: str, pin: str) -> None:
        await members.choose_first_pin(self._database, self._clock, self._pins, member_id=member_id, pin=pin)

    async def balances(self, member_id: str) -> Balances:
        async with self._database.reading() as session:
            held = await overview(session, member_id=member_id, now=self._clock.now())
        return Balances(
            savings=held.savings,
            deposits=held.deposits,
            shares=held.shares,
            loans=tuple(_owed(standing) for standing in held.loans),
        )

    async def loans(self, member_id: str) -> tuple[LoanOwed, ...]:
        async with self._database.reading() as session:
            running = await loans.running(session, member_id, today=business_date(self._clock.now()))
        return tuple(_owed(standing) for standing in running if standing.owed.to_clear)

    async def statement(self, member_id: str) -> tuple[StatementLine, ...]:
        async with self._database.reading() as session:
            latest = await latest_movements(session, member_id=member_id, most=STATEMENT_LINES)
        return tuple(StatementLine(on=m.on, kind=m.kind, amount=m.change) for m in latest)

    async def set_language(self, member_id: str, language: str) -> None:
        await members.set_language(
            self._database, self._clock, member_id=member_id, language=Language(language)
        )

    async def fate(self, member_id: str, payment_id: str) -> Fate:
        async with self._database.reading() as session:
            try:
                payment = await payments.find(session, payment_id)
            except UnknownPayment:
                return Fate(FateState.NOT_BEGUN)
        # Ids are minted for one member; one that belongs to another tells nothing of theirs.
        if payment.member_id != member_id:
            return Fate(FateState.NOT_BEGUN)
        state = _FATES.get(payment.state, FateState.PENDING)
        return Fate(state, payment.collected, payment.receipt or "")

    async def keep_for_later(self, member_id: str, what: str, key: str) -> None:
        async with self._database.unit_of_work() as session:
            member = await member_store.find(session, member_id)
            await notices.tell(
                session,
                ids=self._ids,
                member_id=member_id,
                phone=member.phone,
                kind=NoticeKind.TASK_WAITING,
                language=member.language,
                facts={"what": what},
                key=f"task_waiting:{key}",
                now=self._clock.now(),
            )

    def witnessed(self, screen: ShownScreen) -> "BranchDesk":
        desk = copy(self)
        desk._database = WitnessedDatabase(self._database, screen)  # noqa: SLF001 - a copy of ourselves
        return desk

    def new_payment_id(self) -> str:
        return self._ids.new("pay")

    async def repay_by_mpesa(
        self, *, payment_id: str, member_id: str, loan_id: str, amount: Money, channel: str
    ) -> RepaymentStarted:
        async with self._database.unit_of_work() as session:
            member = await member_store.find(session, member_id)
            payment = await request_repayment(
                session,
                payment_id=payment_id,
                member=member,
                loan_id=loan_id,
                amount=amount,
                channel=channel,
                now=self._clock.now(),
            )
        return RepaymentStarted(payment_id=payment.payment_id, collected=payment.collected)


def _pin_state(pin: PinRecord, now: datetime) -> PinState:
    if pin.hash is None:
        return PinState.NONE
    return PinState.LOCKED if pin.standing.is_locked(now) else PinState.SET


def _owed(standing: LoanStanding) -> LoanOwed:
    owed = standing.owed
    return LoanOwed(
        loan_id=standing.loan_id,
        number=standing.number,
        product=standing.product.code,
        to_clear=owed.to_clear,
        due_now=owed.due_now,
        next_due=owed.next_due,
        next_due_on=owed.next_due_on,
        days_late=owed.days_late,
    )
