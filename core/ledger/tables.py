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
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DOMAIN, JSONB

from core.db.columns import amount, currency, metadata, moment, one_of_type, serial_id
from core.ledger.account import AccountKind, IncomeKind, Liquidity, Side

ledger_account = Table(
    "ledger_account",
    metadata,
    serial_id(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", one_of_type("account_kind", AccountKind), nullable=False),
    currency(),
    Column("parent", Text, nullable=True),
    Column("hot", Boolean, nullable=False),
    amount("minimum", nullable=True),
    # On the account's normal side; stays 0 on a hot account (`verify-ledger` looks).
    amount("balance", default="0"),
    moment("opened_at", now=True),
    Column("heading", Boolean, nullable=False, server_default=text("false")),
    Column("line", Text, nullable=True),
    Column("liquidity", one_of_type("account_liquidity", Liquidity), nullable=True),
    Column("income_kind", one_of_type("account_income_kind", IncomeKind), nullable=True),
    UniqueConstraint("code"),
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
    Column("side", one_of_type("entry_side", Side, CHAR(1)), nullable=False),
    Column(
        "amount",
        DOMAIN("entry_amount", BigInteger, constraint_name="ck_entry_amount", check="VALUE > 0"),
        nullable=False,
    ),
    currency(),
    # On the account's normal side; NULL on a hot account.
    amount("balance_after", nullable=True),
    PrimaryKeyConstraint("journal_id", "id"),
    Index("ix_entry_account_id", "account_id", "id"),
    Index("ix_entry_id", "id", postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
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

# One row per month that takes no more journals; a month before the latest is closed too.
closed_period = Table(
    "closed_period",
    metadata,
    Column("month", Date, primary_key=True),
    Column("is_year_end", Boolean, nullable=False),
    Column("closed_by", Text, nullable=False),
    # By the database's clock, as a journal's posted_at, with which it is compared.
    moment("closed_at", now=True),
    CheckConstraint("extract(day FROM month) = 1", name="first_of_month"),
)

journal_reversal = Table(
    "journal_reversal",
    metadata,
    Column("reversal_id", BigInteger, ForeignKey("journal.id"), primary_key=True, autoincrement=False),
    Column("journal_id", BigInteger, ForeignKey("journal.id"), nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("journal_id"),
    CheckConstraint("reversal_id <> journal_id", name="not_itself"),
)

suspense_receipt = Table(
    "suspense_receipt",
    metadata,
    Column("journal_id", BigInteger, ForeignKey("journal.id"), primary_key=True, autoincrement=False),
    Column("account_code", Text, ForeignKey("ledger_account.code"), nullable=False),
    amount("amount"),
    amount("cleared", default="0"),
    currency(),
    Column("received_on", Date, nullable=False),
    CheckConstraint("cleared >= 0 AND cleared <= amount", name="cleared_within_amount"),
    Index("ix_suspense_receipt_open", "received_on", "journal_id", postgresql_where=text("cleared < amount")),
)

suspense_clearing = Table(
    "suspense_clearing",
    metadata,
    Column("journal_id", BigInteger, ForeignKey("journal.id"), primary_key=True, autoincrement=False),
    Column("receipt_id", BigInteger, ForeignKey("suspense_receipt.journal_id"), primary_key=True),
    # Below zero where the clearing was reversed.
    amount("amount"),
    CheckConstraint("amount <> 0", name="amount_not_zero"),
    Index("ix_suspense_clearing_receipt_id", "receipt_id"),
)

# What one of the currency's whole units costs in the home currency, from a day until the next rate.
exchange_rate = Table(
    "exchange_rate",
    metadata,
    Column("currency", Text, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("rate", Numeric, nullable=False),
    Column("source", Text, nullable=False),
    moment("entered_at", now=True),
    CheckConstraint("rate > 0", name="rate_positive"),
)

currency_revaluation = Table(
    "currency_revaluation",
    metadata,
    Column("currency", Text, primary_key=True),
    Column("business_date", Date, primary_key=True),
    Column("run", Integer, primary_key=True),
    Column("journal_id", BigInteger, ForeignKey("journal.id"), nullable=False),
    Column("rate", Numeric, nullable=False),
    # In the currency's minor units; the other two at home.
    amount("position"),
    amount("cost"),
    amount("value"),
)

# Per control account (members' own count to the one above them); `closing` is the emptying at a year's end.
daily_turnover = Table(
    "daily_turnover",
    metadata,
    Column("account_id", BigInteger, ForeignKey("ledger_account.id"), primary_key=True, autoincrement=False),
    Column("business_date", Date, primary_key=True),
    Column("closing", Boolean, primary_key=True),
    amount("debit"),
    amount("credit"),
)
