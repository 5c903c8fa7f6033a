"""The audit trail's tables: what happened, and the seals that make tampering visible."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.db.columns import metadata, moment, serial_id

audit_event = Table(
    "audit_event",
    metadata,
    serial_id(),
    moment("at"),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Index("ix_audit_event_subject", "subject", "id"),
    Index("ix_audit_event_actor", "actor", "id"),
)

# Apart from the events, so that writing an event waits for nobody and an event row is never changed.
audit_seal = Table(
    "audit_seal",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", BigInteger, ForeignKey("audit_event.id"), nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("event_id"),
)

security_event = Table(
    "security_event",
    metadata,
    serial_id(),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    moment("hour"),
    Column("count", Integer, nullable=False, server_default="1"),
    Column("detail", Text, nullable=False),
    moment("last_at"),
    UniqueConstraint("kind", "source", "hour"),
)
