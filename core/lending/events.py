"""What can happen to a loan? A closed set of facts; the loan's state is a function of them (see replay.py)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from core.lending.model import Portion
from core.lending.terms import Frequency
from core.money import Money


class PaymentKind(StrEnum):
    """Why money reduces what is owed."""

    REPAYMENT = "repayment"
    """The member, or somebody for them, pays."""

    DOWN_PAYMENT = "down_payment"
    """Part of a disbursement that is paid back on the same day."""

    GOODWILL_CREDIT = "goodwill_credit"
    """We let the member off an amount."""

    PAYOUT_REFUND = "payout_refund"
    """Goods were returned, and the seller's refund reached us through the payout."""

    MERCHANT_REFUND = "merchant_issued_refund"
    """Goods were returned, and the seller paid us."""

    INTEREST_WAIVER = "interest_payment_waiver"
    """We waive an amount of interest; it is divided as a payment."""

    CHARGE_ADJUSTMENT = "charge_adjustment"
    """A charge was wrong in part; the part is credited as a payment."""

    RECOVERY = "recovery"
    """Money received on a loan that was written off."""


class UnpaidCharges(StrEnum):
    """What becomes of unpaid charges when a loan is re-aged."""

    STAY = "stay"
    """They stay on their rows; later ones move to the new row that holds their date."""

    SPREAD = "spread"
    """They are spread equally over the new rows."""


@dataclass(frozen=True, slots=True)
class Disbursement:
    """Money is paid out: the first makes the schedule, later ones are tranches."""

    on: date
    amount: Money
    first_due_on: date | None = None
    """Where it was agreed; else one period after the day."""
    due_dates: tuple[date, ...] | None = None
    """All of them, where meetings or holidays moved them."""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money comes in, on its own date; that date may be before things that were entered earlier."""

    on: date
    amount: Money
    kind: PaymentKind = PaymentKind.REPAYMENT


@dataclass(frozen=True, slots=True)
class PercentOfLoan:
    """A charge as a part of the principal and all scheduled interest."""

    rate: Fraction


@dataclass(frozen=True, slots=True)
class ChargeAdded:
    """A fee or penalty that falls due on a date."""

    due_on: date
    portion: Portion
    amount: Money | PercentOfLoan
    name: str = ""
    row_due_on: date | None = None
    """On the row due then, where that is not the one that holds its date: a penalty stands with what is late."""

    @property
    def placed_on(self) -> date:
        """The date whose row holds it."""
        return self.row_due_on or self.due_on


@dataclass(frozen=True, slots=True)
class ChargeWaived:
    """What is unpaid of one charge need not be paid any more. `charge` is the number of the event that added it."""

    on: date
    """As of when; usually the charge's own due date."""
    charge: int


@dataclass(frozen=True, slots=True)
class Chargeback:
    """Part of a payment was taken back by whoever made it and is due again."""

    on: date
    amount: Money
    payment: int
    """The number of the payment's event."""


@dataclass(frozen=True, slots=True)
class BalanceRefund:
    """An overpayment is paid out; what was no overpayment after all is due again."""

    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class WriteOff:
    """The loan is charged off; schedule and payments go on, in other books."""

    on: date


@dataclass(frozen=True, slots=True)
class ReAge:
    """Unpaid principal moves to new instalments from a date on."""

    starts_on: date
    frequency: Frequency
    instalments: int
    charges: UnpaidCharges = UnpaidCharges.STAY


@dataclass(frozen=True, slots=True)
class ReAmortise:
    """Unpaid principal of rows due by the date moves to the later rows."""

    on: date


@dataclass(frozen=True, slots=True)
class Reschedule:
    """From the row due on a date: another due date, more rows, or another rate. What is None stays."""

    on: date
    from_due: date
    new_due: date | None = None
    extra_instalments: int = 0
    annual_rate: Fraction | None = None


@dataclass(frozen=True, slots=True)
class InterestPause:
    """No interest from the night before the first day to the last day."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Reversal:
    """An earlier event did not happen after all. `of` is its number."""

    of: int


@dataclass(frozen=True, slots=True)
class DisbursementUndone:
    """The last disbursement did not happen, nor the payments since that were dated on or after it."""


Happening: TypeAlias = (
    Disbursement
    | Payment
    | ChargeAdded
    | ChargeWaived
    | Chargeback
    | BalanceRefund
    | WriteOff
    | ReAge
    | ReAmortise
    | Reschedule
    | InterestPause
    | Reversal
    | DisbursementUndone
)


@dataclass(frozen=True, slots=True)
class LoanEvent:
    """A line of the loan's log."""

    number: int
    """Counts up in order of entry."""
    entered_on: date
    """The business date of entry."""
    what: Happening
