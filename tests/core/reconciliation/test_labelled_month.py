"""A labelled month in short: are automatic matches right, and do they find nearly all?"""

import io
from pathlib import Path

from core.ledger import store as ledger
from core.reconciliation.service import reconcile
from integrations.statements.files import open_statement
from tests.statement_month import Month, begin_export
from tests.statement_score import score, wrong_links
from tests.world import World


async def test_a_labelled_month_is_matched_with_hardly_a_fault(world: World, tmp_path: Path) -> None:
    month = Month(seed=7, lines=2000, members=300)
    batches = list(month.batches(1000))
    file = io.StringIO()
    write_rows = begin_export(file)
    for rows, _ in batches:
        write_rows(rows)
    (tmp_path / "month.csv").write_text(file.getvalue(), encoding="utf-8")
    async with world.system.database.unit_of_work() as session:
        for _, journals in batches:
            await ledger.post_batch(session, journals)

    done = await reconcile(
        world.system.database, world.clock, open_statement(tmp_path / "month.csv"), by="test"
    )

    async with world.system.database.reading() as session:
        found = await score(session, month.truth)
        wrong = await wrong_links(session, month.truth)
    assert wrong == []
    assert found.recall > 0.97
    assert done.file.repeated > 0
    assert done.matched.open_lines > 0
