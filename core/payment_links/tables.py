"""The links' tables: what each asks for, and the prompts that came of it."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Table, Text, text

from core.db.columns import amount, currency, metadata, moment, one_of, text_id
from core.payments.model import Purpose

payment_link = Table(
    "payment_link",
    metadata,
    text_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("subject", Text, nullable=False),
    amount("amount"),
    currency(),
    Column("is_closed", Boolean, nullable=False, server_default=text("false")),
    Column("made_by", Text, nullable=False),
    moment("made_at"),
    moment("expires_at"),
    one_of("purpose", Purpose),
    CheckConstraint("amount > 0", name="amount_positive"),
)

payment_link_use = Table(
    "payment_link_use",
    metadata,
    Column("payment_id", Text, ForeignKey("payment.id"), primary_key=True),
    Column("link_id", Text, ForeignKey("payment_link.id"), nullable=False, index=True),
)
