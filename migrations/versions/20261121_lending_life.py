"""The life of a loan: applications, guarantees, transactions, arrears."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = [
    Path(__file__).parent.parent / "sql" / name
    for name in ("20261121_lending_risk.sql", "20261121_lending_application.sql")
]


def upgrade() -> None:
    for file in STATEMENTS:
        for statement in file.read_text(encoding="utf-8").split("\n--;\n"):
            op.execute(sa.text(statement.replace(":", "\\:")))
