"""How does a loan stand after its events? Rows, the split of each transaction, charges, overpayment. Minor units."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from core.lending.events import InterestPause
from core.lending.interest_factors import RateChange
from core.lending.model import Portion
from core.lending.rows import NOTHING, Parts, Row, RowKind
from core.money import Currency, Money

_HOLDING_CHARGES = frozenset({RowKind.INSTALMENT, RowKind.EXTRA})


class Standing(StrEnum):
    """How far a loan has come, as its events tell."""

    NOT_DISBURSED = "not_disbursed"
    ACTIVE = "active"
    """Something is unpaid."""
    CLOSED = "closed_obligations_met"
    """Everything is paid, and no more."""
    OVERPAID = "overpaid"
    """More was paid than owed; the difference belongs to the member."""


class TransactionKind(StrEnum):
    """What a line of the loan's statement is. Payments carry the value of their PaymentKind instead."""

    DISBURSEMENT = "disbursement"
    CHARGEBACK = "chargeback"
    BALANCE_REFUND = "credit_balance_refund"
    WRITE_OFF = "charge_off"
    CHARGE_WAIVED = "waive_loan_charges"
    RE_AGE = "re_age"
    RE_AMORTISE = "re_amortize"


@dataclass(frozen=True, slots=True)
class Transaction:
    """What one event did. Parts and `overpaid` make up the amount of a payment."""

    event: int
    """The number of its event."""
    on: date
    kind: str
    amount: int
    parts: Parts = NOTHING
    overpaid: int = 0


@dataclass(frozen=True, slots=True)
class ChargeState:
    """A charge and what was waived of it. What was paid is told by the row that holds it: see `paid_charges`."""

    event: int
    name: str
    portion: Portion
    due_on: date
    amount: int
    waived: int = 0


@dataclass(frozen=True, slots=True)
class LoanState:
    """A loan after all of its events. `rows` are in the order in which they fall due."""

    currency: Currency
    rows: tuple[Row, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    charges: tuple[ChargeState, ...] = ()
    disbursed: tuple[tuple[date, int], ...] = ()
    overpaid: int = 0
    written_off_on: date | None = None
    rates: tuple[RateChange, ...] = ()
    """Changes of the agreed rate, oldest first."""
    pauses: tuple[InterestPause, ...] = ()
    plan: tuple[Row, ...] = ()
    """The instalments as agreed, as if each were paid when due; what is paid is not in them."""
    moves: tuple[tuple[date, int], ...] = ()
    """When the principal that earns interest went up or down, and by how much; down payments never earn."""
    principal_bound: int | None = None
    """What rows together can take of principal, where each may ask more than is left for all of them."""

    @property
    def outstanding(self) -> Parts:
        """All that is unpaid, by what it is for."""
        parts = NOTHING
        for row in self.rows:
            parts = parts.plus(row.open)
        return parts

    @property
    def standing(self) -> Standing:
        if not self.disbursed:
            return Standing.NOT_DISBURSED
        if any(row.outstanding for row in self.rows):
            return Standing.ACTIVE
        return Standing.OVERPAID if self.overpaid else Standing.CLOSED

    @property
    def lent(self) -> int:
        """All principal paid out."""
        return sum(amount for _, amount in self.disbursed)

    def money(self, minor: int) -> Money:
        """An amount of this state in its currency."""
        return Money(minor, self.currency)

    def transaction(self, event: int) -> Transaction | None:
        """What an event did; None where it has no effect (any more)."""
        return next((line for line in self.transactions if line.event == event), None)

    def noting(self, line: Transaction) -> "LoanState":
        return replace(self, transactions=(*self.transactions, line))

    def with_row(self, index: int, row: Row) -> "LoanState":
        return replace(self, rows=(*self.rows[:index], row, *self.rows[index + 1 :]))


def balances_after(state: LoanState, *, tranche_before_its_day: bool) -> tuple[int, ...]:
    """The principal still lent after each row, had every row been paid; re-opened principal is left out of it.

    A tranche counts from its own down-payment row or the first row due after it, or from the first row due
    on or after it.
    """
    balances = []
    balance = 0
    coming = list(state.disbursed)
    for row in state.rows:
        is_last = row is state.rows[-1]
        joins_today = tranche_before_its_day or row.kind is RowKind.DOWN_PAYMENT or is_last
        while coming and (coming[0][0] < row.due_on or (joins_today and coming[0][0] == row.due_on)):
            balance += coming.pop(0)[1]
            if row.kind is RowKind.DOWN_PAYMENT and not tranche_before_its_day:
                break
        balance -= row.due.principal - row.reopened.principal
        balances.append(balance)
    return tuple(balances)


def charges_of(state: LoanState, row: Row) -> tuple[ChargeState, ...]:
    """The charges a row holds, oldest first."""
    index = next(place for place, one in enumerate(state.rows) if one is row)
    held = (charge for charge in state.charges if row_for_charge(state.rows, charge.due_on) == index)
    return tuple(sorted(held, key=lambda charge: (charge.due_on, charge.event)))


def paid_charges(state: LoanState) -> dict[int, int]:
    """What was paid of each charge, by the number of its event: a row's charges are paid oldest first."""
    paid: dict[int, int] = {}
    for row in state.rows:
        left = {portion: row.paid.of(portion) for portion in (Portion.PENALTY, Portion.FEE)}
        for charge in charges_of(state, row):
            amount = min(left[charge.portion], charge.amount - charge.waived)
            left[charge.portion] -= amount
            paid[charge.event] = amount
    return paid


def row_for_charge(rows: Sequence[Row], due_on: date) -> int | None:
    """The row whose period holds a charge's date; the first one also for dates before. None behind the last row.

    What is paid on the day of disbursement holds no charge.
    """
    return next(
        (index for index, row in enumerate(rows) if row.kind in _HOLDING_CHARGES and due_on <= row.due_on),
        None,
    )
