"""Who stands behind a loan, and for how much? Guarantees, free deposits, release and recovery; pure.

A guarantee is asked for, answered with the whole amount or a part, and lives until the loan is repaid, another
member takes its place, or it is called. Rows are never deleted: a substituted one names its successor.
Liability is joint and several, but societies recover pro rata, and so do we.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import (
    GuaranteeAboveFreeDeposits,
    GuaranteeNotOpen,
    GuarantorHasTooMany,
    GuarantorIsBorrower,
    GuarantorIsLate,
    GuarantorIsOfficial,
    InvalidGuarantee,
)
from core.lending.policies import GuaranteePolicy
from core.money import Money

_NOTHING = Money.zero()


class GuaranteeState(StrEnum):
    """How far a guarantee has come."""

    REQUESTED = "requested"
    """The borrower asked; the guarantor has not answered."""

    ACCEPTED = "accepted"
    """The guarantor stands for an amount."""

    DECLINED = "declined"
    """The guarantor said no."""

    EXPIRED = "expired"
    """Nobody answered in time."""

    WITHDRAWN = "withdrawn"
    """The borrower took the request back, or the application ended without a loan."""

    SUBSTITUTED = "substituted"
    """Another guarantee stands in its place."""

    RELEASED = "released"
    """The loan is repaid."""

    CALLED = "called"
    """The guarantor's share of a bad loan was taken."""


ANSWERABLE = frozenset({GuaranteeState.REQUESTED})
MOVES: Mapping[GuaranteeState, frozenset[GuaranteeState]] = {
    GuaranteeState.REQUESTED: frozenset(
        {GuaranteeState.ACCEPTED, GuaranteeState.DECLINED, GuaranteeState.EXPIRED, GuaranteeState.WITHDRAWN}
    ),
    GuaranteeState.ACCEPTED: frozenset(
        {
            GuaranteeState.SUBSTITUTED,
            GuaranteeState.RELEASED,
            GuaranteeState.CALLED,
            GuaranteeState.WITHDRAWN,
        }
    ),
}
"""From each state that isn't final, the states that may follow."""


