"""What does M-Pesa's own book say about the paybill? Every movement, and what each account held after it.

Ours is held against it, so it shares nothing with our ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from core.money import Currency, Money
from integrations.sandbox.events import AccountName, MoneyKind, MoneyMoved, PromptAnswered, PromptOpened


@dataclass(frozen=True, slots=True)
class Line:
    """One movement, and the balance of its account when it was done."""

    movement: MoneyMoved
    balance: Money

    @property
    def paid_in(self) -> Money:
        """What came in; nothing where money went out."""
        return Money(max(self.movement.cents, 0))

    @property
    def withdrawn(self) -> Money:
        """What went out, as a positive amount; nothing where money came in."""
        return Money(max(-self.movement.cents, 0))


@dataclass(slots=True)
class PaybillBook:
    """Movements in the order in which they happened."""

    opening: dict[AccountName, Money] = field(default_factory=dict)
    """What an account held before the first of them; nothing unless named. Set before anything is entered."""
    _lines: dict[AccountName, list[Line]] = field(
        default_factory=lambda: {account: [] for account in AccountName}
    )
    _by_receipt: dict[str, MoneyMoved] = field(default_factory=dict)
    _reversed: set[str] = field(default_factory=set)

    @property
    def receipts(self) -> int:
        """How many receipts have been given out."""
        return len(self._by_receipt)

    def enter(self, movement: MoneyMoved) -> None:
        """Write one movement down."""
        balance = self.balance(movement.account) + Money(movement.cents)
        self._lines[movement.account].append(Line(movement, balance))
        # A charge shares its payment's receipt, and the payment was first.
        self._by_receipt.setdefault(movement.receipt, movement)
        if movement.kind is MoneyKind.REVERSAL:
            self._reversed.add(movement.linked)

    def balance(self, account: AccountName) -> Money:
        """What the account holds now."""
        lines = self._lines[account]
        return lines[-1].balance if lines else self.opening.get(account, Money.zero())

    def lines(self, account: AccountName) -> Sequence[Line]:
        """The account's movements, the oldest first."""
        return self._lines[account]

    def payment(self, receipt: str) -> MoneyMoved | None:
        """The payment with this receipt; its charge is not meant."""
        return self._by_receipt.get(receipt)

    def is_reversed(self, receipt: str) -> bool:
        """Whether the payment with this receipt was given back."""
        return receipt in self._reversed


def prompt_payment(prompt: PromptOpened, answer: PromptAnswered) -> MoneyMoved:
    """What an approved prompt did to the paybill."""
    return MoneyMoved(
        receipt=answer.receipt,
        at=answer.at,
        started_at=prompt.opened_at,
        kind=MoneyKind.PAY_BILL,
        account=AccountName.UTILITY,
        cents=prompt.shillings * Currency.KES.minor_per_major,
        counterparty=prompt.phone,
        reference=prompt.account,
    )


DETAILS = MappingProxyType(
    {
        MoneyKind.PAY_BILL: "Pay Bill from {party} Acc. {reference}",
        MoneyKind.PAYOUT: "Business Payment to {party}",
        MoneyKind.CHARGE: "Business Payment Charge",
        MoneyKind.BUSINESS: "Pay Bill to {party} Acc. {reference}",
        MoneyKind.TRANSFER_OUT: "Organization transfer of funds to Utility Account",
        MoneyKind.TRANSFER_IN: "Organization transfer of funds from Working Account",
        MoneyKind.REVERSAL: "Reversal of Pay Bill {linked} to {party}",
    }
)
"""What the portal writes beside a movement."""
