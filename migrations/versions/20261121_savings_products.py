"""Savings and shares beyond a balance: products, holds, standing orders, dividends."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet: the step keeps its place in the chain."""
