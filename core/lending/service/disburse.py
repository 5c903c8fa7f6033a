"""How is a loan paid out? Its charges and old loans are taken from it; the rest goes to savings, the bank or M-Pesa."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.audit import store as audit
from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import IdempotencyConflict, LoanNotRunning, TopUpTooSmall, UnknownSavingsAccount
from core.ids import Ids
from core.ledger import postings, reversals
from core.ledger import store as ledger
from core.ledger.account import AccountTerms
from core.ledger.chart import Gl, code_in, own_account
from core.ledger.postings.sides import Part
from core.ledger.product_accounts import LoanAccounts, loan_accounts, loan_product_terms
from core.lending import event_store, guarantee_store, number_store, store
from core.lending import running as loans
from core.lending.charge_terms import ChargeKind
from core.lending.charges import Charged, PayOut, pay_out
from core.lending.events import Disbursement, DisbursementUndone
from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.loan import Loan
from core.lending.loan_state import LoanState
from core.lending.model import Product
from core.lending.ports import Disburser, LoanPayout
from core.lending.products import rules_of
from core.lending.repayment_rules import RepaymentRules
from core.lending.running import Running
from core.lending.schedule import schedule
from core.lending.service.closing import after_event, release_guarantees
from core.lending.service.repay import clear_by_new_loan
from core.lending.service.reverse import reverse_event
from core.lending.terms import Terms
from core.money import Money
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind
from core.savings import store as savings
from core.savings.model import SavingsProduct


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is paid out, as it was approved and accepted. `loan_id` makes it once."""

    loan_id: str
    member_id: str
    product: Product
    terms: Terms
    paid_to: PaidTo
    rules: RepaymentRules | None = None
    """The product's where they are not given."""
    application_id: str | None = None
    first_due_on: date | None = None
    clears: Sequence[str] = ()
    """Loans of the member that are settled from this one: a top-up."""


async def disburse(
    session: WriteSession, agreed: Agreed, *, ids: Ids, disburser: Disburser | None, by: str, now: datetime
) -> Running:
    """Pay a loan out, once by its id. To M-Pesa it is held until `settle_disbursement` or `void_disbursement`.

    Guarantees given for the application stand for the loan from now on. Raises UnknownSavingsAccount for a member
    without savings, TopUpTooSmall, UnknownLoan and LoanNotRunning for an old loan that can't be cleared,
    ContradictoryTerms, PeriodClosed, IdempotencyConflict for an id that was used for another loan.
    """
    known = await store.lock(session, agreed.loan_id)
    if known is not None:
        return await _known(session, known, agreed, now)
    today = business_date(now)
    terms = agreed.terms
    paid = pay_out(terms, total_interest=_interest(terms, today, agreed.first_due_on))
    credited = await _credited(session, agreed)
    cleared = await _clearing(session, agreed, today)
    net = paid.net - cleared
    if net.minor < 0:
        raise TopUpTooSmall(asked=paid.net.plain(), needed=cleared.plain())
    loan = await _opened(session, agreed, credited, net, today)
    nothing = Running(loan, (), LoanState(terms.principal.currency), ())
    change = loans.changed(
        nothing, Disbursement(today, terms.principal, agreed.first_due_on), entered_on=today
    )
    taken = _deductions(loan_accounts(agreed.product.code, terms.principal.currency), paid)
    in_between = (code_in(Gl.PAYOUTS_HELD, terms.principal.currency), cleared)
    journal = postings.loan_disbursed(
        loan_id=loan.loan_id,
        event_at=now,
        business_date=today,
        principal=(loan.principal_code, paid.lent),
        paid_from=credited,
        deductions=[*taken, in_between],
    )
    await ledger.post(session, [journal])
    made = await loans.save(session, change, now=now, actor=by, amount=paid.lent, journal=journal.key)
    for old in agreed.clears:
        await clear_by_new_loan(session, old, new_loan=loan.loan_id, by=by, now=now)
    if agreed.application_id is not None:
        await guarantee_store.move_to_loan(
            session, application_id=agreed.application_id, loan_id=loan.loan_id
        )
    await after_event(session, change, now=now, actor=by)
    if loan.status is LoanStatus.DISBURSING:
        await _hand_over(session, loan, net, disburser, now)
    else:
        await _tell(session, ids, made, now)
    return made


