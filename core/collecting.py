"""What may a phone be asked to pay for? The one place where a prompt for any purpose begins."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from core.db.engine import WriteSession
from core.errors import NoShareAccount, UnknownFee
from core.ids import Ids
from core.lending.service.repay import refuse_repayment
from core.members import store as members
from core.members.model import Member
from core.money import Money
from core.notices import service as notices
from core.notices.model import NoticeKind
from core.payments import service as payments
from core.payments.model import FeeKind, Payment, Purpose
from core.phone import Msisdn
from core.savings import rules as savings_rules
from core.savings import store as savings
from core.shares import store as shares
from core.shares.model import USUAL_SHARES


@dataclass(frozen=True, slots=True)
class Wish:
    """So much of a member's money for one purpose; what a subject is, `Purpose` says."""

    member: Member
    subject: str
    amount: Money


async def request_payment(
    session: WriteSession,
    *,
    payment_id: str,
    member: Member,
    purpose: Purpose,
    subject: str,
    amount: Money,
    channel: str,
    now: datetime,
    phone: Msisdn | None = None,
    asked_by: str | None = None,
) -> Payment:
    """Have a phone asked for money by M-Pesa, for any purpose; the same payment id is one payment.

    `phone` is the member's own where none is given; `asked_by` names who asks where it isn't the member. Raises
    NoLoanToRepay and RepaymentOutOfRange for a loan, UnknownSavingsAccount, AccountNotOpen and InvalidAmount for
    savings, NoShareAccount and NotWholeShares for shares, UnknownFee for a fee; PaymentOutOfRange,
    PaymentInProgress, IdempotencyConflict.
    """
    await refuse_unpayable(session, purpose, Wish(member, subject, amount), now=now)
    return await payments.request_collection(
        session,
        payment_id=payment_id,
        member=member,
        purpose=purpose,
        subject=subject,
        amount=amount,
        channel=channel,
        now=now,
        phone=phone,
        asked_by=asked_by,
    )


async def refuse_unpayable(session: WriteSession, purpose: Purpose, wish: Wish, *, now: datetime) -> None:
    """Raises what `request_payment` raises of a purpose that can't be paid for."""
    await _CHECKS[purpose](session, wish, now)


async def tell_asked(session: WriteSession, ids: Ids, payment: Payment, *, now: datetime) -> None:
    """Tell a member that a phone is being asked who did not ask for it themselves; once for a payment."""
    member = await members.find(session, payment.member_id)
    await notices.tell(
        session,
        ids=ids,
        member_id=member.member_id,
        phone=payment.phone,
        kind=NoticeKind.PAYMENT_ASKED,
        language=member.language,
        facts={"amount": str(payment.collected), "purpose": payment.purpose},
        key=f"payment:{payment.payment_id}:asked",
        now=now,
    )


_Check = Callable[[WriteSession, Wish, datetime], Awaitable[None]]


async def _loan(session: WriteSession, wish: Wish, now: datetime) -> None:
    await refuse_repayment(
        session, member_id=wish.member.member_id, loan_id=wish.subject, amount=wish.amount, now=now
    )


async def _savings(session: WriteSession, wish: Wish, _: datetime) -> None:
    savings_rules.above_zero(wish.amount)
    account = savings_rules.own(
        await savings.find(session, wish.subject),
        account_id=wish.subject,
        member_id=wish.member.member_id,
    )
    savings_rules.refuse_payment_in(account)


async def _shares(session: WriteSession, wish: Wish, _: datetime) -> None:
    USUAL_SHARES.whole(wish.amount)
    own = await shares.find(session, wish.member.member_id)
    if own is None or own.account_id != wish.subject:
        raise NoShareAccount


async def _fee(_: WriteSession, wish: Wish, __: datetime) -> None:
    savings_rules.above_zero(wish.amount)
    if wish.subject not in set(FeeKind):
        raise UnknownFee(fee=wish.subject)


_CHECKS: Final[Mapping[Purpose, _Check]] = MappingProxyType(
    {Purpose.LOAN_REPAYMENT: _loan, Purpose.SAVINGS: _savings, Purpose.SHARES: _shares, Purpose.FEE: _fee}
)
