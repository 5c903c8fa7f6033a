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
class InvalidGuarantee(Refusal):
    """A guarantee of nothing, of more than was asked or guaranteed, or for another loan. Minor units."""

    asked_minor: int
    code: ClassVar[str] = "lending.guarantee_invalid"


@dataclass(eq=False)
class GuaranteeNotOpen(Refusal):
    """The guarantee was answered, has expired or is over: `state` says which."""

    state: str
    code: ClassVar[str] = "lending.guarantee_not_open"


@dataclass(eq=False)
class GuaranteeAboveFreeDeposits(Refusal):
    """The guarantor's free deposits are less than the amount. Minor units."""

    free_minor: int
    asked_minor: int
    code: ClassVar[str] = "lending.guarantee_above_free_deposits"


@dataclass(eq=False)
class GuarantorIsBorrower(Refusal):
    """Nobody guarantees their own loan: own deposits count by themselves."""

    code: ClassVar[str] = "lending.guarantor_is_borrower"


@dataclass(eq=False)
class GuarantorIsOfficial(Refusal):
    """Officials and staff may not guarantee."""

    code: ClassVar[str] = "lending.guarantor_is_official"


@dataclass(eq=False)
class GuarantorIsLate(Refusal):
    """A member who is late with a loan may not guarantee another's."""

    days: int
    code: ClassVar[str] = "lending.guarantor_is_late"


@dataclass(eq=False)
class GuarantorHasTooMany(Refusal):
    """The member guarantees as many loans as one member may."""

    loans: int
    most: int
    code: ClassVar[str] = "lending.guarantor_has_too_many"


@dataclass(eq=False)
class GuarantorAskedAlready(Refusal):
    """This member is asked, or stands, for the same loan already."""

    code: ClassVar[str] = "lending.guarantor_asked_already"


@dataclass(eq=False)
class InvalidPromise(Refusal):
    """A promise to pay nothing, more than is overdue, in the past or too far off. Minor units."""

    due_on: date
    amount_minor: int
    overdue_minor: int
    code: ClassVar[str] = "lending.promise_invalid"


@dataclass(eq=False)
class NothingOverdue(Refusal):
    """The loan isn't in arrears, so there is nothing to promise."""

    loan_id: str
    code: ClassVar[str] = "lending.nothing_overdue"


@dataclass(eq=False)
class PauseOverlaps(Refusal):
    """The loan's ageing is paused in these days already."""

    starts_on: date
    ends_on: date
    code: ClassVar[str] = "lending.pause_overlaps"


@dataclass(eq=False)
class NoPauseToResume(Refusal):
    """No pause of the loan's ageing is running on that day."""

    on: date
    code: ClassVar[str] = "lending.no_pause"


@dataclass(eq=False)
class ContradictoryTerms(Refusal):
    """No loan could have such terms. `given` is beyond `limit`, each as plain text.

    `contradiction` names the rule that was broken, such as `grace_beyond_term`.
    """

    contradiction: str
    given: str
    limit: str
    code: ClassVar[str] = "lending.contradictory_terms"


@dataclass(eq=False)
class DatesOutOfOrder(Refusal):
    """Two dates of one loan stand the wrong way round, such as an instalment due before the loan is paid out."""

    first: date
    second: date
    """On or before the first, and ought to be after it."""
    code: ClassVar[str] = "lending.dates_out_of_order"


@dataclass(eq=False)
class AmountNotPositive(Refusal):
    """Something of a loan was to be of nothing, or of less."""

    amount: str
    code: ClassVar[str] = "lending.amount_not_positive"


@dataclass(eq=False)
class AmountTooLarge(Refusal):
    """More than the books can hold."""

    amount: str
    limit: str
    code: ClassVar[str] = "lending.amount_too_large"


@dataclass(eq=False)
class BeforeDisbursement(Refusal):
    """Something is dated before the loan was paid out; `disbursed_on` is None where it never was."""

    on: date
    disbursed_on: date | None
    code: ClassVar[str] = "lending.before_disbursement"


@dataclass(eq=False)
class NotReversible(Refusal):
    """The event cannot be reversed, `because` it is_reversal, was already_reversed or charged_back."""

    event: int
    because: str
    code: ClassVar[str] = "lending.not_reversible"


@dataclass(eq=False)
class UnknownLoanEvent(Refusal):
    """The loan's log has no such event that still stands."""

    event: int
    code: ClassVar[str] = "lending.unknown_event"


@dataclass(eq=False)
class NoInstalmentDue(Refusal):
    """No instalment of the loan falls due on or after that day, so nothing can be moved from there."""

    on: date
    code: ClassVar[str] = "lending.no_instalment_due"


@dataclass(eq=False)
class ChargebackTooLarge(Refusal):
    """More is to be charged back than the payment was."""

    asked: str
    paid: str
    code: ClassVar[str] = "lending.chargeback_too_large"


@dataclass(eq=False)
class TopUpTooSmall(Refusal):
    """The new loan would not even clear the old one."""

    asked: str
    needed: str
    code: ClassVar[str] = "lending.top_up_too_small"


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
