"""The day-close: which step of which day is done."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet: the step keeps its place in the chain."""
