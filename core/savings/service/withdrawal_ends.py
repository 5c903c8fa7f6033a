"""How does a withdrawal end? The money is with the member, or back in the account; and the rare case of both."""

from datetime import datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.ids import Ids
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.chart import Gl
from core.ledger.postings.sides import Part
from core.members import store as members
from core.money import Money
from core.notices import service as notices
from core.notices.model import NoticeKind
from core.payouts.model import Payout
from core.savings import store
from core.savings.model import Account
from core.savings.products import USUAL_PRODUCTS, Catalogue


def charged(payout: Payout, account: Account, products: Catalogue = USUAL_PRODUCTS) -> tuple[Part, Part]:
    """Where the fee and the excise on it are booked."""
    accounts = products.accounts(account.product, payout.amount.currency)
    return (accounts.fee_income, payout.fee), (accounts.excise, payout.excise)


async def withdrawal_settled(
    session: WriteSession, ids: Ids, payout: Payout, *, receipt: str | None, now: datetime
) -> None:
    """The money is with the member: post it out of the float and say so."""
    await _post_settled(session, payout, receipt, now=now)
    account = await _account(session, payout)
    facts = {
        "amount": str(payout.amount),
        "cost": str(payout.fee + payout.excise),
        "receipt": receipt or "",
        "account": account.product.value,
        "balance": str(account.balance),
    }
    await _tell(session, ids, payout, NoticeKind.WITHDRAWAL_PAID, facts, now=now)


async def withdrawal_voided(
    session: WriteSession, ids: Ids, payout: Payout, *, reason: str, now: datetime
) -> None:
    """The money never left: it is back in the account, what was charged with it."""
    account = await _account(session, payout)
    charge, excise = charged(payout, account)
    journal = postings.payout_voided(
        payment_id=payout.payout_id,
        event_at=now,
        business_date=business_date(now),
        account=account.ledger_code,
        amount=payout.amount,
        charge=charge,
        excise=excise,
    )
    await ledger.post(session, [journal])
    facts = {"amount": str(payout.amount), "account": account.product.value, "reason": reason}
    await _tell(session, ids, payout, NoticeKind.WITHDRAWAL_FAILED, facts, now=now)


async def withdrawal_paid_late(
    session: WriteSession, ids: Ids, payout: Payout, *, receipt: str | None, now: datetime
) -> None:
    """It was given back, and the money left after all: take it again, or let the member owe it where it is spent."""
    account = await _account(session, payout)
    charge, excise = charged(payout, account)
    nothing = Money.zero(payout.amount.currency)
    if account.available >= payout.total:
        owed_by, parts = account.ledger_code, (charge, excise)
    else:
        owed_by, parts = Gl.OTHER_RECEIVABLES.value, ((charge[0], nothing), (excise[0], nothing))
    journal = postings.payout_paid_late(
        payment_id=payout.payout_id,
        event_at=now,
        business_date=business_date(now),
        owed_by=owed_by,
        amount=payout.amount,
        charge=parts[0],
        excise=parts[1],
    )
    await ledger.post(session, [journal])
    await _post_settled(session, payout, receipt, now=now)
    facts = {"amount": str(payout.amount), "receipt": receipt or "", "account": account.product.value}
    await _tell(session, ids, payout, NoticeKind.WITHDRAWAL_PAID_LATE, facts, now=now)


async def _post_settled(session: WriteSession, payout: Payout, receipt: str | None, *, now: datetime) -> None:
    journal = postings.payout_settled(
        payment_id=payout.payout_id,
        event_at=now,
        business_date=business_date(now),
        amount=payout.amount,
        receipt=receipt,
    )
    await ledger.post(session, [journal])


async def _account(session: WriteSession, payout: Payout) -> Account:
    return (await store.lock(session, [payout.subject]))[payout.subject]


async def _tell(
    session: WriteSession, ids: Ids, payout: Payout, kind: NoticeKind, facts: dict[str, str], *, now: datetime
) -> None:
    """To the phone that the money was to reach; the member may have another by now."""
    member = await members.find(session, payout.member_id)
    await notices.tell(
        session,
        ids=ids,
        member_id=member.member_id,
        phone=payout.phone,
        kind=kind,
        language=member.language,
        facts=facts,
        key=f"payout:{payout.payout_id}:{kind}",
        now=now,
    )
