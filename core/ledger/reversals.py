"""How is a mistake in the books undone? By the mirror of its journal, linked to it; once, and for good."""

from datetime import date, datetime

from core.db.engine import WriteSession
from core.errors import AlreadyReversed, ReversalOfReversal, ReversalTooEarly
from core.ledger import postings, store, suspense
from core.ledger.store import Posted, StoredJournal


async def reverse(
    session: WriteSession, key: str, *, event_at: datetime, business_date: date, reason: str
) -> Posted:
    """Post the mirror of the journal of this key on a day of an open month, and link the two.

    A receipt in suspense is closed by it, a clearing opened again. Raises UnknownJournal, AlreadyReversed,
    ReversalOfReversal, ReversalTooEarly, NotInSuspense for a receipt of which a part was cleared, and what `store.post`
    raises: money that was spent meanwhile is InsufficientFunds.
    """
    stored = await store.find_journal(session, key)
    refuse(stored, business_date=business_date)
    mirror = postings.reversal(stored.journal, event_at=event_at, business_date=business_date, reason=reason)
    [posted] = await store.post(session, [mirror])
    if not posted.is_new:
        # Two did it at once: the mirror's key made this one wait for the other.
        raise AlreadyReversed(key=key)
    await session.execute(
        "INSERT INTO journal_reversal (reversal_id, journal_id, reason) VALUES ($1, $2, $3)",
        posted.journal_id,
        stored.journal_id,
        reason,
    )
    await suspense.undo(session, stored.journal_id, reversal_id=posted.journal_id)
    return posted


def refuse(stored: StoredJournal, *, business_date: date) -> None:
    """Raises ReversalOfReversal, AlreadyReversed, ReversalTooEarly."""
    journal = stored.journal
    if stored.reverses is not None:
        raise ReversalOfReversal(key=journal.key)
    if stored.reversed_by is not None:
        raise AlreadyReversed(key=journal.key)
    if business_date < journal.business_date:
        raise ReversalTooEarly(key=journal.key, business_date=journal.business_date, asked=business_date)
