"""Which actions need two people? One row per action; what happens on approval is the area's use case."""

from datetime import datetime, timedelta
from typing import Final

from core.admission import ADMIT
from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.ledger import by_hand
from core.ledger import store as ledger
from core.ledger.by_hand import HandTransaction
from core.staff.checked import Actions, CheckedAction, Decision, by_code
from core.staff.permissions import Permission

MONEY_WAITS: Final = timedelta(days=3)
"""A request about money that nobody decided on over a long weekend is asked for again."""


async def _look_at_transaction(session: ReadSession, now: datetime, facts: HandTransaction) -> str:
    by_hand.refuse_faulty(facts, today=business_date(now))
    await ledger.refuse_unknown(session, [line.account for line in facts.lines], facts.currency)
    return ""


async def _post(session: WriteSession, decision: Decision, facts: HandTransaction) -> dict[str, str]:
    by_hand.refuse_faulty(facts, today=business_date(decision.at))
    journal = by_hand.journal_of(facts, key=f"by_hand:{decision.request_id}", event_at=decision.at)
    [posted] = await ledger.post(session, [journal])
    return {"journal": str(posted.journal_id)}


POST_BY_HAND: Final = CheckedAction(
    code="ledger.post_by_hand",
    facts=HandTransaction,
    propose=Permission.LEDGER_POST,
    approve=Permission.LEDGER_APPROVE,
    life=MONEY_WAITS,
    look=_look_at_transaction,
    do=_post,
)

ACTIONS: Final[Actions] = by_code([ADMIT, POST_BY_HAND])
"""Every action that needs two people, by its code."""
