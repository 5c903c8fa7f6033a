"""The notices' table."""

from sqlalchemy import Column, ForeignKey, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from core.db.columns import metadata, moment, one_of, text_id
from core.notices.model import NoticeState

notice = Table(
    "notice",
    metadata,
    text_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("phone", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    # What the notice is about, such as `payment:pay_…:confirmed`: one event is told once.
    Column("key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("provider_message_id", Text, nullable=True),
    Column("reason", Text, nullable=False, server_default=""),
    Column("cost", Text, nullable=False, server_default=""),
    moment("created_at"),
    moment("sent_at", nullable=True),
    UniqueConstraint("key"),
    UniqueConstraint("provider_message_id"),
    one_of("state", NoticeState),
)
