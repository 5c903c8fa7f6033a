"""Money came to the paybill: credit it where it surely belongs, else keep it in suspense for a person. Once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from core import settlement
from core.audit import security
from core.audit import store as audit
from core.clock import business_date
from core.crediting import Received, credit
from core.db.engine import ReadSession, WriteSession
from core.ids import Ids
from core.ledger import postings, suspense
from core.ledger.chart import Gl
from core.lending import store as loans
from core.members import store as members
from core.members.model import Member
from core.money import Money
from core.notices import service as notices
from core.notices.model import NoticeKind
from core.payments import receipt_store, store
from core.payments import service as payments
from core.payments.model import FactSource, Payment, PaymentState, account_reference
from core.payments.ports import Enquiry, Outcome
from core.payments.receipt import PaybillReceipt, ReceiptState
from core.payments.references import AUTOMATIC_FROM, Match, Reference, rank, read_reference, sure
from core.phone import Msisdn
from core.receiving.candidates import NationalIds, candidates_for, payer_of
from core.receiving.division import Holdings, Intention, LoanAsks, PaymentPart, divide
from core.savings import store as savings
from core.savings.model import Account, SavingsProduct
from core.savings.rules import takes_money
from core.shares import store as shares

CHANNEL = "paybill"
"""The channel of payments that no prompt of ours began."""

_SUGGESTIONS_MOST = 5

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Matching:
    """How receipts find members."""

    national_ids: NationalIds | None = None
    """None where the society keeps none."""
    automatic_from: int = AUTOMATIC_FROM
    """The confidence below which a person decides."""


def suspense_key(receipt: str) -> str:
    """The key of the journal that keeps a receipt in suspense."""
    return f"paybill:{receipt}"


async def receive(
    session: WriteSession, ids: Ids, receipt: PaybillReceipt, *, matching: Matching, now: datetime
) -> ReceiptState:
    """Post a receipt, once however often it is confirmed; what became of it, now or the first time.

    The same receipt with other money in it changes nothing and is noted as looking like an attack.
    """
    if not await receipt_store.add(session, receipt, at=now):
        return await _again(session, receipt, now)
    prompt = await store.lock_prompted(
        session, account_reference=read_reference(receipt.reference).text, receipt=receipt.receipt
    )
    if prompt is not None and await _is_prompts_money(session, ids, prompt, receipt, now):
        await receipt_store.decide(
            session,
            receipt.receipt,
            ReceiptState.PROMPTED,
            why=prompt.payment_id,
            member_id=prompt.member_id,
        )
        return ReceiptState.PROMPTED
    match, others = await _matched(session, receipt, prompt, matching)
    parts = () if match is None else await _parts(session, receipt, match, prompt, now)
    if match is None or not parts:
        await _keep_in_suspense(session, ids, receipt, others, now)
        return ReceiptState.SUSPENSE
    await receipt_store.decide(
        session, receipt.receipt, ReceiptState.CREDITED, why=match.why, member_id=match.member_id
    )
    member = await members.find(session, match.member_id)
    received = Received(receipt.receipt, now, paid_on=business_date(receipt.paid_at))
    await credit_parts(session, ids, member, parts, received)
    return ReceiptState.CREDITED


async def is_understood(session: ReadSession, receipt: PaybillReceipt, *, matching: Matching) -> bool:
    """Whether a payment with this reference would be credited without a person."""
    reference = read_reference(receipt.reference)
    if await store.is_prompted(session, reference.text):
        return True
    payer = await payer_of(session, receipt)
    found = await candidates_for(session, reference, payer, national_ids=matching.national_ids)
    return sure(rank(reference, found, payer), automatic_from=matching.automatic_from) is not None


async def _again(session: WriteSession, receipt: PaybillReceipt, now: datetime) -> ReceiptState:
    known = await receipt_store.find(session, receipt.receipt)
    if (known.receipt.amount, known.receipt.reference) != (receipt.amount, receipt.reference):
        _log.warning("a receipt came again as another", receipt=receipt.receipt)
        detail = f"{receipt.receipt}: {known.receipt.amount.plain()}, then {receipt.amount.plain()}"
        await security.note(session, kind="payments.receipt_changed", source="paybill", detail=detail, at=now)
    return known.state


async def _is_prompts_money(
    session: WriteSession, ids: Ids, prompt: Payment, receipt: PaybillReceipt, now: datetime
) -> bool:
    """Whether this is the money of our own prompt: then its payment is confirmed by it, if it wasn't yet."""
    if prompt.receipt is not None or receipt.amount != prompt.collected:
        return prompt.receipt == receipt.receipt and receipt.amount == prompt.collected
    heard = Enquiry(Outcome.PAID, "0", "paybill confirmation", receipt=receipt.receipt, amount=receipt.amount)
    await payments.hear_in(
        session, payment_id=prompt.payment_id, source=FactSource.PAYBILL, heard=heard, now=now
    )
    settled = await settlement.settle_heard(session, ids, payment_id=prompt.payment_id, now=now)
    return settled.receipt == receipt.receipt


