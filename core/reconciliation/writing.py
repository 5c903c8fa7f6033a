"""How are matches written down? A row for each, and its number on its lines and movements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.db.engine import WriteSession
from core.reconciliation.model import Stage


@dataclass(frozen=True, slots=True)
class Joined:
    """The lines and movements of one match, and how sure it is, 0 to 100."""

    confidence: int
    lines: Sequence[int]
    movements: Sequence[int]


async def keep_all(
    session: WriteSession,
    stage: Stage,
    found: Sequence[Joined],
    *,
    now: datetime,
    model: int = 0,
    by: str = "",
) -> list[int]:
    """Write matches of one stage down in three statements, however many; their numbers."""
    rows = await session.rows(
        """SELECT nextval(pg_get_serial_sequence('reconciliation_match', 'id')) AS id
             FROM generate_series(1, $1::int)""",
        len(found),
    )
    numbers = [int(row["id"]) for row in rows]
    await session.execute(
        """INSERT INTO reconciliation_match (id, stage, confidence, model, decided_by, matched_at)
           OVERRIDING SYSTEM VALUE
           SELECT f.id, $1, f.confidence, $2, $3, $4 FROM unnest($5::bigint[], $6::smallint[]) AS f (id, confidence)""",
        stage,
        model,
        by,
        now,
        numbers,
        [each.confidence for each in found],
    )
    for table, sides in (
        ("statement_line", [each.lines for each in found]),
        ("book_movement", [each.movements for each in found]),
    ):
        pairs = [(each, number) for side, number in zip(sides, numbers, strict=True) for each in side]
        await session.execute(
            f"""UPDATE {table} t SET match_id = f.match_id
                  FROM unnest($1::bigint[], $2::bigint[]) AS f (id, match_id) WHERE t.id = f.id""",
            [each for each, _ in pairs],
            [number for _, number in pairs],
        )
    return numbers
