"""The tables of applications: what was asked, found, decided and accepted; votes; things given as collateral."""

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
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from core.db.columns import amount, currency, metadata, moment, one_of, text_id
from core.lending.applications.model import ApplicationState
from core.lending.applications.security import CollateralKind, CollateralState
from core.lending.policies import Purpose

_OPEN = text("state IN ('applied', 'appraised', 'approved', 'accepted')")

loan_application = Table(
    "loan_application",
    metadata,
    text_id(),
    Column("number", Text, nullable=False),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("product", Text, nullable=False),
    currency(),
    amount("asked"),
    Column("asked_instalments", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("channel", Text, nullable=False),
    # The member, or who of staff wrote it down for them.
    Column("written_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    moment("applied_at"),
    moment("expires_at"),
    # What was known of the member, and the limit with every rule's answer, as they were shown when applying.
    Column("facts", JSONB, nullable=False),
    Column("limit_shown", JSONB, nullable=False),
    amount("basic_pay", nullable=True),
    amount("pay_deductions", nullable=True),
    amount("offered", nullable=True),
    Column("offered_instalments", Integer, nullable=True),
    Column("appraised_by", Text, nullable=True),
    Column("appraisal", Text, nullable=False, server_default=""),
    # As core/lending/record.py writes them.
    Column("terms", JSONB, nullable=True),
    # The text a member accepted, word for word, with its figures, the channel and the moment.
    Column("accepted", JSONB, nullable=True),
    Column("reason", Text, nullable=False, server_default=""),
    Column("loan_id", Text, ForeignKey("loan.id"), nullable=True),
    # The member's loans that it pays off.
    Column("clears", ARRAY(Text), nullable=False, server_default="{}"),
    UniqueConstraint("number"),
    # So that a vote can name who appraised what it is about.
    UniqueConstraint("id", "appraised_by"),
    one_of("state", ApplicationState),
    one_of("purpose", Purpose),
    CheckConstraint("asked > 0 AND asked_instalments > 0", name="asked_positive"),
    CheckConstraint(
        "(offered IS NULL) = (offered_instalments IS NULL) AND (offered IS NULL) = (appraised_by IS NULL)",
        name="offer_whole",
    ),
    CheckConstraint("(basic_pay IS NULL) = (pay_deductions IS NULL)", name="pay_whole"),
    CheckConstraint(
        "state NOT IN ('approved', 'accepted', 'disbursed') OR terms IS NOT NULL", name="approved_terms"
    ),
    CheckConstraint("state NOT IN ('accepted', 'disbursed') OR accepted IS NOT NULL", name="accepted_text"),
    CheckConstraint("(state = 'disbursed') = (loan_id IS NOT NULL)", name="disbursed_loan"),
    Index("uq_loan_application_open", "member_id", "product", unique=True, postgresql_where=_OPEN),
    Index("uq_loan_application_loan_id", "loan_id", unique=True),
    Index("ix_loan_application_member_id", "member_id"),
    Index("ix_loan_application_queue", "state", "id", postgresql_where=_OPEN),
    Index("ix_loan_application_expires_at", "expires_at", postgresql_where=_OPEN),
)

loan_approval = Table(
    "loan_approval",
    metadata,
    Column("application_id", Text, ForeignKey("loan_application.id"), nullable=False),
    Column("staff_id", Text, nullable=False),
    Column("appraised_by", Text, nullable=False),
    Column("is_for", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    moment("at"),
    PrimaryKeyConstraint("application_id", "staff_id"),
    ForeignKeyConstraint(
        ["application_id", "appraised_by"], ["loan_application.id", "loan_application.appraised_by"]
    ),
    CheckConstraint("staff_id <> appraised_by", name="voter_is_not_appraiser"),
)

loan_collateral = Table(
    "loan_collateral",
    metadata,
    text_id(),
    # The application or the loan it secures.
    Column("subject", Text, nullable=False),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("reference", Text, nullable=False),
    amount("worth"),
    currency(),
    Column("valued_on", Date, nullable=False),
    Column("valued_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    moment("registered_at"),
    moment("released_at", nullable=True),
    one_of("kind", CollateralKind),
    one_of("state", CollateralState),
    CheckConstraint("worth > 0", name="worth_positive"),
    CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="released_at_a_moment"),
    Index("ix_loan_collateral_subject", "subject"),
    # One thing secures one loan at a time.
    Index(
        "uq_loan_collateral_held",
        "kind",
        "reference",
        unique=True,
        postgresql_where=text("state = 'held'"),
    ),
)
