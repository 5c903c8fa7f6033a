"""How is a match written down? One row for the match, its number on the lines and movements."""

from collections.abc import Sequence
from datetime import datetime

from core.db.engine import WriteSession
from core.reconciliation.model import Stage


async def keep(
    session: WriteSession,
    stage: Stage,
    confidence: int,
    lines: Sequence[int],
    movements: Sequence[int],
    *,
    now: datetime,
    model: int = 0,
    by: str = "",
) -> int:
    """Write one match down; its number."""
    row = await session.row(
        """INSERT INTO reconciliation_match (stage, confidence, model, decided_by, matched_at)
           VALUES ($1, $2, $3, $4, $5) RETURNING id""",
        stage,
        confidence,
        model,
        by,
        now,
    )
    if row is None:
        raise AssertionError("an insert that returns gives its row")
    await session.execute(
        "UPDATE statement_line SET match_id = $2 WHERE id = ANY($1::bigint[])", lines, row["id"]
    )
    await session.execute(
        "UPDATE book_movement SET match_id = $2 WHERE id = ANY($1::bigint[])", movements, row["id"]
    )
    return int(row["id"])
