"""What may a conversation ask of the society? One method per thing, at most one transaction each."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from core.audit.shown import ShownScreen
from core.money import Money
from dialogs.membership_desk import MembershipDesk


class PinState(StrEnum):
    """Whether the member can sign in with a PIN now."""

    SET = "set"
    """A PIN is there and open."""

    NONE = "none"
    """Registered, but no PIN chosen yet."""

    LOCKED = "locked"
    """Too many wrong tries; the reason for a lock's end is told by sign_in."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, as far as the phone number tells, before any PIN."""

    member_id: str
    first_name: str
    language: str
    """`en` or `sw`."""
    pin: PinState


@dataclass(frozen=True, slots=True)
class LoanOwed:
    """One running loan as its member should see it today."""

    loan_id: str
    product: str
    """The product's code; its name is a text key `product.<code>`."""
    to_clear: Money
    """What settles the loan today."""
    due_now: Money
    """Overdue and due today; zero where nothing is due yet."""
    next_due: Money
    """What the next instalment after today still needs; zero when there is none."""
    next_due_on: date | None
    days_late: int
    """Days the oldest unpaid instalment is past its due date; 0 when none is."""


@dataclass(frozen=True, slots=True)
class Balances:
    """A member's accounts at this moment, equal to the ledger."""

    savings: Money
    deposits: Money
    shares: Money
    loans: tuple[LoanOwed, ...]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement on one of the member's accounts; negative is money out of it."""

    on: date
    kind: str
    """What it was; its name is a text key `movement.<kind>`."""
    amount: Money


@dataclass(frozen=True, slots=True)
class RepaymentStarted:
    """A repayment was taken on; the prompt to the phone is on its way."""

    payment_id: str
    collected: Money
    """Whole shillings the prompt will ask for: the amount rounded up."""


class FateState(StrEnum):
    """What became of a payment, as far as is known."""

    NOT_BEGUN = "not_begun"
    """Nobody asked for it: the call dropped before."""

    PENDING = "pending"
    """Asked for; the outcome is to come."""

    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a member is told of a payment after a call that dropped."""

    state: FateState
    amount: Money = field(default_factory=lambda: Money(0))
    """What was asked for."""
    receipt: str = ""


class Desk(MembershipDesk, Protocol):
    """The counter the conversations talk to. Any method may raise DatabaseUnavailable."""

    async def caller(self, phone: str) -> Caller:
        """Who has this number (E.164). Raises UnknownMember; MemberNotActive."""
        ...

    async def sign_in(self, member_id: str, pin: str, attempt: str) -> None:
        """Check the PIN; the same `attempt` key is counted once.

        Raises WrongPin, PinLocked, PinNotSet, ServiceBusy (nothing was counted).
        """
        ...

    async def propose_pin(self, member_id: str, pin: str) -> None:
        """First entry of a first PIN. Raises WeakPin, PinAlreadySet, ServiceBusy."""
        ...

    async def choose_pin(self, member_id: str, pin: str) -> None:
        """Second entry: sets the PIN. Raises PinMismatch (propose again), PinAlreadySet, ServiceBusy."""
        ...

    async def balances(self, member_id: str) -> Balances:
        """All accounts and running loans, read at once."""
        ...

    async def loans(self, member_id: str) -> tuple[LoanOwed, ...]:
        """Loans with something left to pay, the oldest first; empty when there is none."""
        ...

    async def statement(self, member_id: str) -> tuple[StatementLine, ...]:
        """The last five movements over all accounts, the newest first."""
        ...

    async def set_language(self, member_id: str, language: str) -> None:
        """Remember `en` or `sw` for every channel."""
        ...

    async def fate(self, member_id: str, payment_id: str) -> Fate:
        """What became of a payment of this member."""
        ...

    async def keep_for_later(self, member_id: str, what: str, key: str) -> None:
        """Have an SMS sent that says how to go on with an unfinished `what`; the same `key` is sent once."""
        ...

    def witnessed(self, screen: ShownScreen) -> "Desk":
        """The same desk, whose next change keeps this screen in its own transaction."""
        ...

    def new_payment_id(self) -> str:
        """An id minted before the confirm screen is shown, so that a repeated turn is one payment."""
        ...

    async def repay_by_mpesa(
        self, *, payment_id: str, member_id: str, loan_id: str, amount: Money, channel: str
    ) -> RepaymentStarted:
        """Take on a repayment and have the member's phone prompted; the same payment_id is one payment.

        Raises RepaymentOutOfRange, PaymentInProgress, NoLoanToRepay.
        """
        ...
