"""Periods, rates, reversals: the books beyond the first postings."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet: the step keeps its place in the chain."""
