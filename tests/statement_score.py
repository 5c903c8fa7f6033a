"""How good were the automatic matches? Their links against the labels, as precision and recall."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.db.engine import ReadSession


@dataclass(frozen=True, slots=True)
class Score:
    """A link is one line with one journal. Recall is of all labelled links, also of those nobody could tell apart."""

    links: int
    right: int
    labelled: int

    @property
    def precision(self) -> float:
        return self.right / self.links if self.links else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.labelled if self.labelled else 1.0


async def score(session: ReadSession, truth: Mapping[str, set[str]]) -> Score:
    rows = await session.rows(
        """SELECT l.key, j.key AS journal FROM statement_line l JOIN book_movement b ON b.match_id = l.match_id
             JOIN journal j ON j.id = b.journal_id"""
    )
    right = sum(row["journal"] in truth.get(row["key"], set()) for row in rows)
    return Score(links=len(rows), right=right, labelled=sum(len(journals) for journals in truth.values()))


async def wrong_links(session: ReadSession, truth: Mapping[str, set[str]]) -> list[tuple[str, str, str]]:
    """Line, journal and stage of the links that are not labelled so."""
    rows = await session.rows(
        """SELECT l.key, j.key AS journal, m.stage FROM statement_line l JOIN book_movement b ON b.match_id = l.match_id
             JOIN journal j ON j.id = b.journal_id JOIN reconciliation_match m ON m.id = l.match_id ORDER BY l.id"""
    )
    return [
        (row["key"], row["journal"], row["stage"])
        for row in rows
        if row["journal"] not in truth.get(row["key"], set())
    ]
