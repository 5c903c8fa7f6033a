"""Which work on withheld tax needs two people? The rates, and where a member pays tax."""

from datetime import date, datetime
from fractions import Fraction
from typing import Final

import msgspec

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import ContradictorySavingsTerms
from core.members import store as members
from core.savings.saving_actions import SAVINGS_WAIT
from core.savings.service import interest
from core.savings.withholding import Residence, TaxedPayment
from core.staff.checked import CheckedAction, Decision
from core.staff.permissions import Permission


class WithholdingRate(msgspec.Struct, frozen=True, kw_only=True):
    """What is withheld from a kind of payment from a day on: percent as decimal text."""

    payment: TaxedPayment
    residence: Residence
    since: date
    percent: str
    reason: str


async def _look_at_rate(session: ReadSession, now: datetime, facts: WithholdingRate) -> str:
    _ = session
    _refuse(facts, today=business_date(now))
    return f"withholding:{facts.payment}:{facts.residence}:{facts.since.isoformat()}"


async def _set_rate(session: WriteSession, decision: Decision, facts: WithholdingRate) -> dict[str, str]:
    _refuse(facts, today=business_date(decision.at))
    await interest.set_withholding(
        session,
        payment=facts.payment,
        residence=facts.residence,
        since=facts.since,
        percent=Fraction(facts.percent),
        by=decision.maker,
        now=decision.at,
    )
    return {"payment": facts.payment, "residence": facts.residence, "percent": facts.percent}


def _refuse(facts: WithholdingRate, *, today: date) -> None:
    """What was withheld on days that are over stays; who is exempt has no rate."""
    if facts.residence is Residence.EXEMPT:
        raise ContradictorySavingsTerms(what="residence", value=facts.residence)
    if facts.since < today:
        raise ContradictorySavingsTerms(what="since", value=facts.since.isoformat())


SET_WITHHOLDING: Final = CheckedAction(
    code="savings.set_withholding",
    facts=WithholdingRate,
    propose=Permission.SAVINGS_TERMS,
    approve=Permission.SAVINGS_APPROVE,
    life=SAVINGS_WAIT,
    look=_look_at_rate,
    do=_set_rate,
)


class TaxResidence(msgspec.Struct, frozen=True, kw_only=True):
    """Where a member pays tax from now on, and what shows it."""

    member_id: str
    residence: Residence
    reason: str


async def _look_at_residence(session: ReadSession, now: datetime, facts: TaxResidence) -> str:
    _ = now
    await members.find(session, facts.member_id)
    return f"residence:{facts.member_id}"


async def _set_residence(session: WriteSession, decision: Decision, facts: TaxResidence) -> dict[str, str]:
    await interest.set_residence(
        session,
        member_id=facts.member_id,
        residence=facts.residence,
        by=decision.maker,
        now=decision.at,
    )
    return {"member": facts.member_id, "residence": facts.residence}


SET_RESIDENCE: Final = CheckedAction(
    code="savings.set_residence",
    facts=TaxResidence,
    propose=Permission.SAVINGS_TERMS,
    approve=Permission.SAVINGS_APPROVE,
    life=SAVINGS_WAIT,
    look=_look_at_residence,
    do=_set_residence,
)

TAX_ACTIONS: Final = (SET_WITHHOLDING, SET_RESIDENCE)
