"""Was this asked before? A request's key stands with the event it made, so that a repeat makes no second one."""

from datetime import date

from core.db.engine import ReadSession
from core.errors import IdempotencyConflict
from core.lending import event_store
from core.lending.event_store import Entry
from core.lending.events import Happening
from core.money import Money


async def found_again(
    session: ReadSession,
    key: str,
    loan_id: str,
    *,
    amount: Money | None = None,
    on: date | None = None,
    what: Happening | None = None,
) -> Entry | None:
    """The line that an earlier request with this key made; None for a first one.

    Raises IdempotencyConflict where the key was used for another loan, amount, day or thing.
    """
    found = await event_store.of_key(session, key)
    if found is None:
        return None
    of_loan, entry = found
    same = of_loan == loan_id
    same = same and (amount is None or entry.amount + entry.excess == amount.minor)
    same = same and (on is None or getattr(entry.event.what, "on", None) == on)
    if not same or (what is not None and entry.event.what != what):
        raise IdempotencyConflict(key=key)
    return entry
