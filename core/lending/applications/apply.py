"""How does a member apply for a loan? What they want is held against their limit, and both are kept."""

from collections.abc import Sequence
from datetime import date, datetime

from core.audit import store as audit
from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import (
    ApplicationAlreadyOpen,
    LoanNotRunning,
    MemberNotActive,
    TopUpTooSmall,
    UnknownLoan,
)
from core.ids import Ids
from core.lending import running as loans
from core.lending.applications import limits, store
from core.lending.applications.model import APPLICATION_LIFE, Application, ApplicationState
from core.lending.applications.telling import tell_applicant
from core.lending.eligibility import Pay
from core.lending.eligibility_store import eligibility_facts
from core.lending.lifecycle import LoanStatus
from core.lending.policies import Purpose
from core.members import store as members
from core.members.model import MemberStatus
from core.money import Money
from core.notices.model import NoticeKind


async def apply_for_loan(
    session: WriteSession,
    ids: Ids,
    *,
    application_id: str,
    member_id: str,
    product: str,
    amount: Money,
    instalments: int,
    purpose: Purpose,
    channel: str,
    by: str,
    now: datetime,
    pay: Pay | None = None,
    clears: Sequence[str] = (),
) -> Application:
    """Write an application down, once by its id. `by` is the member, or who of staff writes for them.

    `clears` are loans of the member that the new one pays off: they don't count toward the limit, but what is late on
    them does. Raises UnknownMember, MemberNotActive, UnknownLoanProduct, LoanTermNotOffered, PurposeNotLentFor,
    LoanBelowLeast, LoanAboveLimit with the rule that binds, ApplicationAlreadyOpen; UnknownLoan, LoanNotRunning
    and TopUpTooSmall for what it is to clear.
    """
    member = await members.lock(session, member_id)
    if member.status is not MemberStatus.ACTIVE:
        raise MemberNotActive(status=member.status)
    known = await store.find(session, application_id)
    if known is not None and known.member_id == member_id:
        return known
    policy = limits.policy_of(product)
    limits.refuse_term(policy, instalments)
    limits.refuse_purpose(policy, purpose)
    await _refuse_clearing(session, member_id, clears, amount, on=business_date(now))
    facts = await eligibility_facts(session, member_id, business_date(now), pay=pay, clears=clears)
    allowed = limits.limit_on(facts, policy, instalments)
    limits.refuse_amount(amount, policy, allowed)
    application = Application(
        application_id=application_id,
        number=await store.next_number(session),
        member_id=member_id,
        product=product,
        asked=amount,
        asked_instalments=instalments,
        purpose=purpose,
        channel=channel,
        written_by=by,
        state=ApplicationState.APPLIED,
        applied_at=now,
        expires_at=now + APPLICATION_LIFE,
        pay=pay,
        clears=tuple(dict.fromkeys(clears)),
    )
    if not await store.add(session, application, facts=facts, shown=allowed):
        raise ApplicationAlreadyOpen(product=product)
    await _record(session, application, by=by, now=now)
    await tell_applicant(session, ids, application, NoticeKind.LOAN_APPLIED, now=now)
    return application


async def _record(session: WriteSession, application: Application, *, by: str, now: datetime) -> None:
    facts = {
        "member": application.member_id,
        "product": application.product,
        "amount": application.asked.plain(),
        "channel": application.channel,
    }
    if application.clears:
        facts["clears"] = " ".join(application.clears)
    await audit.record(
        session,
        at=now,
        actor=by,
        action="loan_application.applied",
        subject=application.application_id,
        facts=facts,
    )


async def _refuse_clearing(
    session: ReadSession, member_id: str, clears: Sequence[str], amount: Money, *, on: date
) -> None:
    """Only running loans of the member's own are cleared, and by a loan that can."""
    needed = Money.zero(amount.currency)
    for loan_id in dict.fromkeys(clears):
        running = await loans.read_loan(session, loan_id, on=on)
        if running.loan.member_id != member_id:
            raise UnknownLoan(loan=loan_id)
        if running.loan.status is not LoanStatus.ACTIVE:
            raise LoanNotRunning(loan=loan_id, status=running.loan.status)
        needed += running.money(running.to_clear(on).total)
    if needed > amount:
        raise TopUpTooSmall(asked=amount.plain(), needed=needed.plain())
