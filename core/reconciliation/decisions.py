"""What did reviewers decide on pairs that were suggested to them? The answers that the model learns from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from core.db.engine import ReadSession, WriteSession
from core.reconciliation.learned import Model
from core.reconciliation.scoring import NAMES
from core.staff.checked import Decision


@dataclass(frozen=True, slots=True)
class Answer:
    """The features of a pair, in the order of `scoring.NAMES`, and whether two people called it one money."""

    values: tuple[int, ...]
    is_match: bool


async def learn_from(
    session: WriteSession, decision: Decision, *, lines: Sequence[int], movements: Sequence[int]
) -> None:
    """Keep what a decision on lines says of each pair that was suggested for them: yes for these movements, no else."""
    await session.execute(
        """INSERT INTO reconciliation_decision (line_id, movement_id, features, is_match, decided_by, decided_at)
           SELECT line_id, movement_id, features, (movement_id = ANY($2::bigint[]))::int, $3, $4
             FROM reconciliation_suggestion WHERE line_id = ANY($1::bigint[])
           ON CONFLICT (line_id, movement_id) DO UPDATE
              SET is_match = excluded.is_match, decided_by = excluded.decided_by, decided_at = excluded.decided_at""",
        list(lines),
        list(movements),
        decision.checker,
        decision.at,
    )


async def answers(session: ReadSession) -> list[Answer]:
    """Every decision, the oldest first."""
    rows = await session.rows("SELECT features, is_match FROM reconciliation_decision ORDER BY id")
    found = ((msgspec.json.decode(row["features"], type=dict[str, int]), row["is_match"]) for row in rows)
    return [Answer(tuple(features[name] for name in NAMES), bool(yes)) for features, yes in found]


async def keep_model(
    session: WriteSession, weights: dict[str, int], *, decisions: int, now: datetime
) -> Model:
    """Keep a trained model under the next version; it is in force from now on if it learned from enough."""
    row = await session.row(
        """INSERT INTO reconciliation_model (version, weights, decisions, trained_at)
           SELECT coalesce(max(version), 0) + 1, $1, $2, $3 FROM reconciliation_model RETURNING version""",
        msgspec.json.encode(weights).decode(),
        decisions,
        now,
    )
    if row is None:
        raise AssertionError("an insert that returns gives its row")
    return Model(row["version"], weights)
