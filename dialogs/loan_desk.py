"""What may a conversation ask about borrowing? Choices, applications, guarantors and offers; part of `Desk`."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from core.lending.applications.disclosure import Figures
from core.lending.policies import Purpose
from core.money import Money


@dataclass(frozen=True, slots=True)
class LoanOnOffer:
    """A product a member may choose, and up to how much."""

    product: str
    limit: Money
    """Zero where they may have none now."""
    rule: str
    """What decides the limit; its name is a text key `limit_rule.<rule>`."""
    number: str
    """The figure that rule goes by."""
    least: Money
    months_least: int
    months_most: int


@dataclass(frozen=True, slots=True)
class LimitReason:
    """What one rule allows: zero where it stands in the way altogether."""

    rule: str
    number: str
    cap: Money


@dataclass(frozen=True, slots=True)
class AskedMember:
    """One guarantor of an application, as the borrower sees them."""

    guarantee_id: str
    name: str
    state: str
    """Its name is a text key `guarantee_state.<state>`."""
    amount: Money
    """What they stand for, or were asked for while they do not."""
    is_open: bool
    """Asked or standing, so that the borrower may do without them."""


@dataclass(frozen=True, slots=True)
class LoanWish:
    """A member's application as it stands now."""

    application_id: str
    number: str
    product: str
    amount: Money
    months: int
    state: str
    """Its name is a text key `application_state.<state>`."""
    is_open: bool
    has_offer: bool
    """The terms wait for the member's yes."""
    missing: Money
    """What guarantors must still stand for."""
    guarantors_missing: int
    guarantors: tuple[AskedMember, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Another member, by the name that members see of each other."""

    member_id: str
    name: str


@dataclass(frozen=True, slots=True)
class GuaranteeAsked:
    """What another member asks of this one."""

    guarantee_id: str
    borrower: str
    product: str
    asked: Money
    free: Money
    """What the member's deposits still allow."""
    answer_by: date


@dataclass(frozen=True, slots=True)
class GuaranteeGiven:
    """For whom the member stands, and what it binds of their deposits now."""

    borrower: str
    bound: Money


class LoanDesk(Protocol):
    """The part of the counter where loans are asked for. Any method may raise DatabaseUnavailable."""

    def new_id(self, prefix: str) -> str:
        """An id minted before a confirm screen is shown, so that a repeated turn is one request."""
        ...

    async def loans_on_offer(self, member_id: str, purpose: Purpose | None) -> tuple[LoanOnOffer, ...]:
        """Products for a purpose, or all, the best first; those out of reach come last."""
        ...

    async def loan_on_offer(self, member_id: str, product: str) -> LoanOnOffer:
        """One of them. Raises UnknownLoanProduct."""
        ...

    async def limit_reasons(self, member_id: str, product: str) -> tuple[LimitReason, ...]:
        """What every rule says that bounds this product for the member. Raises UnknownLoanProduct."""
        ...

    async def loan_cost(self, product: str, *, amount: Money, months: int) -> Figures:
        """What a loan would cost that is paid out today. Raises UnknownLoanProduct, LoanTermNotOffered."""
        ...

    async def apply_for_loan(
        self,
        *,
        application_id: str,
        member_id: str,
        product: str,
        amount: Money,
        months: int,
        purpose: Purpose,
        channel: str,
    ) -> LoanWish:
        """Write an application down, once by its id. Raises what `lending.applications.apply` does."""
        ...

    async def loan_wishes(self, member_id: str) -> tuple[LoanWish, ...]:
        """The member's latest applications, the newest first, without their guarantors."""
        ...

    async def loan_wish(self, member_id: str, application_id: str) -> LoanWish:
        """One with its guarantors. Raises UnknownApplication."""
        ...

    async def withdraw_wish(self, member_id: str, application_id: str) -> None:
        """The member takes it back. Raises UnknownApplication, ApplicationNotOpen."""
        ...

    async def other_member(self, phone: str, *, asked_by: str) -> Person:
        """Who has this number (E.164). Raises NoSuchMember."""
        ...

    async def ask_guarantor(
        self, *, guarantee_id: str, member_id: str, application_id: str, guarantor_id: str, amount: Money
    ) -> None:
        """Ask a member to stand for an amount, once by its id.

        Raises UnknownApplication and what `lending.applications.ask_guarantor` does.
        """
        ...

    async def do_without(self, member_id: str, *, application_id: str, guarantee_id: str) -> None:
        """The borrower takes a request or guarantee back. Raises UnknownApplication, GuaranteeNotOpen."""
        ...

    async def loan_offer(self, member_id: str, application_id: str) -> Figures:
        """The cost of the approved terms, if paid out today. Raises UnknownApplication, ApplicationNotOpen."""
        ...

    async def accept_offer(
        self, *, member_id: str, application_id: str, shown: Figures, channel: str
    ) -> None:
        """The member agrees to the figures they were shown, in the words of `dialogs.loan_agreement`.

        Raises UnknownApplication, ApplicationNotOpen, DisclosureChanged.
        """
        ...

    async def guarantees_asked(self, member_id: str) -> tuple[GuaranteeAsked, ...]:
        """What waits for this member's answer, the oldest first."""
        ...

    async def guarantee_asked(self, member_id: str, guarantee_id: str) -> GuaranteeAsked:
        """One of them. Raises GuaranteeNotOpen."""
        ...

    async def accept_guarantee(self, member_id: str, guarantee_id: str, amount: Money) -> None:
        """Stand for all or a part. Raises what `lending.applications.answer_guarantee` does."""
        ...

    async def decline_guarantee(self, member_id: str, guarantee_id: str) -> None:
        """Say no. Raises ApplicationNotOpen, GuaranteeNotOpen."""
        ...

    async def guarantees_given(self, member_id: str) -> tuple[GuaranteeGiven, ...]:
        """For whom the member stands, the oldest first."""
        ...

    async def repay_from_savings(self, *, key: str, member_id: str, loan_id: str, amount: Money) -> Money:
        """Pay a loan out of the member's savings, once by `key`; what is left to clear it.

        Raises what `lending.service.repay_from_savings` does.
        """
        ...
