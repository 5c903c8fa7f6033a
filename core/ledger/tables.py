"""The ledger's tables. Rows of journal and entry are never changed: triggers in the migration refuse it."""

from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.db.columns import amount, currency, metadata, moment, one_of, serial_id
from core.ledger.account import AccountKind, Side

ledger_account = Table(
    "ledger_account",
    metadata,
    serial_id(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    currency(),
    Column("parent", Text, nullable=True),
    Column("hot", Boolean, nullable=False),
    amount("minimum", nullable=True),
    # On the account's normal side; stays 0 on a hot account.
    amount("balance", default="0"),
    moment("opened_at", now=True),
    UniqueConstraint("code"),
    one_of("kind", AccountKind),
    CheckConstraint("NOT hot OR balance = 0", name="hot_has_no_row_balance"),
    Index("ix_ledger_account_parent", "parent", postgresql_where=text("parent IS NOT NULL")),
)

journal = Table(
    "journal",
    metadata,
    serial_id(),
    Column("key", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    moment("event_at"),
    Column("business_date", Date, nullable=False),
    Column("meta", JSONB, nullable=False),
    moment("posted_at", now=True),
    UniqueConstraint("key"),
)

# No foreign keys: the check of one to the account would lock the row of a hot account in every posting, and one to
# the journal costs a tenth of a posting. The posting function, the only way in, resolves each code or refuses, and
# `verify-ledger` looks for orphans.
entry = Table(
    "entry",
    metadata,
    Column("journal_id", BigInteger, nullable=False),
    # Drawn in order, and for one account in order of its balances.
    Column("id", BigInteger, Identity(always=True), nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("side", CHAR(1), nullable=False),
    amount("amount"),
    currency(),
    # On the account's normal side; NULL on a hot account.
    amount("balance_after", nullable=True),
    PrimaryKeyConstraint("journal_id", "id"),
    one_of("side", Side),
    CheckConstraint("amount > 0", name="amount_positive"),
    Index("ix_entry_account_id", "account_id", "id"),
)

hot_balance = Table(
    "hot_balance",
    metadata,
    Column("account_id", BigInteger, ForeignKey("ledger_account.id"), primary_key=True),
    Column("upto_entry", BigInteger, nullable=False),
    amount("balance"),
)

hot_horizon = Table(
    "hot_horizon",
    metadata,
    Column("only", Boolean, primary_key=True, server_default=text("true")),
    Column("upto_entry", BigInteger, nullable=False),
    Column("candidate_entry", BigInteger, nullable=False),
    Column("candidate_xid", Text, nullable=False),
    CheckConstraint('"only"', name="one_row"),
)
