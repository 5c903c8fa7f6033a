"""Posting in fewer steps of the server: kinds of value as types of columns, one array for an answer."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATEMENTS = Path(__file__).parent.parent / "sql" / "20261121_ledger_posting.sql"


def upgrade() -> None:
    for statement in STATEMENTS.read_text(encoding="utf-8").split("\n--;\n"):
        op.execute(sa.text(statement.replace(":", "\\:")))
