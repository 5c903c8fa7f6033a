"""What does money that came do, by purpose? It is posted where it belongs, and the member hears of it."""

from collections.abc import Awaitable, Mapping
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Protocol

from core.clock import business_date
from core.db.engine import WriteSession
from core.ids import Ids
from core.ledger import postings, suspense
from core.ledger import store as ledger
from core.ledger.chart import Gl
from core.lending.service.repay import account_for_excess, apply_repayment
from core.members import store as members
from core.money import Money
from core.notices import service as notices
from core.notices.model import NoticeKind
from core.payments.model import Payment, Purpose
from core.savings import rules as savings_rules
from core.savings import store as savings
from core.savings.model import SavingsProduct
from core.shares import store as shares
from core.shares.model import USUAL_SHARES

EXCISE_RATE: Final = Fraction(20, 100)
"""Excise duty on fees (Excise Duty Act, First Schedule: 20 % of fees of financial institutions)."""


async def credit(session: WriteSession, ids: Ids, payment: Payment, *, receipt: str, now: datetime) -> None:
    """Post a confirmed payment and tell the member; once, as its caller confirms a payment once.

    Money is never sent back for a purpose that is gone by now: it goes to the member's savings, else to suspense.
    """
    await _USE_CASES[payment.purpose](session, ids, payment, receipt, now)


class _UseCase(Protocol):
    def __call__(
        self, session: WriteSession, ids: Ids, payment: Payment, receipt: str, now: datetime
    ) -> Awaitable[None]: ...


async def _repay_loan(session: WriteSession, ids: Ids, payment: Payment, receipt: str, now: datetime) -> None:
    result = await apply_repayment(session, payment, now=now)
    facts = {
        "receipt": receipt,
        "amount": str(payment.collected),
        "product": result.loan.product.code,
        "balance": str(result.to_clear),
        "excess": str(result.excess) if result.excess else "",
    }
    kind = NoticeKind.LOAN_CLEARED if result.is_cleared else NoticeKind.REPAYMENT_RECEIVED
    await _tell(session, ids, payment, kind, facts, now)


async def _save(session: WriteSession, ids: Ids, payment: Payment, receipt: str, now: datetime) -> None:
    account = (await savings.lock(session, [payment.subject])).get(payment.subject)
    if account is None or not savings_rules.takes_money(account):
        await _to_savings(session, ids, payment, receipt, now)
        return
    journal = postings.money_paid_in(
        key=_key(payment),
        kind="deposit_paid_in" if account.product is SavingsProduct.DEPOSITS else "savings_paid_in",
        event_at=now,
        business_date=business_date(now),
        account=account.ledger_code,
        amount=payment.collected,
        received_in=Gl.MPESA_PAYBILL,
    )
    await ledger.post(session, [journal])
    balance = account.balance + payment.collected
    await _tell_saved(session, ids, payment, receipt, account.product, balance, now)


async def _to_savings(session: WriteSession, ids: Ids, payment: Payment, receipt: str, now: datetime) -> None:
    """Where it was meant for takes nothing any more."""
    code = await account_for_excess(session, payment.member_id)
    await _post_rest(session, payment, payment.collected, key=_key(payment), now=now)
    if code == Gl.SUSPENSE:
        facts = {"receipt": receipt, "amount": str(payment.collected)}
        await _tell(session, ids, payment, NoticeKind.RECEIPT_WAITS, facts, now)
        return
    balance = await ledger.balance(session, code)
    await _tell_saved(session, ids, payment, receipt, SavingsProduct.SAVINGS, balance, now)


async def _tell_saved(
    session: WriteSession,
    ids: Ids,
    payment: Payment,
    receipt: str,
    product: SavingsProduct,
    balance: Money,
    now: datetime,
) -> None:
    facts = {
        "receipt": receipt,
        "amount": str(payment.collected),
        "account": product.value,
        "balance": str(balance),
    }
    await _tell(session, ids, payment, NoticeKind.SAVINGS_RECEIVED, facts, now)


