"""The running loan: terms as agreed, the log of its events, and its rows as the log left them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = Path(__file__).parent.parent / "sql" / "20261121_lending_account.sql"


def upgrade() -> None:
    for statement in STATEMENTS.read_text(encoding="utf-8").split("\n--;\n"):
        op.execute(sa.text(statement.replace(":", "\\:")))
