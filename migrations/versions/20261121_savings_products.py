"""Savings and shares beyond a balance: products, holds, standing orders, dividends."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = Path(__file__).parent.parent / "sql" / "20261121_savings_products.sql"


def upgrade() -> None:
    for statement in STATEMENTS.read_text(encoding="utf-8").split("\n--;\n"):
        op.execute(sa.text(statement.replace(":", "\\:")))