async def _matched(
    session: ReadSession, receipt: PaybillReceipt, prompt: Payment | None, matching: Matching
) -> tuple[Match | None, Sequence[Match]]:
    """The member who was meant without doubt, and who else may have been."""
    if prompt is not None:
        match = Match(prompt.member_id, 100, "reference of an earlier prompt")
        # A prompt that still rings, and money that isn't its: somebody should look before it is given away.
        is_over = prompt.state in {PaymentState.CONFIRMED, PaymentState.FAILED}
        return (match if is_over and prompt.receipt != receipt.receipt else None), [match]
    reference = read_reference(receipt.reference)
    payer = await payer_of(session, receipt)
    found = await candidates_for(session, reference, payer, national_ids=matching.national_ids)
    ranked = rank(reference, found, payer)
    return sure(ranked, automatic_from=matching.automatic_from), ranked[:_SUGGESTIONS_MOST]


async def _parts(
    session: ReadSession, receipt: PaybillReceipt, match: Match, prompt: Payment | None, now: datetime
) -> tuple[PaymentPart, ...]:
    if prompt is not None:
        return (PaymentPart(prompt.purpose, prompt.subject, receipt.amount),)
    asked = _intention(read_reference(receipt.reference), match)
    return divide(receipt.amount, asked, await holdings(session, match.member_id, now=now))


def _intention(reference: Reference, match: Match) -> Intention:
    return Intention(reference.wanted, match.loan_id, reference.loan_place)


async def holdings(session: ReadSession, member_id: str, *, now: datetime) -> Holdings:
    """Where a member's money can go today."""
    accounts = await savings.of_member(session, member_id)
    running = await loans.running(session, member_id, today=business_date(now))
    own_shares = await shares.find(session, member_id)
    return Holdings(
        loans=tuple(
            LoanAsks(each.loan_id, each.owed.due_now, max(each.owed.due_now, each.owed.to_clear))
            for each in running
        ),
        savings=_first(accounts, SavingsProduct.SAVINGS),
        deposits=_first(accounts, SavingsProduct.DEPOSITS),
        shares=None if own_shares is None else own_shares.account_id,
    )


def _first(accounts: Sequence[Account], product: SavingsProduct) -> str | None:
    fitting = (each.account_id for each in accounts if each.product is product and takes_money(each))
    return next(fitting, None)


async def credit_parts(
    session: WriteSession,
    ids: Ids,
    member: Member,
    parts: Sequence[PaymentPart],
    received: Received,
) -> list[Payment]:
    """Post a receipt's money, a payment for each of its parts, and tell the member of each."""
    credited = []
    for number, part in enumerate(parts, 1):
        payment = _payment(ids, member, part, received)
        await store.add_received(session, payment, channel=CHANNEL, part=number)
        await credit(session, ids, payment, received)
        await audit.record(
            session,
            at=received.now,
            actor="provider",
            action="payment.received",
            subject=payment.payment_id,
            facts={"amount": part.amount.plain(), "purpose": part.purpose, "receipt": received.receipt},
        )
        credited.append(payment)
    return credited


def _payment(ids: Ids, member: Member, part: PaymentPart, received: Received) -> Payment:
    payment_id = ids.new("pay")
    return Payment(
        payment_id=payment_id,
        member_id=member.member_id,
        purpose=part.purpose,
        subject=part.subject,
        phone=member.phone,
        amount=part.amount,
        collected=part.amount,
        account_reference=account_reference(payment_id),
        state=PaymentState.CONFIRMED,
        provider_request_id=None,
        receipt=received.receipt,
        reason="",
        enquiries=0,
        requested_at=received.now,
        sent_at=None,
    )


async def _keep_in_suspense(
    session: WriteSession, ids: Ids, receipt: PaybillReceipt, others: Sequence[Match], now: datetime
) -> None:
    """The money is booked, staff have it on their list, and a payer whom we know hears of it at once."""
    journal = postings.receipt_unmatched(
        key=suspense_key(receipt.receipt),
        event_at=now,
        business_date=business_date(now),
        received_in=Gl.MPESA_PAYBILL,
        amount=receipt.amount,
        meta={"receipt": receipt.receipt, "reference": receipt.reference, "payer": receipt.payer_name},
    )
    await suspense.keep(session, journal)
    await receipt_store.decide(
        session, receipt.receipt, ReceiptState.SUSPENSE, why="nobody for sure", suggestions=others
    )
    payer = await payer_of(session, receipt)
    if payer.member_id is not None:
        member = await members.find(session, payer.member_id)
        await _tell_waiting(session, ids, member, receipt.receipt, receipt.amount, now)


async def _tell_waiting(
    session: WriteSession, ids: Ids, member: Member, receipt: str, amount: Money, now: datetime
) -> None:
    phone: Msisdn = member.phone
    await notices.tell(
        session,
        ids=ids,
        member_id=member.member_id,
        phone=phone,
        kind=NoticeKind.RECEIPT_WAITS,
        language=member.language,
        facts={"receipt": receipt, "amount": str(amount)},
        key=f"paybill:{receipt}:waits",
        now=now,
    )
