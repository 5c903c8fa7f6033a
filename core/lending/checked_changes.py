"""Which changes of a running loan need two people? What each is asked with, and what happens when the second agrees."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

import msgspec

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import AmountNotPositive, ContradictoryTerms, UnknownLoanEvent
from core.lending import running as loans
from core.lending.events import Reschedule
from core.lending.model import percent
from core.lending.service import charge_back
from core.lending.service.call_guarantees import call_guarantees
from core.lending.service.charges import waive_charge
from core.lending.service.reschedule import refuse_settled, reschedule
from core.lending.service.reverse import reverse_event
from core.lending.service.write_off import write_off
from core.money import Money
from core.staff.checked import CheckedAction, Decision
from core.staff.permissions import Permission

WAITS: Final = timedelta(days=3)
"""A request that nobody decided on over a long weekend is asked for again."""


class LoanChange(msgspec.Struct, frozen=True, kw_only=True):
    """Which loan is to be changed, and why."""

    loan: str
    reason: str


class EventChange(msgspec.Struct, frozen=True, kw_only=True):
    """Which event of which loan is to be undone or let off, and why."""

    loan: str
    event: int
    reason: str


class TakenBack(msgspec.Struct, frozen=True, kw_only=True):
    """How much of which payment a bank or provider took back; the amount as decimal text."""

    loan: str
    event: int
    amount: str
    reason: str


class NewPlan(msgspec.Struct, frozen=True, kw_only=True):
    """From the row due on a day: another due date, more rows, or another rate. What is None stays."""

    loan: str
    reason: str
    from_due: date
    new_due: date | None = None
    extra_instalments: int = 0
    percent_per_year: str | None = None

    def event(self, today: date) -> Reschedule:
        """What it means for the loan. Raises ContradictoryTerms where nothing is to change."""
        if self.new_due is None and not self.extra_instalments and self.percent_per_year is None:
            raise ContradictoryTerms("nothing_changed", given="0", limit="1")
        rate: Fraction | None = None if self.percent_per_year is None else percent(self.percent_per_year)
        return Reschedule(today, self.from_due, self.new_due, self.extra_instalments, rate)


async def _look_at_loan(session: ReadSession, now: datetime, facts: LoanChange) -> str:
    running = await loans.read_loan(session, facts.loan, on=business_date(now))
    loans.refuse_unless_running(running, on=business_date(now), today=business_date(now))
    return facts.loan


async def _look_at_event(session: ReadSession, now: datetime, facts: EventChange) -> str:
    running = await loans.read_loan(session, facts.loan, on=business_date(now))
    loans.refuse_unless_paid_out(running)
    if running.entry(facts.event) is None:
        raise UnknownLoanEvent(event=facts.event)
    return facts.loan


async def _look_at_plan(session: ReadSession, now: datetime, facts: NewPlan) -> str:
    today = business_date(now)
    running = await loans.read_loan(session, facts.loan, on=today)
    loans.refuse_unless_running(running, on=today, today=today)
    plan = facts.event(today)
    refuse_settled(running, plan)
    loans.changed(running, plan, entered_on=today)
    return facts.loan


async def _look_at_chargeback(session: ReadSession, now: datetime, facts: TakenBack) -> str:
    running = await loans.read_loan(session, facts.loan, on=business_date(now))
    amount = Money.parse(facts.amount)
    if amount.minor <= 0:
        raise AmountNotPositive(amount=facts.amount)
    charge_back.refuse_unfit(running, facts.event, amount)
    return facts.loan


def _key(decision: Decision) -> str:
    return f"request:{decision.request_id}"


async def _reverse(session: WriteSession, decision: Decision, facts: EventChange) -> dict[str, str]:
    made = await reverse_event(
        session,
        key=_key(decision),
        loan_id=facts.loan,
        number=facts.event,
        reason=facts.reason,
        by=decision.checker,
        now=decision.at,
    )
    return _outcome(made)


async def _waive(session: WriteSession, decision: Decision, facts: EventChange) -> dict[str, str]:
    made = await waive_charge(
        session,
        key=_key(decision),
        loan_id=facts.loan,
        number=facts.event,
        reason=facts.reason,
        by=decision.checker,
        now=decision.at,
    )
    return _outcome(made)


async def _write_off(session: WriteSession, decision: Decision, facts: LoanChange) -> dict[str, str]:
    made = await write_off(
        session,
        key=_key(decision),
        loan_id=facts.loan,
        reason=facts.reason,
        by=decision.checker,
        now=decision.at,
    )
    return _outcome(made)


async def _call(session: WriteSession, decision: Decision, facts: LoanChange) -> dict[str, str]:
    called = await call_guarantees(
        session,
        ids=decision.ids,
        key=_key(decision),
        loan_id=facts.loan,
        by=decision.checker,
        now=decision.at,
    )
    taken = called.recovery
    return {"own_deposits": taken.own_deposits.plain(), "uncovered": taken.uncovered.plain()}


async def _charge_back(session: WriteSession, decision: Decision, facts: TakenBack) -> dict[str, str]:
    made = await charge_back.charge_back(
        session,
        key=_key(decision),
        loan_id=facts.loan,
        number=facts.event,
        amount=Money.parse(facts.amount),
        reason=facts.reason,
        by=decision.checker,
        now=decision.at,
    )
    return _outcome(made)


async def _reschedule(session: WriteSession, decision: Decision, facts: NewPlan) -> dict[str, str]:
    made = await reschedule(
        session,
        ids=decision.ids,
        key=_key(decision),
        loan_id=facts.loan,
        what=facts.event(business_date(decision.at)),
        reason=facts.reason,
        by=decision.checker,
        now=decision.at,
    )
    return _outcome(made)


def _outcome(made: loans.Running) -> dict[str, str]:
    return {"event": str(made.entries[-1].event.number), "status": made.loan.status}


def _of_event(
    code: str, do: Callable[[WriteSession, Decision, EventChange], Awaitable[dict[str, str]]]
) -> CheckedAction[EventChange]:
    return CheckedAction(
        code=code,
        facts=EventChange,
        propose=Permission.LOANS_SERVE,
        approve=Permission.LOANS_DECIDE,
        life=WAITS,
        look=_look_at_event,
        do=do,
    )


def _of_loan(
    code: str, do: Callable[[WriteSession, Decision, LoanChange], Awaitable[dict[str, str]]]
) -> CheckedAction[LoanChange]:
    return CheckedAction(
        code=code,
        facts=LoanChange,
        propose=Permission.LOANS_SERVE,
        approve=Permission.LOANS_DECIDE,
        life=WAITS,
        look=_look_at_loan,
        do=do,
    )


REVERSE_EVENT: Final = _of_event("loans.reverse", _reverse)
WAIVE_CHARGE: Final = _of_event("loans.waive_charge", _waive)
WRITE_OFF: Final = _of_loan("loans.write_off", _write_off)
CALL_GUARANTEES: Final = _of_loan("loans.call_guarantees", _call)
RESCHEDULE: Final = CheckedAction(
    code="loans.reschedule",
    facts=NewPlan,
    propose=Permission.LOANS_SERVE,
    approve=Permission.LOANS_DECIDE,
    life=WAITS,
    look=_look_at_plan,
    do=_reschedule,
)

CHARGE_BACK: Final = CheckedAction(
    code="loans.charge_back",
    facts=TakenBack,
    propose=Permission.LOANS_SERVE,
    approve=Permission.LOANS_DECIDE,
    life=WAITS,
    look=_look_at_chargeback,
    do=_charge_back,
)

CHANGES: Final = (REVERSE_EVENT, WAIVE_CHARGE, WRITE_OFF, CALL_GUARANTEES, RESCHEDULE, CHARGE_BACK)
"""Every change of a loan that needs two people."""
