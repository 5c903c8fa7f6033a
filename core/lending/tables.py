"""The loans' tables: terms as agreed, the log of events, and the rows as the log left them."""

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

from core.db.columns import amount, currency, metadata, moment, one_of, text_id
from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.record import EventKind
from core.lending.rows import RowKind

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
    # Where its interest that is due stands: the product's control account, or one of its own for older loans.
    Column("interest_code", Text, ForeignKey("ledger_account.code"), nullable=False),
    # As core/lending/record.py writes them.
    Column("terms", JSONB, nullable=False),
    Column("rules", JSONB, nullable=False),
    Column("application_id", Text, nullable=True),
    Column("paid_to", Text, nullable=False, server_default="bank"),
    # The account that was credited with what was paid out; NULL for loans made before it was kept.
    Column("paid_to_code", Text, ForeignKey("ledger_account.code"), nullable=True),
    # What the member got after deductions.
    amount("paid_out", nullable=True),
    Column("ended_on", Date, nullable=True),
    UniqueConstraint("number"),
    one_of("status", LoanStatus),
    one_of("paid_to", PaidTo),
    Index("uq_loan_application_id", "application_id", unique=True),
    Index("ix_loan_member_id", "member_id", postgresql_where=text("status = 'active'")),
)

instalment = Table(
    "instalment",
    metadata,
    Column("loan_id", Text, ForeignKey("loan.id"), primary_key=True),
    # The place of the row in the loan, from 1.
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False, server_default="instalment"),
    Column("starts_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    # What is asked, after waivers.
    amount("principal"),
    amount("interest"),
    amount("principal_paid", default="0"),
    amount("interest_paid", default="0"),
    # How much of the interest was taken to income, because its day came or because it was paid before that.
    amount("interest_recognised", default="0"),
    amount("fees", default="0"),
    amount("fees_paid", default="0"),
    # The same for fees; penalties are income when they are charged.
    amount("fees_recognised", default="0"),
    amount("fees_waived", default="0"),
    amount("penalties", default="0"),
    amount("penalties_paid", default="0"),
    amount("penalties_waived", default="0"),
    one_of("kind", RowKind),
    CheckConstraint("principal_paid BETWEEN 0 AND principal", name="principal_within_schedule"),
    CheckConstraint(
        "interest_paid >= 0 AND interest_paid <= interest_recognised AND interest_recognised <= interest",
        name="interest_within_schedule",
    ),
    CheckConstraint(
        "fees_paid >= 0 AND fees_paid <= fees_recognised AND fees_recognised <= fees",
        name="fees_within_schedule",
    ),
    CheckConstraint("penalties_paid BETWEEN 0 AND penalties", name="penalties_within_schedule"),
    CheckConstraint("fees_waived >= 0 AND penalties_waived >= 0", name="waived_not_negative"),
    Index(
        "ix_instalment_unpaid",
        "due_on",
        "loan_id",
        postgresql_where=text(
            "principal_paid < principal OR interest_paid < interest"
            " OR fees_paid < fees OR penalties_paid < penalties"
        ),
    ),
    Index(
        "ix_instalment_unrecognised",
        "starts_on",
        "loan_id",
        postgresql_where=text("interest_recognised < interest"),
    ),
)

loan_event = Table(
    "loan_event",
    metadata,
    Column("loan_id", Text, ForeignKey("loan.id"), primary_key=True),
    # Counts from 1 in order of entry.
    Column("number", Integer, primary_key=True),
    Column("entered_on", Date, nullable=False),
    moment("event_at"),
    Column("kind", Text, nullable=False),
    # The event itself, as core/lending/record.py writes it.
    Column("body", JSONB, nullable=False),
    amount("amount", default="0"),
    # What of the money was above the debt and went to the member; not part of `amount`.
    amount("excess", default="0"),
    amount("penalty", default="0"),
    amount("fee", default="0"),
    amount("interest", default="0"),
    amount("principal", default="0"),
    # How a payment was split: [{"instalment": 3, "interest": 24000, "principal": 276000}, ...] in minor units.
    Column("parts", JSONB, nullable=True),
    Column("journal_id", BigInteger, ForeignKey("journal.id"), nullable=True),
    Column("payment_id", Text, ForeignKey("payment.id"), nullable=True),
    # By which a repeated request is known.
    Column("key", Text, nullable=True),
    Column("actor", Text, nullable=False),
    # The number of the event that reversed this one.
    Column("reversed_by", Integer, nullable=True),
    UniqueConstraint("payment_id"),
    UniqueConstraint("key"),
    one_of("kind", EventKind),
    CheckConstraint("amount >= 0 AND excess >= 0", name="amounts_not_negative"),
    Index("ix_loan_event_payments", "event_at", postgresql_where=text("kind = 'payment'")),
)
