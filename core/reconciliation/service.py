"""What can be done with a statement? Import it, set our own movements beside it, and match, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, ReadSession, WriteSession
from core.ids import Ids
from core.money import Money
from core.receiving.service import Matching
from core.reconciliation import importing, matching, missed, movements
from core.reconciliation.learned import DECISIONS_NEEDED, RULE, Model
from core.reconciliation.model import ImportedFile, Matched, Statement


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was taken over, and what the matching made of it."""

    file: ImportedFile
    matched: Matched
    received: int = 0
    """Receipts that nobody had told us of, credited or kept in suspense now."""


@dataclass(frozen=True, slots=True)
class Receiving:
    """With what money is received that the statement has and our books don't."""

    ids: Ids
    matching: Matching


async def reconcile(
    database: Database,
    clock: Clock,
    statement: Statement,
    *,
    by: str,
    tolerance: Money | None = None,
    receiving: Receiving | None = None,
) -> Reconciled:
    """Take a statement over and match whatever is open in its book; all of it or nothing.

    With `receiving`, the paybill's receipts that we never heard of are received first: a confirmation may be lost, and
    then the statement decides. Raises what `importing.import_statement` raises. A long file takes a database with
    patience.
    """
    now = clock.now()
    async with database.unit_of_work() as session:
        file = await importing.import_statement(session, statement, by=by, now=now)
        received = 0
        if receiving is not None:
            received = await missed.receive_missed(
                session, receiving.ids, file, matching=receiving.matching, now=now
            )
        await movements.collect(session, file.book, since=file.first_at, until=file.last_at)
        matched = await matching.match(
            session,
            file.book,
            model=await model_in_force(session),
            tolerance=tolerance or Money.zero(file.money_in.currency),
            now=now,
        )
        await _record(session, file, statement, by=by, now=now)
    return Reconciled(file, matched, received)


async def _record(
    session: WriteSession, file: ImportedFile, statement: Statement, *, by: str, now: datetime
) -> None:
    await audit.record(
        session,
        at=now,
        actor=by,
        action="reconciliation.imported",
        subject=f"statement:{file.file_id}",
        facts={"name": statement.name, "lines": str(file.lines), "new": str(file.new)},
    )


async def model_in_force(session: ReadSession) -> Model:
    """The newest model that was taught by enough decisions, else the rule."""
    row = await session.row(
        "SELECT version, weights FROM reconciliation_model WHERE decisions >= $1 ORDER BY version DESC LIMIT 1",
        DECISIONS_NEEDED,
    )
    if row is None:
        return RULE
    return Model(row["version"], msgspec.json.decode(row["weights"], type=dict[str, int]))
