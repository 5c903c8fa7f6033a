"""Every refusal we make on purpose, as a tree with stable codes.

ImarishaError
|-- Refusal        a rule says no; nothing was changed; a channel turns the code into a sentence
`-- Trouble        something outside is down or busy; the caller may try again

A refusal carries facts, never prose: `dialogs/texts` holds a sentence per code and language.
Bugs are assertions and plain exceptions; nobody catches them near the raise.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
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
class AlreadyMember(Refusal):
    """A member, or somebody who asked to join, has this phone number."""

    member_id: str
    code: ClassVar[str] = "members.already"


@dataclass(eq=False)
class MemberNotPending(Refusal):
    """The person does not wait to be admitted: `status` says how they stand."""

    status: str
    code: ClassVar[str] = "members.not_pending"


@dataclass(eq=False)
class NotOfAge(Refusal):
    """Who joins is an adult on the day of joining."""

    years: int
    code: ClassVar[str] = "members.not_of_age"


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
class ClosedToHandPosting(Refusal):
    """The account's money is explained by a sub-ledger that a manual transaction would not reach."""

    account: str
    code: ClassVar[str] = "ledger.closed_to_hand_posting"


@dataclass(eq=False)
class UnbalancedTransaction(Refusal):
    """The debits of a manual transaction are not its credits. Amounts in minor units."""

    debit_minor: int
    credit_minor: int
    code: ClassVar[str] = "ledger.unbalanced"


@dataclass(eq=False)
class FutureBusinessDate(Refusal):
    """A day that has not begun has no business yet."""

    asked: date
    today: date
    code: ClassVar[str] = "ledger.future_date"


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
class ContradictorySavingsTerms(Refusal):
    """A savings product or account was described in a way that can't be: which term, and its value."""

    what: str
    value: str
    code: ClassVar[str] = "savings.contradictory_terms"


@dataclass(eq=False)
class UnknownSavingsAccount(Refusal):
    """The member has no such account, or it is somebody else's."""

    account: str
    code: ClassVar[str] = "savings.unknown_account"


@dataclass(eq=False)
class AccountNotOpen(Refusal):
    """The account is closed, or dormant and must be woken first."""

    account: str
    status: str
    code: ClassVar[str] = "savings.not_open"


@dataclass(eq=False)
class NotWithdrawable(Refusal):
    """The product keeps the money until `until`, or while the person is a member where that is None."""

    product: str
    until: date | None
    code: ClassVar[str] = "savings.not_withdrawable"


@dataclass(eq=False)
class NotEnoughSaved(Refusal):
    """More was asked than holds and the minimum balance leave free. Amounts in minor units."""

    available_minor: int
    asked_minor: int
    code: ClassVar[str] = "savings.insufficient"


@dataclass(eq=False)
class AmountOutOfRange(Refusal):
    """The amount is below the least or above the most this product takes. Amounts in minor units."""

    minimum_minor: int
    maximum_minor: int
    code: ClassVar[str] = "savings.amount_out_of_range"


@dataclass(eq=False)
class AccountNotEmpty(Refusal):
    """An account is closed only when nothing is held on it and something can take what is left."""

    account: str
    code: ClassVar[str] = "savings.not_empty"


@dataclass(eq=False)
class AccountExists(Refusal):
    """The member has an account of this product, and only one is allowed."""

    product: str
    code: ClassVar[str] = "savings.exists"


@dataclass(eq=False)
class HoldNotOpen(Refusal):
    """The hold was released, used up or never there."""

    hold: str
    code: ClassVar[str] = "savings.hold_not_open"


@dataclass(eq=False)
class UnknownStandingOrder(Refusal):
    """The member has no such standing order, or it has ended."""

    order: str
    code: ClassVar[str] = "savings.unknown_standing_order"


@dataclass(eq=False)
class TermOutOfRange(Refusal):
    """The product is not offered for so many months."""

    minimum_months: int
    maximum_months: int
    code: ClassVar[str] = "savings.term_out_of_range"


@dataclass(eq=False)
class NotATermDeposit(Refusal):
    """The account has no term that could end or be broken, or it has ended already."""

    account: str
    code: ClassVar[str] = "savings.not_a_term_deposit"


