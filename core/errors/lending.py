"""What do we refuse about loans: their terms, their life, who guarantees them?"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from core.errors.tree import Refusal


@dataclass(eq=False)
class NoLoanToRepay(Refusal):
    """The member has no loan with anything left to pay."""

    code: ClassVar[str] = "lending.no_loan"


@dataclass(eq=False)
class UnknownLoan(Refusal):
    """There is no such loan."""

    loan: str
    code: ClassVar[str] = "lending.unknown_loan"


@dataclass(eq=False)
class LoanNotRunning(Refusal):
    """The loan is in no state for this: not paid out yet, undone, cleared or written off."""

    loan: str
    status: str
    code: ClassVar[str] = "lending.not_running"


@dataclass(eq=False)
class RepaymentOutOfRange(Refusal):
    """The amount is below the least we take or above what is owed. Amounts in minor units."""

    minimum_minor: int
    maximum_minor: int
    code: ClassVar[str] = "lending.repayment_out_of_range"


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
class TrancheAboveAgreed(Refusal):
    """More is to be paid out than is left of what was agreed."""

    asked: str
    left: str
    code: ClassVar[str] = "lending.tranche_above_agreed"


@dataclass(eq=False)
class TopUpTooSmall(Refusal):
    """The new loan would not even clear the old one."""

    asked: str
    needed: str
    code: ClassVar[str] = "lending.top_up_too_small"


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
