"""The payments' tables: intents, and every fact that providers told us."""

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
from core.payments.callback_store import CallbackKind, CallbackState
from core.payments.model import FactSource, PaymentState, Purpose
from core.payments.receipt import ReceiptState

payment = Table(
    "payment",
    metadata,
    text_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("phone", Text, nullable=False),
    amount("amount"),
    amount("collected"),
    currency(),
    Column("channel", Text, nullable=False),
    Column("account_reference", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("provider_request_id", Text, nullable=True),
    Column("receipt", Text, nullable=True),
    # One receipt of the paybill may be divided over several purposes, each a payment of its own.
    Column("part", Integer, nullable=False, server_default="1"),
    Column("reason", Text, nullable=False, server_default=""),
    # Anything about this payment that a person should look at; empty for nothing.
    Column("incident", Text, nullable=False, server_default=""),
    Column("enquiries", Integer, nullable=False, server_default="0"),
    moment("enquire_at", nullable=True),
    moment("requested_at"),
    moment("sent_at", nullable=True),
    moment("settled_at", nullable=True),
    UniqueConstraint("account_reference"),
    UniqueConstraint("provider_request_id"),
    UniqueConstraint("receipt", "part"),
    one_of("purpose", Purpose),
    one_of("state", PaymentState),
    Index("ix_payment_member_id", "member_id", "requested_at"),
    Index("ix_payment_phone", "phone", "requested_at"),
    Index("ix_payment_incident", "id", postgresql_where=text("incident <> ''")),
    Index("ix_payment_enquire_at", "enquire_at", postgresql_where=text("enquire_at IS NOT NULL")),
)

payment_fact = Table(
    "payment_fact",
    metadata,
    serial_id(),
    # No foreign key: a callback that fits no payment is kept as well.
    Column("payment_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    moment("heard_at"),
    moment("handled_at", nullable=True),
    UniqueConstraint("fingerprint"),
    one_of("source", FactSource),
    Index("ix_payment_fact_waiting", "payment_id", postgresql_where=text("handled_at IS NULL")),
)

provider_callback = Table(
    "provider_callback",
    metadata,
    text_id(),
    Column("kind", Text, nullable=False),
    Column("named", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    Column("repeats", Integer, nullable=False, server_default="0"),
    moment("received_at"),
    moment("handled_at", nullable=True),
    UniqueConstraint("fingerprint"),
    one_of("kind", CallbackKind),
    one_of("state", CallbackState),
    Index("ix_provider_callback_parked", "id", postgresql_where=text("state = 'parked'")),
)

paybill_receipt = Table(
    "paybill_receipt",
    metadata,
    Column("receipt", Text, primary_key=True),
    amount("amount"),
    currency(),
    Column("reference", Text, nullable=False),
    Column("payer_name", Text, nullable=False),
    # A hash of a phone number can be tried out: it is personal data as the number is.
    Column("payer_hash", Text, nullable=False),
    Column("payer_ending", Text, nullable=False),
    moment("paid_at"),
    moment("received_at"),
    Column("state", Text, nullable=False),
    Column("member_id", Text, ForeignKey("member.id"), nullable=True),
    Column("why", Text, nullable=False, server_default=""),
    Column("suggestions", JSONB, nullable=False, server_default="[]"),
    CheckConstraint("amount > 0", name="amount_positive"),
    one_of("state", ReceiptState),
    Index(
        "ix_paybill_receipt_waiting", "received_at", "receipt", postgresql_where=text("state = 'suspense'")
    ),
    Index("ix_paybill_receipt_received_at", "received_at"),
)
