"""What is a savings account, and what may be held on it?"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.ledger.chart import Gl
from core.money import Money


class SavingsProduct(StrEnum):
    """The savings products, by what a member may do with the money. Their terms are in `products`."""

    SAVINGS = "savings"
    """Withdrawable at any time; also takes what is overpaid."""

    DEPOSITS = "deposits"
    """Not withdrawable while a member; the base of the loan limit."""

    FOSA = "fosa"
    """The front office's current account: salaries come in, orders go out."""

    FIXED_DEPOSIT = "fixed_deposit"
    """One amount for an agreed time at an agreed rate."""

    RECURRING_DEPOSIT = "recurring_deposit"
    """The same amount every month for an agreed time at an agreed rate."""

    GOAL = "goal"
    """Saved towards a target by a date that the member set."""

    HOLIDAY = "holiday"
    """Saved through the year and paid back before the holidays."""

    JUNIOR = "junior"
    """A parent's savings for a child."""

    @property
    def parent(self) -> Gl:
        """The chart account under which the members' own accounts stand."""
        return _PARENTS.get(self, Gl.MEMBER_SAVINGS)


_PARENTS = {
    SavingsProduct.DEPOSITS: Gl.MEMBER_DEPOSITS,
    SavingsProduct.FIXED_DEPOSIT: Gl.TERM_DEPOSITS,
    SavingsProduct.RECURRING_DEPOSIT: Gl.TERM_DEPOSITS,
}


class AccountStatus(StrEnum):
    """How an account stands."""

    ACTIVE = "active"
    """Everything its product allows."""

    DORMANT = "dormant"
    """Nothing moved for long: money comes in, none goes out until the member wakes it."""

    CLOSED = "closed"
    """Empty and over."""


@dataclass(frozen=True, slots=True)
class Account:
    """A member's account as it stands in its row; `available` is the balance less holds and minimum."""

    account_id: str
    member_id: str
    product: SavingsProduct
    name: str
    """The member's own word for it, such as a goal's; may be empty."""
    status: AccountStatus
    opened_on: date
    ledger_code: str
    balance: Money
    available: Money
    agreed_percent: Fraction | None
    """A rate a year agreed for this account alone; None where the product's holds."""


class HoldReason(StrEnum):
    """Why money on an account can't be moved."""

    GUARANTEE = "guarantee"
    """Stands for somebody else's loan."""

    LOAN_SECURITY = "loan_security"
    """Stands for the member's own loan."""

    WITHDRAWAL = "withdrawal"
    """Is on its way out."""

    LEGAL = "legal"
    """A court or the regulator said so."""

    DISPUTE = "dispute"
    """Staff look into where it came from."""


class HoldState(StrEnum):
    """How a hold ended, if it has."""

    HELD = "held"
    RELEASED = "released"
    """The money is free again."""
    CONSUMED = "consumed"
    """The money was taken for what it was held for."""


@dataclass(frozen=True, slots=True)
class Hold:
    """So much of one account may not move. `subject` names what for, such as a loan or payment id."""

    hold_id: str
    ledger_code: str
    amount: Money
    reason: HoldReason
    subject: str
    until: date | None
    """The last day; None until somebody releases it."""
    state: HoldState
