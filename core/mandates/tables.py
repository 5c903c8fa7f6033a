"""The mandates' tables: what members agreed to, and every collection that came of it."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Table, Text, text

from core.db.columns import amount, currency, metadata, moment, one_of, text_id
from core.mandates.model import MandateStatus, Rhythm
from core.payments.model import Purpose

payment_mandate = Table(
    "payment_mandate",
    metadata,
    text_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("subject", Text, nullable=False),
    # Nothing for what is due on a loan.
    amount("amount", nullable=True),
    currency(),
    Column("rhythm", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=True),
    Column("status", Text, nullable=False),
    Column("next_on", Date, nullable=False),
    moment("try_at"),
    Column("given_by", Text, nullable=False),
    moment("given_at"),
    one_of("purpose", Purpose),
    one_of("rhythm", Rhythm),
    one_of("status", MandateStatus),
    CheckConstraint("amount > 0", name="amount_positive"),
    Index("ix_payment_mandate_member_id", "member_id"),
    Index("ix_payment_mandate_due", "try_at", postgresql_where=text("status = 'active'")),
)

mandate_run = Table(
    "mandate_run",
    metadata,
    Column("mandate_id", Text, ForeignKey("payment_mandate.id"), primary_key=True),
    Column("due_on", Date, primary_key=True),
    # Nothing where nobody was asked; `outcome` says why.
    Column("payment_id", Text, ForeignKey("payment.id"), nullable=True),
    Column("outcome", Text, nullable=False),
    moment("run_at"),
)
