"""What is a member's money for, when it comes to the paybill? One amount, divided over purposes. Pure.

A suffix or keyword is obeyed. Without one, what is due on loans comes first, the oldest loan first, and the rest is
saved. Nothing is lost or made: the parts make up the amount.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.money import Money
from core.payments.model import Purpose
from core.payments.references import Wanted


@dataclass(frozen=True, slots=True)
class LoanAsks:
    """A running loan of the member. `to_clear` is never less than `due`."""

    loan_id: str
    due: Money
    to_clear: Money


@dataclass(frozen=True, slots=True)
class Holdings:
    """Where a member's money can go: loans by age, and the accounts that take money."""

    loans: tuple[LoanAsks, ...] = ()
    savings: str | None = None
    deposits: str | None = None
    shares: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentPart:
    """So much for one purpose; more than nothing."""

    purpose: Purpose
    subject: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Intention:
    """What the payer asked for, if anything."""

    wanted: Wanted | None = None
    loan_id: str | None = None
    loan_place: int | None = None


def divide(amount: Money, asked: Intention, held: Holdings) -> tuple[PaymentPart, ...]:
    """The parts, in the order in which they are posted; none where the member has nowhere to put the money."""
    named = _named_loans(asked, held)
    if named:
        parts, left = _to_loans(amount, named, in_full=True)
    elif asked.wanted is None:
        parts, left = _to_loans(amount, held.loans, in_full=False)
    else:
        parts, left = [], amount
    if left:
        kept = _kept(asked.wanted, left, held)
        if kept is None:
            return _all_to_loans(amount, held)
        parts.append(kept)
    return tuple(parts)


def _named_loans(asked: Intention, held: Holdings) -> Sequence[LoanAsks]:
    if asked.loan_id is not None:
        return [loan for loan in held.loans if loan.loan_id == asked.loan_id]
    if asked.wanted is not Wanted.LOAN:
        return []
    if asked.loan_place is not None:
        return held.loans[asked.loan_place - 1 : asked.loan_place] if asked.loan_place > 0 else []
    return held.loans


def _to_loans(amount: Money, loans: Sequence[LoanAsks], *, in_full: bool) -> tuple[list[PaymentPart], Money]:
    """What is due on each, the oldest first; and, where loans were asked for, what clears them after that."""
    given = {loan.loan_id: Money.zero(amount.currency) for loan in loans}
    left = amount
    for loan in loans:
        part = min(left, loan.due)
        given[loan.loan_id] += part
        left -= part
    for loan in loans if in_full else ():
        part = min(left, loan.to_clear - given[loan.loan_id])
        given[loan.loan_id] += part
        left -= part
    parts = [PaymentPart(Purpose.LOAN_REPAYMENT, loan_id, part) for loan_id, part in given.items() if part]
    return parts, left


def _kept(wanted: Wanted | None, left: Money, held: Holdings) -> PaymentPart | None:
    """Where what no loan takes goes: as asked, else to the savings, else to the deposits."""
    if wanted is Wanted.SHARES and held.shares is not None:
        return PaymentPart(Purpose.SHARES, held.shares, left)
    deposits_first = wanted is Wanted.DEPOSITS
    order = (held.deposits, held.savings) if deposits_first else (held.savings, held.deposits)
    account = next((each for each in order if each is not None), None)
    return None if account is None else PaymentPart(Purpose.SAVINGS, account, left)


def _all_to_loans(amount: Money, held: Holdings) -> tuple[PaymentPart, ...]:
    """A member without any account: loans take what they can, if that is all of it."""
    parts, left = _to_loans(amount, held.loans, in_full=True)
    return () if left else tuple(parts)
