"""Staff, their second factor and tokens, and requests that wait for a second pair of eyes."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet: the step keeps its place in the chain."""