@dataclass(frozen=True, slots=True)
class Guarantee:
    """One member's word for another's loan. `subject` is the application or loan it is for."""

    guarantee_id: str
    subject: str
    borrower_id: str
    guarantor_id: str
    asked: Money
    amount: Money
    """What the guarantor accepted; zero before."""
    state: GuaranteeState
    requested_at: datetime
    expires_at: datetime
    answered_at: datetime | None = None
    substituted_by: str | None = None
    recovered: Money = _NOTHING
    """What was taken from the guarantor."""

    @property
    def is_live(self) -> bool:
        return self.state is GuaranteeState.ACCEPTED

    def commitment(self, *, lent: Money, outstanding: Money, policy: GuaranteePolicy) -> Money:
        """What of the guarantor's deposits it binds now: it shrinks in step with the loan, rounded up to the cent."""
        if not self.is_live:
            return Money.zero(self.amount.currency)
        if not policy.shrinks or not lent:
            return self.amount
        share = -(-self.amount.minor * min(outstanding, lent).minor // lent.minor)
        return Money(share, self.amount.currency)


@dataclass(frozen=True, slots=True)
class GuarantorFacts:
    """What is known of a member who is asked to guarantee."""

    member_id: str
    deposits: Money
    committed: Money
    """What their live guarantees bind now."""
    own_loans: Money
    """Their own loans as far as only their own deposits secure them."""
    loans_guaranteed: int
    has_loan: bool
    days_past_due: int
    is_official: bool

    @property
    def free_deposits(self) -> Money:
        """What of their deposits can still back a loan."""
        return max(Money.zero(self.deposits.currency), self.deposits - self.committed - self.own_loans)


def request_guarantee(
    *,
    guarantee_id: str,
    subject: str,
    borrower_id: str,
    guarantor: GuarantorFacts,
    amount: Money,
    policy: GuaranteePolicy,
    now: datetime,
) -> Guarantee:
    """The borrower asks a member to stand for an amount.

    Raises InvalidGuarantee for an amount of nothing, and what `refuse_unfit` raises.
    """
    if amount.minor <= 0:
        raise InvalidGuarantee(asked_minor=amount.minor)
    refuse_unfit(guarantor, borrower_id=borrower_id, policy=policy)
    return Guarantee(
        guarantee_id=guarantee_id,
        subject=subject,
        borrower_id=borrower_id,
        guarantor_id=guarantor.member_id,
        asked=amount,
        amount=Money.zero(amount.currency),
        state=GuaranteeState.REQUESTED,
        requested_at=now,
        expires_at=now + timedelta(hours=policy.answer_hours),
    )


def refuse_unfit(guarantor: GuarantorFacts, *, borrower_id: str, policy: GuaranteePolicy) -> None:
    """Who may not guarantee. Officials and staff, members who are late, members with enough guarantees.

    Raises GuarantorIsBorrower, GuarantorIsOfficial, GuarantorIsLate, GuarantorHasTooMany.
    """
    if guarantor.member_id == borrower_id:
        raise GuarantorIsBorrower
    if guarantor.is_official:
        raise GuarantorIsOfficial
    if guarantor.days_past_due > 0:
        raise GuarantorIsLate(days=guarantor.days_past_due)
    most = policy.loans_most_for_borrowers if guarantor.has_loan else policy.loans_most
    if guarantor.loans_guaranteed >= most:
        raise GuarantorHasTooMany(loans=guarantor.loans_guaranteed, most=most)


def accept(
    guarantee: Guarantee, amount: Money, guarantor: GuarantorFacts, *, policy: GuaranteePolicy, now: datetime
) -> Guarantee:
    """The guarantor stands for what was asked, or for a part of it that they name.

    Raises GuaranteeNotOpen once answered or expired, InvalidGuarantee for nothing or more than was asked,
    GuaranteeAboveFreeDeposits, and what `refuse_unfit` raises: much may change between question and answer.
    """
    _refuse_closed(guarantee, now)
    if not Money.zero(amount.currency) < amount <= guarantee.asked:
        raise InvalidGuarantee(asked_minor=amount.minor)
    refuse_unfit(guarantor, borrower_id=guarantee.borrower_id, policy=policy)
    if amount > guarantor.free_deposits:
        raise GuaranteeAboveFreeDeposits(free_minor=guarantor.free_deposits.minor, asked_minor=amount.minor)
    return replace(guarantee, state=GuaranteeState.ACCEPTED, amount=amount, answered_at=now)


def decline(guarantee: Guarantee, *, now: datetime) -> Guarantee:
    """The guarantor says no. Raises GuaranteeNotOpen."""
    _refuse_closed(guarantee, now)
    return replace(guarantee, state=GuaranteeState.DECLINED, answered_at=now)


def withdraw(guarantee: Guarantee, *, now: datetime) -> Guarantee:
    """The borrower takes a request back, or no loan came of the application. Raises GuaranteeNotOpen."""
    return _moved(guarantee, GuaranteeState.WITHDRAWN, now)


def substitute(guarantee: Guarantee, successor: Guarantee, *, now: datetime) -> Guarantee:
    """Another guarantee, accepted for as much or more, takes the place of this one, which is kept.

    Raises GuaranteeNotOpen where either isn't live, InvalidGuarantee where the successor is for less or another loan.
    """
    if not successor.is_live:
        raise GuaranteeNotOpen(state=successor.state)
    if successor.subject != guarantee.subject or successor.amount < guarantee.amount:
        raise InvalidGuarantee(asked_minor=successor.amount.minor)
    moved = _moved(guarantee, GuaranteeState.SUBSTITUTED, now)
    return replace(moved, substituted_by=successor.guarantee_id)


def release(guarantee: Guarantee, *, now: datetime) -> Guarantee:
    """The loan is repaid. Raises GuaranteeNotOpen where nothing is live."""
    return _moved(guarantee, GuaranteeState.RELEASED, now)


def call(guarantee: Guarantee, share: Money, *, now: datetime) -> Guarantee:
    """The guarantor's share was taken. Raises GuaranteeNotOpen, InvalidGuarantee for more than was guaranteed."""
    if not Money.zero(share.currency) <= share <= guarantee.amount:
        raise InvalidGuarantee(asked_minor=share.minor)
    return replace(_moved(guarantee, GuaranteeState.CALLED, now), recovered=share)


def shortfall(needed: Money, guarantees: Iterable[Guarantee]) -> Money:
    """What accepted guarantees still lack of the cover needed."""
    zero = Money.zero(needed.currency)
    return max(zero, needed - sum((each.amount for each in guarantees if each.is_live), start=zero))


@dataclass(frozen=True, slots=True)
class Recovery:
    """Who pays what of a bad loan: the borrower's own deposits first, then each guarantor, then nobody."""

    own_deposits: Money
    shares: tuple[Money, ...]
    """In the order of the guarantees given."""
    uncovered: Money


def recover(balance: Money, own_deposits: Money, guaranteed: Sequence[Money]) -> Recovery:
    """Divide a bad loan: guaranteed_i / all guaranteed x what the borrower's deposits leave, to the cent.

    Nobody pays more than they guaranteed; cents that division leaves go where the largest fraction was cut.
    Raises ValueError for amounts below zero.
    """
    zero = Money.zero(balance.currency)
    if min(balance, own_deposits, *guaranteed) < zero:
        raise ValueError(f"below zero: {balance}, {own_deposits}, {guaranteed}")
    own = min(balance, own_deposits)
    left = balance - own
    covered = min(left, sum(guaranteed, start=zero))
    shares = covered.split([each.minor for each in guaranteed]) if covered else [zero for _ in guaranteed]
    return Recovery(own_deposits=own, shares=tuple(shares), uncovered=left - covered)


def _refuse_closed(guarantee: Guarantee, now: datetime) -> None:
    if guarantee.state not in ANSWERABLE:
        raise GuaranteeNotOpen(state=guarantee.state)
    if now >= guarantee.expires_at:
        raise GuaranteeNotOpen(state=GuaranteeState.EXPIRED)


def _moved(guarantee: Guarantee, state: GuaranteeState, now: datetime) -> Guarantee:
    if state not in MOVES.get(guarantee.state, frozenset()):
        raise GuaranteeNotOpen(state=guarantee.state)
    return replace(guarantee, state=state, answered_at=guarantee.answered_at or now)
