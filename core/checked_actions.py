"""Which actions need two people? One row per action; what happens on approval is the area's use case."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from core.admission import ADMIT
from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import CurrencyMismatch, UnknownAccount
from core.ledger import by_hand, periods, postings, reversals
from core.ledger import store as ledger
from core.ledger.book_actions import BOOK_ACTIONS
from core.ledger.by_hand import HandTransaction
from core.ledger.chart import Gl
from core.ledger.journal import Journal, Line
from core.lending.checked_changes import CHANGES
from core.membership.pin_reset import RESET_PIN
from core.payout_actions import END_PAYOUT
from core.receiving.allocation import ALLOCATE_RECEIPT
from core.reconciliation.actions import RECONCILIATION_ACTIONS
from core.savings import by_hand as savings
from core.savings.saving_actions import SAVING_ACTIONS
from core.savings.tax_actions import TAX_ACTIONS
from core.savings.withdrawal_actions import APPROVE_WITHDRAWAL
from core.shares.model import USUAL_SHARES
from core.shares.share_actions import SHARE_ACTIONS
from core.staff.checked import Actions, CheckedAction, Decision, by_code
from core.staff.permissions import Permission

MONEY_WAITS: Final = timedelta(days=3)
"""A request about money that nobody decided on over a long weekend is asked for again."""


async def _look_at_transaction(session: ReadSession, now: datetime, facts: HandTransaction) -> str:
    by_hand.refuse_faulty(facts, today=business_date(now))
    await periods.refuse_closed(session, facts.business_date)
    known = await ledger.balances(session, [line.account for line in facts.lines])
    for line in facts.lines:
        if line.account not in known:
            raise UnknownAccount(account=line.account)
        if known[line.account].currency is not facts.currency:
            raise CurrencyMismatch(left=known[line.account].currency, right=facts.currency)
    lines = by_hand.journal_of(facts, key="by_hand", event_at=now).lines
    _refuse_parts_of_shares(lines)
    await savings.look(session, lines)
    return ""


def _refuse_parts_of_shares(lines: Sequence[Line]) -> None:
    """Raises NotWholeShares."""
    for line in lines:
        if line.account.startswith(f"{Gl.SHARE_CAPITAL}:"):
            USUAL_SHARES.whole(line.amount)


async def _post(session: WriteSession, decision: Decision, facts: HandTransaction) -> dict[str, str]:
    by_hand.refuse_faulty(facts, today=business_date(decision.at))
    journal = by_hand.journal_of(facts, key=f"by_hand:{decision.request_id}", event_at=decision.at)
    _refuse_parts_of_shares(journal.lines)
    await savings.hold(session, journal.lines)
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
    await periods.refuse_closed(session, facts.business_date)
    mirror = await _mirror(session, now, facts)
    await savings.look(session, mirror.lines)
    return facts.journal


async def _mirror(session: ReadSession, now: datetime, facts: Reversal) -> Journal:
    """What the reversal would post. Raises UnknownJournal, UndoneElsewhere, and what `reversals.refuse` raises."""
    stored = await ledger.find_journal(session, facts.journal)
    reversals.refuse(stored, business_date=facts.business_date)
    by_hand.refuse_irreversible(stored.journal)
    return postings.reversal(
        stored.journal, event_at=now, business_date=facts.business_date, reason=facts.reason
    )


async def _reverse(session: WriteSession, decision: Decision, facts: Reversal) -> dict[str, str]:
    by_hand.refuse_future(facts.business_date, today=business_date(decision.at))
    mirror = await _mirror(session, decision.at, facts)
    await savings.hold(session, mirror.lines)
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
    [
        ADMIT,
        RESET_PIN,
        POST_BY_HAND,
        REVERSE,
        *BOOK_ACTIONS,
        *SAVING_ACTIONS,
        *TAX_ACTIONS,
        *SHARE_ACTIONS,
        *CHANGES,
        APPROVE_WITHDRAWAL,
        END_PAYOUT,
        ALLOCATE_RECEIPT,
        *RECONCILIATION_ACTIONS,
    ]
)
"""Every action that needs two people, by its code."""
