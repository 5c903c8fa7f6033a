"""Do the books and the trail hold? What `imarisha verify-ledger` checks, and the nightly run with it."""

from core.audit import shown
from core.audit import store as audit
from core.db.engine import Database
from core.ledger import balances
from core.lending import agreement as loans_agreement
from core.savings import agreement


async def broken(database: Database) -> list[str]:
    """What does not hold, a line each; empty when every entry adds up and the audit chain is whole.

    Events that were committed and not sealed yet (the workers seal every few seconds) are sealed first.
    """
    async with database.unit_of_work() as session:
        while await audit.seal(session, far_back=True):
            pass
        while await shown.seal(session, far_back=True):
            pass
    async with database.reading() as session:
        found = [str(difference) for difference in await balances.differences(session)]
        found += [str(difference) for difference in await agreement.differences(session)]
        found += [str(difference) for difference in await loans_agreement.differences(session)]
        event = await audit.broken_link(session)
        screen = await shown.broken_link(session)
    if event is not None:
        found.append(f"audit event {event}: it is not what was sealed")
    if screen is not None:
        found.append(f"shown screen {screen}: it is not what was sealed")
    return found