async def settle_disbursement(
    session: WriteSession,
    *,
    ids: Ids,
    loan_id: str,
    provider_charge: Money | None = None,
    receipt: str | None = None,
    by: str,
    now: datetime,
) -> Running:
    """The provider confirmed that the money arrived: the loan runs. A second call changes nothing.

    A phone takes whole shillings, so the cents go to the member's savings. Raises UnknownLoan, LoanNotRunning for a
    loan that was cancelled.
    """
    running = await loans.lock_loan(session, loan_id, on=business_date(now))
    if running.loan.status is not LoanStatus.DISBURSING:
        loans.refuse_unless_paid_out(running)
        return running
    paid_out = running.loan.paid_out or running.money(0)
    journal = postings.payout_settled(
        payment_id=loan_id,
        event_at=now,
        business_date=business_date(now),
        amount=paid_out.rounded_down_to_major(),
        provider_charge=provider_charge,
        receipt=receipt,
    )
    await ledger.post(session, [journal])
    await _save_cents(session, running.loan, paid_out, now)
    moved = await loans.move(session, running, LoanStatus.ACTIVE, on=business_date(now))
    await audit.record(session, at=now, actor=by, action="loan.payout_settled", subject=loan_id)
    await _tell(session, ids, moved, now)
    return moved


async def void_disbursement(
    session: WriteSession, *, ids: Ids, loan_id: str, reason: str, by: str, now: datetime
) -> Running:
    """The money will never arrive: the loan is undone, and with it what it cleared. A second call changes nothing.

    Raises UnknownLoan, LoanNotRunning for a loan that was settled, PeriodClosed.
    """
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    if running.loan.status is LoanStatus.CANCELLED:
        return running
    if running.loan.status is not LoanStatus.DISBURSING:
        raise LoanNotRunning(loan=loan_id, status=running.loan.status)
    first = running.entries[0]
    for old in await event_store.paid_by(session, f"top_up:{loan_id}:"):
        await reverse_event(
            session,
            key=f"void:{old.key}",
            loan_id=old.loan_id,
            number=old.number,
            reason=reason,
            by=by,
            now=now,
        )
    await reversals.reverse(
        session, f"disbursement:{loan_id}", event_at=now, business_date=today, reason=reason
    )
    change = loans.changed(running, DisbursementUndone(), entered_on=today)
    undone = await loans.save(session, change, now=now, actor=by, amount=running.money(first.amount))
    undone = await loans.move(session, undone, LoanStatus.CANCELLED, on=today)
    await event_store.note_reversed(session, loan_id, [first.event.number], by=change.event.number)
    await after_event(session, change, now=now, actor=by, reason=reason)
    await release_guarantees(session, loan_id, by=by, now=now)
    facts = {"product": undone.loan.product.code, "number": undone.loan.number}
    news = News(undone.loan.member_id, NoticeKind.LOAN_PAYOUT_FAILED, facts, f"loan:{loan_id}:payout_failed")
    await tell_members(session, ids=ids, news=[news], now=now)
    return undone


def _interest(terms: Terms, on: date, first_due_on: date | None) -> Money:
    rows = schedule(terms, on, first_due_on=first_due_on)
    return sum((row.interest for row in rows), start=Money.zero(terms.principal.currency))


async def _known(session: WriteSession, known: Loan, agreed: Agreed, now: datetime) -> Running:
    if (known.member_id, known.terms, known.paid_to) != (agreed.member_id, agreed.terms, agreed.paid_to):
        raise IdempotencyConflict(key=agreed.loan_id)
    return await loans.read_loan(session, agreed.loan_id, on=business_date(now))


async def _credited(session: WriteSession, agreed: Agreed) -> str:
    """The account that the money goes to, or through."""
    currency = agreed.terms.principal.currency
    if agreed.paid_to is PaidTo.BANK:
        return code_in(Gl.BANK, currency)
    if agreed.paid_to is PaidTo.MPESA:
        return code_in(Gl.PAYOUTS_HELD, currency)
    return await _savings_of(session, agreed.member_id)


