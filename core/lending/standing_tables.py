"""The tables of lending risk: how each loan stands, what paused or renegotiated it, penalties, guarantees, promises."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)

from core.db.columns import amount, currency, metadata, moment, one_of, serial_id, text_id
from core.lending.classification import LoanClass
from core.lending.guarantees import GuaranteeState

loan_standing = Table(
    "loan_standing",
    metadata,
    Column("loan_id", Text, ForeignKey("loan.id"), primary_key=True),
    Column("aged_on", Date, nullable=False),
    Column("days_past_due", Integer, nullable=False),
    Column("overdue_since", Date, nullable=True),
    amount("overdue_principal"),
    amount("overdue_interest"),
    amount("overdue_fees"),
    amount("overdue_penalties"),
    Column("delinquent_since", Date, nullable=True),
    Column("delinquent_days", Integer, nullable=False),
    Column("bucket", Text, nullable=True),
    amount("outstanding"),
    Column("loan_class", Text, nullable=False),
    Column("is_uncured", Boolean, nullable=False),
    amount("provision"),
    Column("stage", SmallInteger, nullable=False),
    amount("expected_loss"),
    Column("last_late_on", Date, nullable=True),
    # What was owing on the day the loan became non-performing: in duplum counts from it.
    Column("defaulted_on", Date, nullable=True),
    amount("principal_at_default", nullable=True),
    amount("interest_at_default", nullable=True),
    one_of("loan_class", LoanClass),
    CheckConstraint("stage BETWEEN 1 AND 3", name="stage_known"),
    CheckConstraint(
        "(defaulted_on IS NULL) = (principal_at_default IS NULL)"
        " AND (defaulted_on IS NULL) = (interest_at_default IS NULL)",
        name="default_whole",
    ),
    Index("ix_loan_standing_late", "loan_id", postgresql_where=text("days_past_due > 0")),
)

ageing_pause = Table(
    "ageing_pause",
    metadata,
    serial_id(),
    Column("loan_id", Text, ForeignKey("loan.id"), nullable=False),
    Column("starts_on", Date, nullable=False),
    # The day on which it was resumed, where that came earlier than planned.
    Column("ends_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("paused_by", Text, nullable=False),
    moment("paused_at"),
    CheckConstraint("ends_on >= starts_on", name="in_order"),
    Index("ix_ageing_pause_loan_id", "loan_id"),
)

loan_renegotiation = Table(
    "loan_renegotiation",
    metadata,
    Column("loan_id", Text, ForeignKey("loan.id"), nullable=False),
    Column("renegotiated_on", Date, nullable=False),
    Column("class_before", Text, nullable=False),
    PrimaryKeyConstraint("loan_id", "renegotiated_on"),
    one_of("class_before", LoanClass),
)

loan_penalty = Table(
    "loan_penalty",
    metadata,
    Column("loan_id", Text, nullable=False),
    Column("instalment", Integer, nullable=False),
    Column("for_day", Date, nullable=False),
    amount("amount"),
    # No day of an instalment is penalised twice.
    PrimaryKeyConstraint("loan_id", "instalment", "for_day"),
    ForeignKeyConstraint(["loan_id", "instalment"], ["instalment.loan_id", "instalment.number"]),
    CheckConstraint("amount > 0", name="amount_positive"),
    Index("ix_loan_penalty_for_day", "for_day"),
)

loan_guarantee = Table(
    "loan_guarantee",
    metadata,
    text_id(),
    # The application or the loan it is for.
    Column("subject", Text, nullable=False),
    Column("borrower_id", Text, ForeignKey("member.id"), nullable=False),
    Column("guarantor_id", Text, ForeignKey("member.id"), nullable=False),
    amount("asked"),
    amount("amount", default="0"),
    currency(),
    Column("state", Text, nullable=False),
    moment("requested_at"),
    moment("expires_at"),
    moment("answered_at", nullable=True),
    Column("substituted_by", Text, ForeignKey("loan_guarantee.id"), nullable=True),
    amount("recovered", default="0"),
    one_of("state", GuaranteeState),
    CheckConstraint("guarantor_id <> borrower_id", name="not_for_oneself"),
    CheckConstraint("asked > 0 AND amount BETWEEN 0 AND asked", name="amount_within_asked"),
    CheckConstraint("recovered BETWEEN 0 AND amount", name="recovered_within_amount"),
    Index("ix_loan_guarantee_subject", "subject"),
    Index(
        "uq_loan_guarantee_open",
        "subject",
        "guarantor_id",
        unique=True,
        postgresql_where=text("state IN ('requested', 'accepted')"),
    ),
    Index(
        "ix_loan_guarantee_guarantor_id",
        "guarantor_id",
        postgresql_where=text("state IN ('requested', 'accepted')"),
    ),
)

guarantor_bar = Table(
    "guarantor_bar",
    metadata,
    Column("member_id", Text, ForeignKey("member.id"), primary_key=True),
    # Such as an office held, or employment with the society.
    Column("reason", Text, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("until_day", Date, nullable=True),
)

promise_to_pay = Table(
    "promise_to_pay",
    metadata,
    serial_id(),
    Column("loan_id", Text, ForeignKey("loan.id"), nullable=False),
    Column("promised_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    amount("amount"),
    Column("taken_by", Text, nullable=False),
    moment("taken_at"),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("due_on >= promised_on", name="in_order"),
    Index("ix_promise_to_pay_loan_id", "loan_id"),
)

collection_case = Table(
    "collection_case",
    metadata,
    Column("loan_id", Text, ForeignKey("loan.id"), primary_key=True),
    Column("officer", Text, nullable=True),
    Column("last_contact_on", Date, nullable=True),
)
