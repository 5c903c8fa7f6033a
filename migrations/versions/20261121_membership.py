"""National ids, consents, changes of phone numbers, and what members ask of staff."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATEMENTS = Path(__file__).parent.parent / "sql" / "20261121_membership.sql"


def upgrade() -> None:
    for statement in STATEMENTS.read_text(encoding="utf-8").split("\n--;\n"):
        op.execute(sa.text(statement.replace(":", "\\:")))
