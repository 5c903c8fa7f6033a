"""What do we refuse about savings accounts?"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from core.errors.tree import Refusal


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
class HoldEndsElsewhere(Refusal):
    """The hold stands for a loan or a payment and ends with it; staff don't lift it by hand."""

    hold: str
    reason: str
    code: ClassVar[str] = "savings.hold_ends_elsewhere"


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
