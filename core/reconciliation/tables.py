"""The tables of reconciliation: files, their lines, our movements beside them, and what was matched."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.db.columns import amount, currency, metadata, moment, one_of, serial_id
from core.reconciliation.model import Book, LineKind, Stage

statement_file = Table(
    "statement_file",
    metadata,
    serial_id(),
    Column("name", Text, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("book", Text, nullable=False),
    currency(),
    Column("lines", Integer, nullable=False),
    Column("repeated", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    amount("money_in"),
    amount("money_out"),
    moment("first_at"),
    moment("last_at"),
    Column("imported_by", Text, nullable=False),
    moment("imported_at"),
    UniqueConstraint("content_hash"),
    one_of("book", Book),
)

reconciliation_match = Table(
    "reconciliation_match",
    metadata,
    serial_id(),
    Column("stage", Text, nullable=False),
    Column("confidence", SmallInteger, nullable=False),
    # Lines less movements, where a tolerance was allowed.
    amount("difference", default="0"),
    Column("model", Integer, nullable=False, server_default="0"),
    Column("decided_by", Text, nullable=False, server_default=""),
    moment("matched_at"),
    one_of("stage", Stage),
)

statement_line = Table(
    "statement_line",
    metadata,
    serial_id(),
    Column("file_id", BigInteger, ForeignKey("statement_file.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("book", Text, nullable=False),
    Column("key", Text, nullable=False),
    moment("at"),
    # Above zero for money in.
    amount("amount"),
    currency(),
    Column("kind", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("linked", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("details", Text, nullable=False),
    # No foreign key: it would double the time of matching a million lines, and only this area writes either table.
    Column("match_id", BigInteger, nullable=True),
    # Why a person set the line aside; empty while nobody did.
    Column("set_aside", Text, nullable=False, server_default=""),
    UniqueConstraint("book", "key"),
    one_of("book", Book),
    one_of("kind", LineKind),
    Index("ix_statement_line_open", "book", "at", postgresql_where=text("match_id IS NULL")),
    Index("ix_statement_line_receipt", "receipt", postgresql_where=text("receipt <> ''")),
    Index("ix_statement_line_match_id", "match_id", postgresql_where=text("match_id IS NOT NULL")),
    Index("ix_statement_line_file_id", "file_id"),
)

# What our books say that moved at the provider, one row per journal and account, as the matching compares it.
book_movement = Table(
    "book_movement",
    metadata,
    serial_id(),
    Column("journal_id", BigInteger, nullable=False),
    Column("account_code", Text, nullable=False),
    Column("book", Text, nullable=False),
    moment("at"),
    Column("business_date", Date, nullable=False),
    amount("amount"),
    currency(),
    Column("receipt", Text, nullable=False),
    # The receipt of what a reversal undoes.
    Column("linked", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("match_id", BigInteger, nullable=True),
    Column("set_aside", Text, nullable=False, server_default=""),
    UniqueConstraint("journal_id", "account_code"),
    one_of("book", Book),
    Index("ix_book_movement_open", "book", "at", postgresql_where=text("match_id IS NULL")),
    Index("ix_book_movement_receipt", "receipt", postgresql_where=text("receipt <> ''")),
    Index("ix_book_movement_match_id", "match_id", postgresql_where=text("match_id IS NOT NULL")),
)

reconciliation_suggestion = Table(
    "reconciliation_suggestion",
    metadata,
    Column("line_id", BigInteger, ForeignKey("statement_line.id"), nullable=False),
    Column("movement_id", BigInteger, ForeignKey("book_movement.id"), nullable=False),
    Column("confidence", SmallInteger, nullable=False),
    Column("features", JSONB, nullable=False),
    PrimaryKeyConstraint("line_id", "movement_id"),
    Index("ix_reconciliation_suggestion_movement_id", "movement_id"),
)

# What reviewers said of pairs that were suggested; the model learns from these.
reconciliation_decision = Table(
    "reconciliation_decision",
    metadata,
    serial_id(),
    Column("line_id", BigInteger, nullable=False),
    Column("movement_id", BigInteger, nullable=False),
    Column("features", JSONB, nullable=False),
    Column("is_match", Integer, nullable=False),
    Column("decided_by", Text, nullable=False),
    moment("decided_at"),
    UniqueConstraint("line_id", "movement_id"),
)

reconciliation_model = Table(
    "reconciliation_model",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    # Millionths, by the name of the feature, and of the constant.
    Column("weights", JSONB, nullable=False),
    Column("decisions", Integer, nullable=False),
    moment("trained_at"),
)
