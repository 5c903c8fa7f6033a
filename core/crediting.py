"""What does money that came do, by purpose? It is posted where it belongs, and the member hears of it."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
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


@dataclass(frozen=True, slots=True)
class Received:
    """How the money came: under which receipt, into which account of the books, when, and when it was paid."""

    receipt: str
    now: datetime
    paid_on: date | None = None
    """The day it was paid, where we hear of it later."""
    source: str = Gl.MPESA_PAYBILL
    """Suspense for money that waited there."""


async def credit(session: WriteSession, ids: Ids, payment: Payment, received: Received) -> None:
    """Post a confirmed payment and tell the member; once, as its caller confirms a payment once.

    Money is never sent back for a purpose that is gone by now: it goes to the member's savings, else to suspense.
    """
    await _USE_CASES[payment.purpose](session, ids, payment, received)


def journals_of(payment: Payment) -> tuple[str, str]:
    """The keys of what `credit` posts: the payment itself, and what was left of it, if anything was."""
    return _key(payment), f"{_key(payment)}:rest"


class _UseCase(Protocol):
    def __call__(
        self, session: WriteSession, ids: Ids, payment: Payment, received: Received
    ) -> Awaitable[None]: ...


async def _repay_loan(session: WriteSession, ids: Ids, payment: Payment, received: Received) -> None:
    result = await apply_repayment(
        session, payment, now=received.now, paid_on=received.paid_on, paid_from=received.source
    )
    facts = {
        "receipt": received.receipt,
        "amount": str(payment.collected),
        "product": result.loan.product.code,
        "balance": str(result.to_clear),
        "excess": str(result.excess) if result.excess else "",
    }
    kind = NoticeKind.LOAN_CLEARED if result.is_cleared else NoticeKind.REPAYMENT_RECEIVED
    await _tell(session, ids, payment, kind, facts, received.now)


async def _save(session: WriteSession, ids: Ids, payment: Payment, received: Received) -> None:
    account = (await savings.lock(session, [payment.subject])).get(payment.subject)
    if account is None or not savings_rules.takes_money(account):
        await _to_savings(session, ids, payment, received)
        return
    journal = postings.money_paid_in(
        key=_key(payment),
        kind="deposit_paid_in" if account.product is SavingsProduct.DEPOSITS else "savings_paid_in",
        event_at=received.now,
        business_date=business_date(received.now),
        account=account.ledger_code,
        amount=payment.collected,
        received_in=received.source,
    )
    await ledger.post(session, [journal])
    balance = account.balance + payment.collected
    await _tell_saved(session, ids, payment, received, account.product, balance)


async def _to_savings(session: WriteSession, ids: Ids, payment: Payment, received: Received) -> None:
    """Where it was meant for takes nothing any more."""
    code = await account_for_excess(session, payment.member_id)
    await _post_rest(session, payment, payment.collected, key=_key(payment), received=received)
    if code == Gl.SUSPENSE:
        facts = {"receipt": received.receipt, "amount": str(payment.collected)}
        await _tell(session, ids, payment, NoticeKind.RECEIPT_WAITS, facts, received.now)
        return
    balance = await ledger.balance(session, code)
    await _tell_saved(session, ids, payment, received, SavingsProduct.SAVINGS, balance)


async def _tell_saved(
    session: WriteSession,
    ids: Ids,
    payment: Payment,
    received: Received,
    product: SavingsProduct,
    balance: Money,
) -> None:
    facts = {
        "receipt": received.receipt,
        "amount": str(payment.collected),
        "account": product.value,
        "balance": str(balance),
    }
    await _tell(session, ids, payment, NoticeKind.SAVINGS_RECEIVED, facts, received.now)


async def _buy_shares(session: WriteSession, ids: Ids, payment: Payment, received: Received) -> None:
    """As many whole shares as the money buys; the rest is saved."""
    own = (await shares.lock(session, [payment.member_id])).get(payment.member_id)
    rest = Money(payment.collected.minor % USUAL_SHARES.price.minor, payment.collected.currency)
    bought = payment.collected - rest
    if own is None or not bought:
        await _to_savings(session, ids, payment, received)
        return
    journal = postings.shares_bought(
        key=_key(payment),
        event_at=received.now,
        business_date=business_date(received.now),
        paid_from=received.source,
        shares=(own.ledger_code, bought),
    )
    await ledger.post(session, [journal])
    await _post_rest(session, payment, rest, key=journals_of(payment)[1], received=received)
    facts = {
        "receipt": received.receipt,
        "amount": str(bought),
        "balance": str(own.balance + bought),
        "excess": str(rest) if rest else "",
    }
    await _tell(session, ids, payment, NoticeKind.SHARES_RECEIVED, facts, received.now)


async def _pay_fee(session: WriteSession, ids: Ids, payment: Payment, received: Received) -> None:
    """A fee is said with its excise in it; what whole shillings brought above it is saved."""
    fee, excise = without_excise(payment.amount)
    journal = postings.fee_paid(
        key=_key(payment),
        event_at=received.now,
        business_date=business_date(received.now),
        received_in=received.source,
        fee=fee,
        excise=excise,
        meta={"payment": payment.payment_id, "fee": payment.subject, "member": payment.member_id},
    )
    await ledger.post(session, [journal])
    rest = payment.collected - payment.amount
    await _post_rest(session, payment, rest, key=journals_of(payment)[1], received=received)
    facts = {"receipt": received.receipt, "amount": str(payment.amount), "fee": payment.subject}
    await _tell(session, ids, payment, NoticeKind.FEE_RECEIVED, facts, received.now)


def without_excise(amount: Money) -> tuple[Money, Money]:
    """A fee that holds its excise, as fee and excise.

    >>> [part.minor for part in without_excise(Money(12_000))]
    [10000, 2000]
    """
    whole = 1 + EXCISE_RATE
    fee = amount.portion(whole.denominator, whole.numerator)
    return fee, amount - fee


async def _post_rest(
    session: WriteSession, payment: Payment, rest: Money, *, key: str, received: Received
) -> None:
    """What is left goes to the member's savings; to suspense for a member without any, where staff see it."""
    if not rest:
        return
    journal = postings.money_paid_in(
        key=key,
        kind="savings_paid_in",
        event_at=received.now,
        business_date=business_date(received.now),
        account=await account_for_excess(session, payment.member_id),
        amount=rest,
        received_in=received.source,
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
