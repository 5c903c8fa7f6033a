"""The books beyond the first postings: tags of accounts, periods, batches, reversals, suspense, rates, turnover.

Everything is in `migrations/sql`; the functions of posting and snapshots are given again whole, as PostgreSQL
replaces them.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = Path(__file__).parent.parent / "sql" / "20261121_ledger_books.sql"


def upgrade() -> None:
    for statement in STATEMENTS.read_text(encoding="utf-8").split("\n--;\n"):
        op.execute(sa.text(statement.replace(":", "\\:")))
