"""Every refusal we make on purpose, as a tree with stable codes.

ImarishaError
|-- Refusal        a rule says no; nothing was changed; a channel turns the code into a sentence
`-- Trouble        something outside is down or busy; the caller may try again

A refusal carries facts, never prose: `dialogs/texts` holds a sentence per code and language.
Bugs are assertions and plain exceptions; nobody catches them near the raise.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


class ImarishaError(Exception):
    """Anything this house raises on purpose."""

    code: ClassVar[str] = "error"

    def __str__(self) -> str:
        """The code and the facts, for a log; never shown to a member."""
        facts = " ".join(f"{name}={value}" for name, value in vars(self).items())
        return f"{self.code} {facts}".rstrip()


class Refusal(ImarishaError):
    """A rule says no. The fields of the subclass are the facts a sentence needs."""

    code: ClassVar[str] = "refused"


class Trouble(ImarishaError):
    """Something outside failed for now; whether it had an effect is said by the subclass."""

    code: ClassVar[str] = "trouble"


@dataclass(eq=False)
class InvalidAmount(Refusal):
    """The text is not an amount of money in the currency asked for."""

    text: str
    code: ClassVar[str] = "money.invalid"


@dataclass(eq=False)
class CurrencyMismatch(Refusal):
    """Two amounts of different currencies were put together without a rate."""

    left: str
    right: str
    code: ClassVar[str] = "money.currency_mismatch"


@dataclass(eq=False)
class AmountOverflow(Refusal):
    """More than one line of the books, or a balance, may hold. In minor units; None where a sum grew too large."""

    amount_minor: int | None
    code: ClassVar[str] = "money.overflow"


@dataclass(eq=False)
class NoRate(Refusal):
    """No rate between the currency and the home currency is known for the day."""

    currency: str
    on: date
    code: ClassVar[str] = "money.no_rate"


@dataclass(eq=False)
class InvalidPhone(Refusal):
    """The text is not a mobile number we could reach."""

    text: str
    code: ClassVar[str] = "phone.invalid"


@dataclass(eq=False)
class UnknownMember(Refusal):
    """No member has this number; nothing about anybody is told."""

    code: ClassVar[str] = "members.unknown"


@dataclass(eq=False)
class MemberNotActive(Refusal):
    """The member exists but may not transact: pending, blocked, dormant or exited."""

    status: str
    code: ClassVar[str] = "members.not_active"


@dataclass(eq=False)
class PinNotSet(Refusal):
    """The member has no PIN yet and must choose one first."""

    code: ClassVar[str] = "members.pin_not_set"


@dataclass(eq=False)
class WrongPin(Refusal):
    """The PIN did not match; so many tries are left before it locks."""

    tries_left: int
    code: ClassVar[str] = "members.pin_wrong"


@dataclass(eq=False)
class PinLocked(Refusal):
    """Too many wrong tries. `until` is None when only staff can lift the lock."""

    until: datetime | None
    code: ClassVar[str] = "members.pin_locked"


@dataclass(eq=False)
class WeakPin(Refusal):
    """The PIN is easily guessed: a repeat, a run, the birth year or part of the phone number."""

    code: ClassVar[str] = "members.pin_weak"


@dataclass(eq=False)
class PinMismatch(Refusal):
    """The second entry of a new PIN differs from the first, or came too late."""

    code: ClassVar[str] = "members.pin_mismatch"


@dataclass(eq=False)
class PinAlreadySet(Refusal):
    """A first PIN is chosen only once; after that it is changed or reset."""

    code: ClassVar[str] = "members.pin_already_set"


@dataclass(eq=False)
class InsufficientFunds(Refusal):
    """The ledger account would fall below what it may hold. Amounts in minor units."""

    account: str
    available_minor: int
    asked_minor: int
    code: ClassVar[str] = "ledger.insufficient"


@dataclass(eq=False)
class IdempotencyConflict(Refusal):
    """The same key came with other facts: somebody reused it. Nothing was changed."""

    key: str
    code: ClassVar[str] = "ledger.key_conflict"


@dataclass(eq=False)
class UnknownAccount(Refusal):
    """No account that takes postings has this code."""

    account: str
    code: ClassVar[str] = "ledger.unknown_account"


@dataclass(eq=False)
class UnknownJournal(Refusal):
    """No journal was posted under this key."""

    key: str
    code: ClassVar[str] = "ledger.unknown_journal"


@dataclass(eq=False)
class PeriodClosed(Refusal):
    """The business date lies in a closed month; the books are open from the other date on."""

    business_date: date
    open_from: date
    code: ClassVar[str] = "ledger.period_closed"


@dataclass(eq=False)
class PeriodOutOfOrder(Refusal):
    """Months are closed one after the other and opened again from the last; `expected` is the one whose turn it is."""

    asked: date
    expected: date | None
    code: ClassVar[str] = "ledger.period_out_of_order"


@dataclass(eq=False)
class AlreadyReversed(Refusal):
    """The journal was reversed before."""

    key: str
    code: ClassVar[str] = "ledger.already_reversed"


@dataclass(eq=False)
class ReversalOfReversal(Refusal):
    """The journal is itself a reversal; what was right after all is posted anew."""

    key: str
    code: ClassVar[str] = "ledger.reversal_of_reversal"


@dataclass(eq=False)
class ReversalTooEarly(Refusal):
    """A reversal can't lie before what it reverses."""

    key: str
    business_date: date
    asked: date
    code: ClassVar[str] = "ledger.reversal_too_early"


@dataclass(eq=False)
class NotInSuspense(Refusal):
    """Less than that is still open of the receipt in suspense. Amounts in minor units."""

    receipt: str
    open_minor: int
    asked_minor: int
    code: ClassVar[str] = "ledger.not_in_suspense"


@dataclass(eq=False)
class NoLoanToRepay(Refusal):
    """The member has no loan with anything left to pay."""

    code: ClassVar[str] = "lending.no_loan"


@dataclass(eq=False)
class RepaymentOutOfRange(Refusal):
    """The amount is below the least we take or above what is owed. Amounts in minor units."""

    minimum_minor: int
    maximum_minor: int
    code: ClassVar[str] = "lending.repayment_out_of_range"


@dataclass(eq=False)
class PaymentInProgress(Refusal):
    """A prompt to this phone is still open; a second would fail or charge twice."""

    payment_id: str
    code: ClassVar[str] = "payments.in_progress"


@dataclass(eq=False)
class UnknownPayment(Refusal):
    """No payment has this id."""

    payment_id: str
    code: ClassVar[str] = "payments.unknown"


@dataclass(eq=False)
class StatementPeriodInvalid(Refusal):
    """A statement was asked for from a day to one before it."""

    since: date
    until: date
    code: ClassVar[str] = "reports.period_invalid"


@dataclass(eq=False)
class DatabaseUnavailable(Trouble):
    """PostgreSQL could not be reached, or the connection broke.

    `in_doubt` is true when a commit may have gone through before the connection was lost.
    """

    in_doubt: bool
    code: ClassVar[str] = "trouble.database"


@dataclass(eq=False)
class ServiceBusy(Trouble):
    """A bounded resource (PIN checks, pool) is full; nothing was tried."""

    what: str
    code: ClassVar[str] = "trouble.busy"
