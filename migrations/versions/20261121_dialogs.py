"""What members were shown: screens kept for disputes, and the seals over them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = Path(__file__).parent.parent / "sql" / "20261121_dialogs.sql"


def upgrade() -> None:
    for statement in STATEMENTS.read_text(encoding="utf-8").split("\n--;\n"):
        op.execute(sa.text(statement.replace(":", "\\:")))