async def _clearing(session: WriteSession, agreed: Agreed, today: date) -> Money:
    """What settles the old loans today."""
    total = Money.zero(agreed.terms.principal.currency)
    for loan_id in agreed.clears:
        old = await loans.lock_loan(session, loan_id, on=today)
        loans.refuse_unless_running(old, on=today, today=today)
        total += old.money(old.to_clear(today).total)
    return total


async def _opened(session: WriteSession, agreed: Agreed, credited: str, net: Money, today: date) -> Loan:
    """The loan with its own principal account under its product's control account."""
    currency = agreed.terms.principal.currency
    accounts = loan_accounts(agreed.product.code, currency)
    controls = loan_product_terms(agreed.product.code, agreed.product.code, currency)
    await ledger.open_accounts(session, [*controls, _principal_account(agreed)])
    loan = Loan(
        loan_id=agreed.loan_id,
        number=await number_store.next_number(session),
        member_id=agreed.member_id,
        product=agreed.product,
        terms=agreed.terms,
        rules=agreed.rules or rules_of(agreed.product),
        disbursed_on=today,
        status=LoanStatus.DISBURSING if agreed.paid_to is PaidTo.MPESA else LoanStatus.ACTIVE,
        principal_code=_principal_account(agreed).code,
        interest_code=accounts.interest_due,
        paid_to=agreed.paid_to,
        paid_to_code=credited,
        paid_out=net,
        application_id=agreed.application_id,
    )
    await store.add(session, loan)
    return loan


def _principal_account(agreed: Agreed) -> AccountTerms:
    name = f"principal of {agreed.loan_id}"
    return own_account(Gl.LOAN_PRINCIPAL, agreed.loan_id, name, agreed.terms.principal.currency)


def _deductions(accounts: LoanAccounts, paid: PayOut) -> list[Part]:
    """Where the charges taken from the loan go, and interest that is paid up front."""
    parts: list[Part] = [(accounts.interest_income, paid.interest)]
    for charged in (*paid.capitalised, *paid.deducted):
        parts += [(_income(accounts, charged), charged.amount), (accounts.excise, charged.excise)]
    return parts


def _income(accounts: LoanAccounts, charged: Charged) -> str:
    return accounts.insurance if charged.charge.kind is ChargeKind.INSURANCE else accounts.fee_income


async def _hand_over(
    session: WriteSession, loan: Loan, net: Money, disburser: Disburser | None, now: datetime
) -> None:
    if disburser is None:
        raise AssertionError("a loan to M-Pesa needs someone who pays it out")
    if net != net.rounded_down_to_major():
        # Where the cents will go when the rest has arrived.
        await _savings_of(session, loan.member_id)
    await disburser.pay_out(session, LoanPayout(loan.loan_id, loan.member_id, net), now=now)


async def _save_cents(session: WriteSession, loan: Loan, paid_out: Money, now: datetime) -> None:
    cents = paid_out - paid_out.rounded_down_to_major()
    if not cents:
        return
    journal = postings.money_transferred(
        key=f"payout:{loan.loan_id}:cents",
        kind="transfer",
        event_at=now,
        business_date=business_date(now),
        given_from=code_in(Gl.PAYOUTS_HELD, cents.currency),
        given_to=[(await _savings_of(session, loan.member_id), cents)],
    )
    await ledger.post(session, [journal])


async def _savings_of(session: WriteSession, member_id: str) -> str:
    """Raises UnknownSavingsAccount."""
    code = await savings.ledger_code(session, member_id=member_id, product=SavingsProduct.SAVINGS)
    if code is None:
        raise UnknownSavingsAccount(account=member_id)
    return code


async def _tell(session: WriteSession, ids: Ids, made: Running, now: datetime) -> None:
    loan = made.loan
    first = next((row for row in made.state.rows if row.outstanding), None)
    facts = {
        "product": loan.product.code,
        "number": loan.number,
        "amount": str(loan.paid_out or loan.principal),
        "due": str(made.money(0 if first is None else first.outstanding)),
        "on": "" if first is None else first.due_on.isoformat(),
    }
    news = News(loan.member_id, NoticeKind.LOAN_PAID_OUT, facts, f"loan:{loan.loan_id}:paid_out")
    await tell_members(session, ids=ids, news=[news], now=now)