async def _buy_shares(session: WriteSession, ids: Ids, payment: Payment, receipt: str, now: datetime) -> None:
    """As many whole shares as the money buys; the rest is saved."""
    own = (await shares.lock(session, [payment.member_id])).get(payment.member_id)
    rest = Money(payment.collected.minor % USUAL_SHARES.price.minor, payment.collected.currency)
    bought = payment.collected - rest
    if own is None or not bought:
        await _to_savings(session, ids, payment, receipt, now)
        return
    journal = postings.shares_bought(
        key=_key(payment),
        event_at=now,
        business_date=business_date(now),
        paid_from=Gl.MPESA_PAYBILL,
        shares=(own.ledger_code, bought),
    )
    await ledger.post(session, [journal])
    await _post_rest(session, payment, rest, key=f"{_key(payment)}:rest", now=now)
    facts = {
        "receipt": receipt,
        "amount": str(bought),
        "balance": str(own.balance + bought),
        "excess": str(rest) if rest else "",
    }
    await _tell(session, ids, payment, NoticeKind.SHARES_RECEIVED, facts, now)


async def _pay_fee(session: WriteSession, ids: Ids, payment: Payment, receipt: str, now: datetime) -> None:
    """A fee is said with its excise in it; what whole shillings brought above it is saved."""
    fee, excise = without_excise(payment.amount)
    journal = postings.fee_paid(
        key=_key(payment),
        event_at=now,
        business_date=business_date(now),
        received_in=Gl.MPESA_PAYBILL,
        fee=fee,
        excise=excise,
        meta={"payment": payment.payment_id, "fee": payment.subject, "member": payment.member_id},
    )
    await ledger.post(session, [journal])
    rest = payment.collected - payment.amount
    await _post_rest(session, payment, rest, key=f"{_key(payment)}:rest", now=now)
    facts = {"receipt": receipt, "amount": str(payment.amount), "fee": payment.subject}
    await _tell(session, ids, payment, NoticeKind.FEE_RECEIVED, facts, now)


def without_excise(amount: Money) -> tuple[Money, Money]:
    """A fee that holds its excise, as fee and excise.

    >>> [part.minor for part in without_excise(Money(12_000))]
    [10000, 2000]
    """
    whole = 1 + EXCISE_RATE
    fee = amount.portion(whole.denominator, whole.numerator)
    return fee, amount - fee


async def _post_rest(
    session: WriteSession, payment: Payment, rest: Money, *, key: str, now: datetime
) -> None:
    """What is left goes to the member's savings; to suspense for a member without any, where staff see it."""
    if not rest:
        return
    journal = postings.money_paid_in(
        key=key,
        kind="savings_paid_in",
        event_at=now,
        business_date=business_date(now),
        account=await account_for_excess(session, payment.member_id),
        amount=rest,
        received_in=Gl.MPESA_PAYBILL,
    )
    [posted] = await ledger.post(session, [journal])
    await suspense.note(session, posted.journal_id, journal)


async def _tell(
    session: WriteSession,
    ids: Ids,
    payment: Payment,
    kind: NoticeKind,
    facts: dict[str, str],
    now: datetime,
) -> None:
    member = await members.find(session, payment.member_id)
    await notices.tell(
        session,
        ids=ids,
        member_id=member.member_id,
        phone=payment.phone,
        kind=kind,
        language=member.language,
        facts=facts,
        key=f"payment:{payment.payment_id}:confirmed",
        now=now,
    )


def _key(payment: Payment) -> str:
    return f"payment:{payment.payment_id}"


_USE_CASES: Final[Mapping[Purpose, _UseCase]] = MappingProxyType(
    {
        Purpose.LOAN_REPAYMENT: _repay_loan,
        Purpose.SAVINGS: _save,
        Purpose.SHARES: _buy_shares,
        Purpose.FEE: _pay_fee,
    }
)
