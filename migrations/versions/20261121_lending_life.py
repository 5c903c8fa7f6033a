"""The life of a loan: applications, guarantees, transactions, arrears."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet: the step keeps its place in the chain."""
