"""A desk in memory with the demo institution's people, for conversations without a database."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from core.audit.shown import ShownScreen
from core.errors import (
    ImarishaError,
    MemberNotActive,
    NoLoanToRepay,
    PaymentInProgress,
    PinAlreadySet,
    PinLocked,
    PinMismatch,
    PinNotSet,
    RepaymentOutOfRange,
    UnknownMember,
    WeakPin,
    WrongPin,
)
from core.money import Money
from dialogs.desk import (
    Balances,
    Caller,
    Fate,
    FateState,
    LoanOwed,
    PinState,
    RepaymentStarted,
    StatementLine,
)
from tests.dialogs.membership_teller import MembershipTeller

AMINA = "+254711000001"
OTIENO = "+254711000002"
NJERI = "+254711000003"
HASSAN = "+254711000004"
CHEBET = "+254711000005"
WAFULA = "+254711000007"
STRANGER = "+254711000009"

PINS = {AMINA: "4271", OTIENO: "5938", HASSAN: "6104", CHEBET: "7352"}
WEAK = {"1234", "0000", "1990"}
MOST_TRIES = 3


def a_loan(loan_id: str = "lon_1", **changes: object) -> LoanOwed:
    """A development loan, 8,000.00 left, the next instalment in some days."""
    loan = LoanOwed(
        loan_id=loan_id,
        product="development",
        to_clear=Money(8_000_00),
        due_now=Money(0),
        next_due=Money(1_250_50),
        next_due_on=date(2026, 3, 16),
        days_late=0,
    )
    return replace(loan, **changes)  # type: ignore[arg-type]  # each test names fields of the record


@dataclass
class Member:
    """Somebody the desk knows."""

    first_name: str
    language: str
    balances: Balances
    statement: tuple[StatementLine, ...] = ()
    is_active: bool = True
    tries: int = 0
    is_locked: bool = False
    locked_until: datetime | None = None
    counted: set[str] = field(default_factory=set)
    proposed: str = ""


@dataclass
class Payment:
    """A repayment the desk took on."""

    member_id: str
    loan_id: str
    amount: Money


def _accounts(savings: int, deposits: int, shares: int, *loans: LoanOwed) -> Balances:
    return Balances(Money(savings), Money(deposits), Money(shares), loans)


def people() -> dict[str, Member]:
    """The members by phone number; a member's id is their number with `mbr_` before it."""
    chebets = a_loan(
        "lon_5", product="emergency", to_clear=Money(5_120_40), due_now=Money(2_560_20), days_late=40
    )
    movements = tuple(
        StatementLine(date(2026, 3, day), kind, Money(minor))
        for day, kind, minor in (
            (9, "loan_repayment", 3_000_00),
            (5, "savings_paid_in", 1_200_00),
            (1, "something_new", -50_00),
        )
    )
    amina = Member("Amina", "en", _accounts(8_250_00, 42_500_00, 20_000_00, a_loan()), movements)
    return {
        AMINA: amina,
        OTIENO: Member("Otieno", "sw", _accounts(1_200_00, 30_000_00, 0)),
        NJERI: Member("Njeri", "en", _accounts(0, 0, 0)),
        HASSAN: Member("Hassan", "sw", _accounts(0, 0, 0), is_locked=True),
        CHEBET: Member("Chebet", "sw", _accounts(640_00, 0, 0, chebets)),
        WAFULA: Member("Wafula", "en", _accounts(0, 0, 0), is_active=False),
    }


