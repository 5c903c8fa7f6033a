"""The tables of the audit trail and of the screens shown, and the seals that make tampering with them visible."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
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

shown_screen = Table(
    "shown_screen",
    metadata,
    serial_id(),
    Column("key", Text, nullable=False),
    moment("at"),
    Column("member_id", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("came_from", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("bound", Boolean, nullable=False),
    UniqueConstraint("key"),
    Index("ix_shown_screen_member_id", "member_id", "id"),
    Index("ix_shown_screen_phone", "phone", "id"),
)

shown_seal = Table(
    "shown_seal",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("screen_id", BigInteger, ForeignKey("shown_screen.id"), nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("screen_id"),
)
