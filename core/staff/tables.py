"""The staff's tables: people, their sessions, requests that wait for a second person, and answers given."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.db.columns import metadata, moment, one_of, text_id
from core.staff.approval import RequestState
from core.staff.model import SessionEnd, StaffStatus
from core.staff.permissions import Role

staff = Table(
    "staff",
    metadata,
    text_id(),
    Column("email", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("factor_serial", Integer, nullable=False, server_default="1"),
    Column("factor_last_step", BigInteger, nullable=False, server_default="0"),
    moment("joined_at"),
    UniqueConstraint("email"),
    one_of("status", StaffStatus),
    CheckConstraint("email = lower(email)", name="email_is_lower"),
)

staff_role = Table(
    "staff_role",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    Column("role", Text, nullable=False),
    PrimaryKeyConstraint("staff_id", "role"),
    one_of("role", Role),
)

# By e-mail and not by person: what is nobody's e-mail is counted as what is somebody's.
staff_try = Table(
    "staff_try",
    metadata,
    Column("email", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("wrong_tries", Integer, nullable=False, server_default="0"),
    Column("locks", Integer, nullable=False, server_default="0"),
    moment("locked_until", nullable=True),
    moment("last_try"),
    PrimaryKeyConstraint("email", "place"),
    Index("ix_staff_try_last_try", "last_try"),
)

staff_recovery_code = Table(
    "staff_recovery_code",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    moment("used_at", nullable=True),
    Index("ix_staff_recovery_code_staff_id", "staff_id"),
)

staff_session = Table(
    "staff_session",
    metadata,
    text_id(),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    moment("started_at"),
    moment("ends_at"),
    moment("ended_at", nullable=True),
    Column("ended_why", Text, nullable=True),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    one_of("ended_why", SessionEnd),
    CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="end_has_a_reason"),
    Index("ix_staff_session_staff_id", "staff_id", "started_at"),
)

staff_refresh = Table(
    "staff_refresh",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("session_id", Text, ForeignKey("staff_session.id"), nullable=False),
    moment("issued_at"),
    moment("expires_at"),
    moment("used_at", nullable=True),
    Index("ix_staff_refresh_session_id", "session_id"),
)

# Who asked may be a member, so `maker` has no foreign key; who decides is always of staff. A trigger in the migration
# keeps what was asked, and everything once it is decided.
staff_request = Table(
    "staff_request",
    metadata,
    text_id(),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("maker", Text, nullable=False),
    moment("made_at"),
    moment("expires_at"),
    Column("state", Text, nullable=False),
    Column("checker", Text, ForeignKey("staff.id"), nullable=True),
    moment("decided_at", nullable=True),
    Column("reason", Text, nullable=False, server_default=""),
    Column("outcome", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    one_of("state", RequestState),
    CheckConstraint("checker <> maker", name="checker_is_not_maker"),
    CheckConstraint(
        "(checker IS NOT NULL) = (state IN ('approved', 'rejected'))", name="decision_has_a_checker"
    ),
    CheckConstraint("(decided_at IS NULL) = (state = 'pending')", name="end_has_a_time"),
    Index("ix_staff_request_state", "state", "id"),
    Index("ix_staff_request_subject", "subject", "id"),
    # The same thing is asked for once at a time.
    Index(
        "uq_staff_request_waiting",
        "action",
        "subject",
        unique=True,
        postgresql_where=text("state = 'pending' AND subject <> ''"),
    ),
)

staff_answer = Table(
    "staff_answer",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    # Null only inside the transaction that makes it.
    Column("body", Text, nullable=True),
    moment("at"),
    PrimaryKeyConstraint("staff_id", "key"),
    Index("ix_staff_answer_at", "at"),
)