@dataclass(eq=False)
class NotWholeShares(Refusal):
    """Shares are bought and moved whole. The price of one in minor units."""

    price_minor: int
    code: ClassVar[str] = "shares.not_whole"


@dataclass(eq=False)
class BelowMinimumShares(Refusal):
    """A member keeps at least so many shares while a member. Amounts in minor units."""

    minimum_minor: int
    available_minor: int
    code: ClassVar[str] = "shares.below_minimum"


@dataclass(eq=False)
class NoShareAccount(Refusal):
    """The member has no share account yet."""

    code: ClassVar[str] = "shares.none"


@dataclass(eq=False)
class DividendAlreadyDeclared(Refusal):
    """A year's dividend is declared once."""

    year: int
    code: ClassVar[str] = "shares.already_declared"


@dataclass(eq=False)
class DividendTooEarly(Refusal):
    """Rates are declared after the year they are for."""

    year: int
    code: ClassVar[str] = "shares.year_not_over"


@dataclass(eq=False)
class DividendNotDeclared(Refusal):
    """The year has no declared rates, or was paid already."""

    year: int
    code: ClassVar[str] = "shares.not_declared"
class SignInRefused(Refusal):
    """E-mail, password or code is wrong; which of them is not told."""

    code: ClassVar[str] = "staff.sign_in_refused"


@dataclass(eq=False)
class SignInLocked(Refusal):
    """Too many wrong tries for this person; nothing is taken before `until`."""

    until: datetime
    code: ClassVar[str] = "staff.sign_in_locked"


@dataclass(eq=False)
class TooManyTries(Refusal):
    """So many requests came from one place that more are not looked at for a while."""

    seconds: int
    code: ClassVar[str] = "staff.too_many_tries"


class TokenFault(StrEnum):
    """Why a token opens nothing."""

    MISSING = "missing"
    """None was sent."""

    NOT_OURS = "not_ours"
    """It was not made by this installation, or is damaged."""

    EXPIRED = "expired"
    """Its time is over."""

    ENDED = "ended"
    """Its session has ended."""

    REUSED = "reused"
    """A refresh token came a second time, so its whole session was ended."""


@dataclass(eq=False)
class TokenRefused(Refusal):
    """The request carries no token that opens anything now."""

    why: TokenFault
    code: ClassVar[str] = "staff.token_refused"


@dataclass(eq=False)
class WeakPassword(Refusal):
    """The new password is short, common or names the person; `why` says which."""

    why: str
    code: ClassVar[str] = "staff.password_weak"


@dataclass(eq=False)
class UnknownStaff(Refusal):
    """Nobody of staff has this id or e-mail."""

    code: ClassVar[str] = "staff.unknown"


@dataclass(eq=False)
class StaffAlreadyThere(Refusal):
    """Somebody of staff has this e-mail already."""

    code: ClassVar[str] = "staff.already_there"


@dataclass(eq=False)
class NotPermitted(Refusal):
    """The person's roles do not hold the permission this needs."""

    permission: str
    code: ClassVar[str] = "staff.not_permitted"


@dataclass(eq=False)
class OwnRequest(Refusal):
    """Who asked for something does not decide on it."""

    request_id: str
    code: ClassVar[str] = "staff.own_request"


@dataclass(eq=False)
class NotYourRequest(Refusal):
    """Only who asked for something takes it back."""

    request_id: str
    code: ClassVar[str] = "staff.not_your_request"


@dataclass(eq=False)
class UnknownRequest(Refusal):
    """No request for approval has this id."""

    request_id: str
    code: ClassVar[str] = "staff.unknown_request"


@dataclass(eq=False)
class RequestClosed(Refusal):
    """The request was decided, withdrawn or has expired; `state` says which."""

    request_id: str
    state: str
    code: ClassVar[str] = "staff.request_closed"


@dataclass(eq=False)
class RequestWaits(Refusal):
    """The same thing was asked for already and waits for a decision."""

    request_id: str
    code: ClassVar[str] = "staff.request_waits"


@dataclass(eq=False)
class UnknownJob(Refusal):
    """No failed job has this number."""

    row_id: int
    code: ClassVar[str] = "work.unknown_job"


@dataclass(eq=False)
class NoIncident(Refusal):
    """The payment has no incident to close."""

    payment_id: str
    code: ClassVar[str] = "work.no_incident"
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
