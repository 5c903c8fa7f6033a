"""How is a loan paid back? A member asks for a payment, and a confirmed payment is divided and posted."""

from dataclasses import dataclass
from datetime import datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import NoLoanToRepay, RepaymentOutOfRange
from core.ledger import postings, suspense
from core.ledger import store as ledger
from core.ledger.chart import Gl
from core.lending import store
from core.lending.allocation import after_payment, allocate, owed
from core.lending.loan import Loan
from core.lending.model import AllocationResult, LoanStatus
from core.members.model import Member
from core.money import Money
from core.payments import service as payments
from core.payments.model import Payment, Purpose
from core.savings import store as savings
from core.savings.model import SavingsProduct

LEAST_REPAYMENT_MINOR = 100
"""One shilling: M-Pesa moves no less."""


@dataclass(frozen=True, slots=True)
class RepaymentResult:
    """What a confirmed repayment did. `to_clear` is what is left; `excess` went to the member's savings."""

    loan: Loan
    paid: Money
    excess: Money
    to_clear: Money

    @property
    def is_cleared(self) -> bool:
        return not self.to_clear


async def request_repayment(
    session: WriteSession,
    *,
    payment_id: str,
    member: Member,
    loan_id: str,
    amount: Money,
    channel: str,
    now: datetime,
) -> Payment:
    """Have the member's phone asked for a repayment; the same payment id is one payment.

    Raises NoLoanToRepay for a loan that is not the member's or is closed, RepaymentOutOfRange, PaymentInProgress.
    """
    loan = await store.lock(session, loan_id)
    if loan is None or loan.member_id != member.member_id or loan.status is not LoanStatus.ACTIVE:
        raise NoLoanToRepay
    to_clear = owed(await store.schedule(session, loan), business_date(now), loan.product).to_clear
    least = Money(min(LEAST_REPAYMENT_MINOR, to_clear.minor), amount.currency)
    if not least <= amount <= to_clear:
        raise RepaymentOutOfRange(minimum_minor=least.minor, maximum_minor=to_clear.minor)
    return await payments.request_collection(
        session,
        payment_id=payment_id,
        member=member,
        purpose=Purpose.LOAN_REPAYMENT,
        subject=loan_id,
        amount=amount,
        channel=channel,
        now=now,
    )


async def apply_repayment(session: WriteSession, payment: Payment, *, now: datetime) -> RepaymentResult:
    """Divide a confirmed payment over its loan and post it, once. What is above the debt goes to savings.

    The whole shillings that were collected may be above the amount asked for; and the loan may owe less by now.
    """
    loan = await store.lock(session, payment.subject)
    if loan is None:
        raise AssertionError(f"{payment.payment_id} pays a loan that does not exist: {payment.subject}")
    today = business_date(now)
    schedule = await store.schedule(session, loan)
    split = allocate(schedule, _payable(loan, payment), today, loan.product)
    excess = split.excess + payment.collected - _payable(loan, payment)
    journal = postings.loan_repaid_by_mpesa(
        payment_id=payment.payment_id,
        event_at=now,
        business_date=today,
        received=payment.collected,
        principal=(loan.principal_code, _total(split, "principal")),
        interest_due=(loan.interest_code, _total(split, "interest_receivable")),
        interest_income=_total(split, "interest_income"),
        excess=(await _account_for_excess(session, loan.member_id), excess),
    )
    [posted] = await ledger.post(session, [journal])
    await suspense.note(session, posted.journal_id, journal)
    paid_up = after_payment(schedule, split.parts)
    touched = {part.number for part in split.parts}
    await store.save_paid(session, loan.loan_id, [state for state in paid_up if state.number in touched])
    await store.add_repayment(
        session,
        loan_id=loan.loan_id,
        payment_id=payment.payment_id,
        journal_id=posted.journal_id,
        amount=payment.collected - excess,
        excess=excess,
        parts=[
            {"instalment": p.number, "interest": p.interest.minor, "principal": p.principal.minor}
            for p in split.parts
        ],
        event_at=now,
    )
    if split.clears and loan.status is LoanStatus.ACTIVE:
        await store.close(session, loan.loan_id)
    left = Money.zero(excess.currency) if split.clears else owed(paid_up, today, loan.product).to_clear
    return RepaymentResult(loan=loan, paid=payment.collected - excess, excess=excess, to_clear=left)


def _payable(loan: Loan, payment: Payment) -> Money:
    """What of a payment is meant for the loan: nothing where it was cleared in the meantime."""
    return payment.amount if loan.status is LoanStatus.ACTIVE else Money.zero(payment.amount.currency)


def _total(split: AllocationResult, part: str) -> Money:
    amounts = (getattr(allocation, part) for allocation in split.parts)
    return sum(amounts, start=Money.zero(split.excess.currency))


async def _account_for_excess(session: WriteSession, member_id: str) -> str:
    """The member's savings; suspense for a member without any, so that staff see it."""
    code = await savings.ledger_code(session, member_id=member_id, product=SavingsProduct.SAVINGS)
    return code or Gl.SUSPENSE
