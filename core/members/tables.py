"""The members' tables."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from core.db.columns import metadata, moment, one_of, text_id
from core.members.model import Language, MemberStatus

member = Table(
    "member",
    metadata,
    text_id(),
    Column("number", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("birth_date", Date, nullable=False),
    moment("joined_at"),
    UniqueConstraint("number"),
    UniqueConstraint("phone"),
    one_of("language", Language),
    one_of("status", MemberStatus),
    # Daraja's C2B names payers by this hash of their number.
    Index("ix_member_phone_hash", text("encode(sha256(substr(phone, 2)::bytea), 'hex')")),
)

member_pin = Table(
    "member_pin",
    metadata,
    Column("member_id", Text, ForeignKey("member.id"), primary_key=True),
    Column("hash", Text, nullable=True),
    # The first entry of a new PIN waits here for the second, so that no digits wait anywhere.
    Column("proposed_hash", Text, nullable=True),
    moment("proposed_at", nullable=True),
    Column("wrong_tries", Integer, nullable=False, server_default="0"),
    Column("locks", Integer, nullable=False, server_default="0"),
    moment("locked_until", nullable=True),
    Column("locked_for_staff", Boolean, nullable=False, server_default=text("false")),
    Column("last_attempt", Text, nullable=False, server_default=""),
)
