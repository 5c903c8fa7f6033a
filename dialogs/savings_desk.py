"""What may a conversation ask about saved money? Accounts, transfers, shares, orders, goals, terms; part of `Desk`."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from core.money import Money
from core.payments.model import Purpose


@dataclass(frozen=True, slots=True)
class AccountHeld:
    """One of a member's savings accounts that is not closed."""

    account_id: str
    product: str
    """Its name is a text key `document.accounts.<product>`."""
    name: str
    """The member's own word for it; may be empty."""
    balance: Money
    available: Money
    pays_out: bool
    """Whether money may leave it now."""
    takes_money: bool


@dataclass(frozen=True, slots=True)
class SharesHeld:
    """A member's share capital."""

    account_id: str
    balance: Money
    price: Money
    """Of one share."""


@dataclass(frozen=True, slots=True)
class WithdrawalCost:
    """What a withdrawal takes from the account: the amount and its cost."""

    cost: Money
    total: Money


@dataclass(frozen=True, slots=True)
class OrderHeld:
    """A standing order that has not ended."""

    order_id: str
    amount: Money
    destination: str
    """The product it pays into, `shares` or `loan`; its name is a text key `document.accounts.<destination>`."""
    due_on: date
    """When it runs next."""
    is_open: bool
    is_paused: bool


@dataclass(frozen=True, slots=True)
class GoalHeld:
    """What a member saves for, and how far they are."""

    account_id: str
    name: str
    saved: Money
    target: Money
    target_on: date
    percent: int
    monthly: Money
    """Saved each month from now on, this reaches the target on its day."""


@dataclass(frozen=True, slots=True)
class FixedOffer:
    """What a fixed deposit made today comes to."""

    percent: str
    """A year."""
    interest: Money
    """Before tax."""
    matures_on: date


@dataclass(frozen=True, slots=True)
class FixedHeld:
    """A fixed deposit whose time runs."""

    account_id: str
    balance: Money
    matures_on: date


@dataclass(frozen=True, slots=True)
class BreakCost:
    """What breaking a fixed deposit today pays, and what it costs against keeping it to its end."""

    paid: Money
    lost: Money


class SavingsDesk(Protocol):
    """The part of the counter where money is saved and moved. Any method may raise DatabaseUnavailable."""

    async def accounts(self, member_id: str) -> tuple[AccountHeld, ...]:
        """The member's accounts, by product and age."""
        ...

    async def shares_held(self, member_id: str) -> SharesHeld:
        """Raises NoShareAccount."""
        ...

    async def collect(
        self, *, payment_id: str, member_id: str, purpose: Purpose, subject: str, amount: Money, channel: str
    ) -> Money:
        """Have the member's phone asked for money, once by `payment_id`; the whole shillings it asks for.

        Raises what `core.collecting.request_payment` does.
        """
        ...

    async def withdrawal_cost(self, member_id: str, *, account_id: str, amount: Money) -> WithdrawalCost:
        """What a withdrawal would cost now. Raises what `quote_withdrawal` does."""
        ...

    async def withdraw(
        self,
        *,
        payout_id: str,
        member_id: str,
        account_id: str,
        amount: Money,
        total_shown: Money,
        channel: str,
    ) -> bool:
        """Hold the money and have it sent to the member's phone, once by `payout_id`; whether staff must approve.

        Raises what `request_withdrawal` does.
        """
        ...

    async def receiving_account(self, member_id: str) -> str:
        """Where money from other members goes: their savings. Raises UnknownSavingsAccount."""
        ...

    async def transfer(
        self, *, key: str, member_id: str, source_id: str, destination_id: str, amount: Money
    ) -> None:
        """Move money to another account, once by `key`. Raises what `savings.service.money.transfer` does."""
        ...

    async def buy_shares(self, *, key: str, member_id: str, source_id: str, amount: Money) -> Money:
        """Buy whole shares out of savings, once by `key`; the holding after it. Raises as `buy_shares` does."""
        ...

    async def orders(self, member_id: str) -> tuple[OrderHeld, ...]:
        """Standing orders that have not ended, in the order in which they run."""
        ...

    async def first_run(self, day_of_month: int) -> date:
        """The next such day after today."""
        ...

    async def set_order(
        self,
        *,
        order_id: str,
        member_id: str,
        source_id: str,
        destination_id: str,
        amount: Money,
        starts_on: date,
    ) -> None:
        """Move so much every month, once by `order_id`; to shares where the destination is the share account.

        Raises what `standing_orders.set_order` and `order_shares` do.
        """
        ...

    async def pause_order(self, member_id: str, order_id: str) -> None:
        """Let it rest. Raises UnknownStandingOrder."""
        ...

    async def resume_order(self, member_id: str, order_id: str) -> None:
        """Let it run again. Raises UnknownStandingOrder."""
        ...

    async def end_order(self, member_id: str, order_id: str) -> None:
        """End it. Raises UnknownStandingOrder."""
        ...

    async def goals(self, member_id: str) -> tuple[GoalHeld, ...]:
        """What the member saves for, the oldest first."""
        ...

    async def start_goal(
        self, *, account_id: str, member_id: str, name: str, target: Money, months: int
    ) -> GoalHeld:
        """Open an account for a goal to be reached in so many months, once by `account_id`.

        Raises what `savings.service.accounts` does.
        """
        ...

    async def fixed_offer(self, amount: Money, months: int) -> FixedOffer:
        """Raises TermOutOfRange, AmountOutOfRange."""
        ...

    async def open_fixed(
        self, *, account_id: str, member_id: str, source_id: str, amount: Money, months: int
    ) -> None:
        """Bind money, once by `account_id`; it is paid back at its end. Raises as `open_fixed_deposit` does."""
        ...

    async def fixed_deposits(self, member_id: str) -> tuple[FixedHeld, ...]:
        """Those whose time runs, the oldest first."""
        ...

    async def break_cost(self, member_id: str, account_id: str) -> BreakCost:
        """Raises UnknownSavingsAccount, NotATermDeposit."""
        ...

    async def break_fixed(self, member_id: str, account_id: str) -> Money:
        """End it today; what was paid back. Raises what `break_term` does."""
        ...
