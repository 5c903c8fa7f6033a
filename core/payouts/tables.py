"""The payouts' tables: intents, every fact heard of them, and the float they are paid from."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.db.columns import amount, currency, metadata, moment, one_of, serial_id, text_id
from core.payouts.model import FactSource, PayoutPurpose, PayoutState, Wait

payout = Table(
    "payout",
    metadata,
    text_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("phone", Text, nullable=False),
    amount("amount"),
    amount("fee"),
    amount("excise"),
    currency(),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("waits_for", Text, nullable=False, server_default=""),
    Column("provider_request_id", Text, nullable=True),
    Column("receipt", Text, nullable=True),
    Column("reason", Text, nullable=False, server_default=""),
    # Anything about this payout that a person should look at; empty for nothing.
    Column("incident", Text, nullable=False, server_default=""),
    Column("enquiries", Integer, nullable=False, server_default="0"),
    # When it is acted on again: sent, asked about, or given up for unapproved.
    moment("next_at", nullable=True),
    moment("requested_at"),
    moment("sent_at", nullable=True),
    moment("settled_at", nullable=True),
    UniqueConstraint("receipt"),
    CheckConstraint("amount > 0 AND fee >= 0 AND excise >= 0", name="amounts"),
    one_of("purpose", PayoutPurpose),
    one_of("state", PayoutState),
    one_of("waits_for", Wait),
    Index("ix_payout_member_id", "member_id", "requested_at"),
    Index("ix_payout_provider_request_id", "provider_request_id"),
    Index("ix_payout_incident", "id", postgresql_where=text("incident <> ''")),
    Index("ix_payout_next_at", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    Index("ix_payout_under_way", "subject", postgresql_where=text("state NOT IN ('settled', 'voided')")),
    Index("ix_payout_settled_at", "settled_at", postgresql_where=text("state = 'settled'")),
)

payout_fact = Table(
    "payout_fact",
    metadata,
    serial_id(),
    # No foreign key: a result that fits no payout is kept as well.
    Column("payout_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    moment("heard_at"),
    moment("handled_at", nullable=True),
    UniqueConstraint("fingerprint"),
    one_of("source", FactSource),
    Index("ix_payout_fact_waiting", "payout_id", postgresql_where=text("handled_at IS NULL")),
)

# One row: the utility account. What is promised is reserved under its lock before anything is sent.
payout_float = Table(
    "payout_float",
    metadata,
    text_id(),
    currency(),
    amount("balance", nullable=True),
    moment("balance_at", nullable=True),
    amount("reserved", default="0"),
    Column("ask_reference", Text, nullable=False, server_default=""),
    moment("asked_at", nullable=True),
    # Why nothing is sent until staff have mended it; empty while payouts go out.
    Column("stopped", Text, nullable=False, server_default=""),
    moment("low_since", nullable=True),
    CheckConstraint("reserved >= 0", name="reserved_not_negative"),
)
