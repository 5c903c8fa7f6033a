"""The tables of what is under way about members' identities."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, text

from core.db.columns import metadata, moment, one_of, serial_id, text_id
from core.members.model import Language
from core.membership.model import PhoneChangeState, RequestKind

member_consent = Table(
    "member_consent",
    metadata,
    serial_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("channel", Text, nullable=False),
    moment("given_at"),
    Index("ix_member_consent_member_id", "member_id"),
    one_of("language", Language),
)

phone_change = Table(
    "phone_change",
    metadata,
    text_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("old_phone", Text, nullable=False),
    Column("new_phone", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("wrong_tries", Integer, nullable=False, server_default="0"),
    moment("asked_at"),
    moment("closed_at", nullable=True),
    Index("ix_phone_change_member_id", "member_id", "asked_at"),
    Index("ix_phone_change_new_phone", "new_phone", "asked_at"),
    one_of("state", PhoneChangeState),
)

identity_check = Table(
    "identity_check",
    metadata,
    Column("member_id", Text, ForeignKey("member.id"), primary_key=True),
    Column("wrong_tries", Integer, nullable=False, server_default="0"),
    moment("since"),
    moment("passed_at", nullable=True),
)

member_request = Table(
    "member_request",
    metadata,
    text_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False),
    moment("asked_at"),
    moment("closed_at", nullable=True),
    Column("closed_by", Text, nullable=True),
    Column("answer", Text, nullable=False, server_default=""),
    Index(
        "uq_member_request_open",
        "member_id",
        "kind",
        unique=True,
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index("ix_member_request_waiting", "id", postgresql_where=text("closed_at IS NULL")),
    one_of("kind", RequestKind),
)

statement_link = Table(
    "statement_link",
    metadata,
    text_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("language", Text, nullable=False),
    moment("made_at"),
    moment("expires_at"),
    Column("openings", Integer, nullable=False, server_default="0"),
    Index("ix_statement_link_member_id", "member_id", "made_at"),
    one_of("language", Language),
)
