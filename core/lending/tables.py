"""The loans' tables: terms, the schedule as it was agreed with what was paid on it, and each repayment's split."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.db.columns import amount, currency, metadata, moment, one_of, serial_id, text_id
from core.lending.model import LoanStatus

loan = Table(
    "loan",
    metadata,
    text_id(),
    Column("number", Text, nullable=False),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("product", Text, nullable=False),
    amount("principal"),
    currency(),
    # Percent per instalment period as written in the contract, such as 1.00.
    Column("rate_per_period", Text, nullable=False),
    Column("instalments", Integer, nullable=False),
    Column("disbursed_on", Date, nullable=False),
    Column("status", Text, nullable=False),
    Column("principal_code", Text, ForeignKey("ledger_account.code"), nullable=False),
    Column("interest_code", Text, ForeignKey("ledger_account.code"), nullable=False),
    UniqueConstraint("number"),
    one_of("status", LoanStatus),
    Index("ix_loan_member_id", "member_id", postgresql_where=text("status = 'active'")),
)

instalment = Table(
    "instalment",
    metadata,
    Column("loan_id", Text, ForeignKey("loan.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("due_on", Date, nullable=False),
    amount("principal"),
    amount("interest"),
    amount("principal_paid", default="0"),
    amount("interest_paid", default="0"),
    # How much of the interest was taken to income, because it fell due or was paid before that.
    amount("interest_recognised", default="0"),
    amount("fees", default="0"),
    amount("fees_paid", default="0"),
    amount("penalties", default="0"),
    amount("penalties_paid", default="0"),
    CheckConstraint("principal_paid BETWEEN 0 AND principal", name="principal_within_schedule"),
    CheckConstraint(
        "interest_paid >= 0 AND interest_paid <= interest_recognised AND interest_recognised <= interest",
        name="interest_within_schedule",
    ),
    CheckConstraint("fees_paid BETWEEN 0 AND fees", name="fees_within_schedule"),
    CheckConstraint("penalties_paid BETWEEN 0 AND penalties", name="penalties_within_schedule"),
)

loan_repayment = Table(
    "loan_repayment",
    metadata,
    serial_id(),
    Column("loan_id", Text, ForeignKey("loan.id"), nullable=False),
    # NULL for a repayment that was made before these books began.
    Column("payment_id", Text, ForeignKey("payment.id"), nullable=True),
    Column("journal_id", BigInteger, ForeignKey("journal.id"), nullable=False),
    amount("amount"),
    amount("excess"),
    # How the amount was split: [{"instalment": 3, "interest": 24000, "principal": 276000}, ...] in minor units.
    Column("parts", JSONB, nullable=False),
    moment("event_at"),
    UniqueConstraint("payment_id"),
    Index("ix_loan_repayment_loan_id", "loan_id"),
    Index("ix_loan_repayment_event_at", "event_at"),
)
