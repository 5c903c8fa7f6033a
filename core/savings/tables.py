"""The savings accounts' table; their money is in the ledger."""

from sqlalchemy import Column, Date, ForeignKey, Table, Text, UniqueConstraint

from core.db.columns import metadata, one_of, text_id
from core.savings.model import SavingsProduct

savings_account = Table(
    "savings_account",
    metadata,
    text_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("product", Text, nullable=False),
    Column("ledger_code", Text, ForeignKey("ledger_account.code"), nullable=False),
    Column("opened_on", Date, nullable=False),
    UniqueConstraint("member_id", "product"),
    one_of("product", SavingsProduct),
)
