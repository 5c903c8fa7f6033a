"""Which actions need two people? One row per action; what happens on approval is the area's use case."""

from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from core.admission import ADMIT
from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import AlreadyReversed, CurrencyMismatch, ReversalOfReversal, UnknownAccount
from core.ledger import by_hand, reversals
from core.ledger import store as ledger
from core.ledger.book_actions import BOOK_ACTIONS
from core.ledger.by_hand import HandTransaction
from core.lending.checked_changes import CHANGES
from core.savings.saving_actions import SAVING_ACTIONS
from core.shares.share_actions import SHARE_ACTIONS
from core.staff.checked import Actions, CheckedAction, Decision, by_code
from core.staff.permissions import Permission

MONEY_WAITS: Final = timedelta(days=3)
"""A request about money that nobody decided on over a long weekend is asked for again."""


async def _look_at_transaction(session: ReadSession, now: datetime, facts: HandTransaction) -> str:
    by_hand.refuse_faulty(facts, today=business_date(now))
    known = await ledger.balances(session, [line.account for line in facts.lines])
    for line in facts.lines:
        if line.account not in known:
            raise UnknownAccount(account=line.account)
        if known[line.account].currency is not facts.currency:
            raise CurrencyMismatch(left=known[line.account].currency, right=facts.currency)
    return ""


async def _post(session: WriteSession, decision: Decision, facts: HandTransaction) -> dict[str, str]:
    by_hand.refuse_faulty(facts, today=business_date(decision.at))
    journal = by_hand.journal_of(facts, key=f"by_hand:{decision.request_id}", event_at=decision.at)
    [posted] = await ledger.post(session, [journal])
    return {"journal": journal.key, "number": str(posted.journal_id)}


POST_BY_HAND: Final = CheckedAction(
    code="ledger.post_by_hand",
    facts=HandTransaction,
    propose=Permission.LEDGER_POST,
    approve=Permission.LEDGER_APPROVE,
    life=MONEY_WAITS,
    look=_look_at_transaction,
    do=_post,
)


class Reversal(msgspec.Struct, frozen=True, kw_only=True):
    """Which journal is to be undone, on which day of the books, and why."""

    journal: str
    business_date: date
    reason: str


async def _look_at_reversal(session: ReadSession, now: datetime, facts: Reversal) -> str:
    by_hand.refuse_future(facts.business_date, today=business_date(now))
    stored = await ledger.find_journal(session, facts.journal)
    by_hand.refuse_irreversible(stored.journal)
    if stored.reverses is not None:
        raise ReversalOfReversal(key=facts.journal)
    if stored.reversed_by is not None:
        raise AlreadyReversed(key=facts.journal)
    return facts.journal


async def _reverse(session: WriteSession, decision: Decision, facts: Reversal) -> dict[str, str]:
    posted = await reversals.reverse(
        session,
        facts.journal,
        event_at=decision.at,
        business_date=facts.business_date,
        reason=facts.reason,
    )
    return {"journal": f"reversal:{facts.journal}", "number": str(posted.journal_id)}


REVERSE: Final = CheckedAction(
    code="ledger.reverse",
    facts=Reversal,
    propose=Permission.LEDGER_POST,
    approve=Permission.LEDGER_APPROVE,
    life=MONEY_WAITS,
    look=_look_at_reversal,
    do=_reverse,
)

ACTIONS: Final[Actions] = by_code(
    [ADMIT, POST_BY_HAND, REVERSE, *BOOK_ACTIONS, *SAVING_ACTIONS, *SHARE_ACTIONS, *CHANGES]
)
"""Every action that needs two people, by its code."""