class Teller(MembershipTeller):
    """Does what a Desk promises. `before` runs in each call and may wait or raise; `calls` names them."""

    def __init__(self) -> None:
        super().__init__()
        self.members = people()
        self.ids = {phone: f"mbr_{phone}" for phone in self.members}
        self.pins = dict(PINS)
        self.payments: dict[str, Payment] = {}
        self.calls: list[str] = []
        self.pins_seen: list[str] = []
        self.fates: dict[str, FateState] = {}
        self.kept_for_later: dict[str, tuple[str, str]] = {}
        self.agreed: list[ShownScreen] = []
        self.prompt_open = False
        self.failing: dict[str, ImarishaError] = {}
        self.before: Callable[[str], asyncio.Future[None] | None] = lambda _name: None
        self._minted = 0

    async def caller(self, phone: str) -> Caller:
        await self._called("caller")
        member = self.members.get(phone)
        if member is None:
            raise UnknownMember
        if not member.is_active:
            raise MemberNotActive(status="blocked")
        state = PinState.SET if phone in self.pins else PinState.NONE
        state = PinState.LOCKED if member.is_locked else state
        return Caller(self.ids[phone], member.first_name, member.language, state)

    async def sign_in(self, member_id: str, pin: str, attempt: str) -> None:
        await self._called("sign_in")
        self.pins_seen.append(pin)
        member, phone = self._member(member_id)
        if member.is_locked:
            raise PinLocked(until=member.locked_until)
        if phone not in self.pins:
            raise PinNotSet
        if pin == self.pins[phone]:
            member.tries = 0
            return
        if attempt not in member.counted:
            member.counted.add(attempt)
            member.tries += 1
        if member.tries >= MOST_TRIES:
            member.is_locked = True
            raise PinLocked(until=member.locked_until)
        raise WrongPin(tries_left=MOST_TRIES - member.tries)

    async def propose_pin(self, member_id: str, pin: str) -> None:
        await self._called("propose_pin")
        member, phone = self._member(member_id)
        if phone in self.pins:
            raise PinAlreadySet
        if pin in WEAK:
            raise WeakPin
        member.proposed = pin

    async def choose_pin(self, member_id: str, pin: str) -> None:
        await self._called("choose_pin")
        member, phone = self._member(member_id)
        if phone in self.pins:
            raise PinAlreadySet
        if pin != member.proposed:
            raise PinMismatch
        self.pins[phone] = pin

    async def balances(self, member_id: str) -> Balances:
        await self._called("balances")
        return self._member(member_id)[0].balances

    async def loans(self, member_id: str) -> tuple[LoanOwed, ...]:
        await self._called("loans")
        return self._member(member_id)[0].balances.loans

    async def statement(self, member_id: str) -> tuple[StatementLine, ...]:
        await self._called("statement")
        return self._member(member_id)[0].statement

    async def set_language(self, member_id: str, language: str) -> None:
        await self._called("set_language")
        self._member(member_id)[0].language = language

    async def fate(self, member_id: str, payment_id: str) -> Fate:
        await self._called("fate")
        payment = self.payments.get(payment_id)
        if payment is None or payment.member_id != member_id:
            return Fate(FateState.NOT_BEGUN)
        return Fate(self.fates.get(payment_id, FateState.PENDING), payment.amount, "UCBM6BB1Z5")

    async def keep_for_later(self, member_id: str, what: str, key: str) -> None:
        await self._called("keep_for_later")
        self.kept_for_later[key] = (member_id, what)

    def witnessed(self, screen: ShownScreen) -> "Teller":
        self.agreed.append(screen)
        return self

    def new_payment_id(self) -> str:
        self._minted += 1
        return f"pay_{self._minted}"

    async def repay_by_mpesa(
        self, *, payment_id: str, member_id: str, loan_id: str, amount: Money, channel: str
    ) -> RepaymentStarted:
        await self._called("repay_by_mpesa")
        assert channel == "ussd"
        loans = {loan.loan_id: loan for loan in self._member(member_id)[0].balances.loans}
        if loan_id not in loans:
            raise NoLoanToRepay
        to_clear = loans[loan_id].to_clear
        least = min(Money(100), to_clear)
        if not least <= amount <= to_clear:
            raise RepaymentOutOfRange(minimum_minor=least.minor, maximum_minor=to_clear.minor)
        if payment_id not in self.payments and self.prompt_open:
            raise PaymentInProgress(payment_id="pay_other")
        self.payments.setdefault(payment_id, Payment(member_id, loan_id, amount))
        return RepaymentStarted(payment_id, amount.rounded_up_to_major())

    def owes(self, phone: str, *loans: LoanOwed) -> None:
        """Give a member these loans instead of theirs."""
        member = self.members[phone]
        member.balances = replace(member.balances, loans=loans)

    def _member(self, member_id: str) -> tuple[Member, str]:
        phone = next(phone for phone, owner in self.ids.items() if owner == member_id)
        return self.members[phone], phone

    async def _called(self, name: str) -> None:
        self.calls.append(name)
        pause = self.before(name)
        if pause is not None:
            await pause
        if name in self.failing:
            raise self.failing[name]
