"""The first shape: ledger, members, accounts, loans, payments, notices, audit, outbox.

Posting, the guards of what is written once, and the snapshots of hot accounts are functions and triggers in
`migrations/sql`, because the database itself must refuse an unbalanced or changed entry.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FUNCTIONS = Path(__file__).parent.parent / "sql" / "20261121_foundation.sql"


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_table(
        "hot_horizon",
        sa.Column("only", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("upto_entry", sa.BigInteger(), nullable=False),
        sa.Column("candidate_entry", sa.BigInteger(), nullable=False),
        sa.Column("candidate_xid", sa.Text(), nullable=False),
        sa.CheckConstraint('"only"', name=op.f("ck_hot_horizon_one_row")),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_hot_horizon")),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("meta", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("key", name=op.f("uq_journal_key")),
    )
    op.create_table(
        "ledger_account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("hot", sa.Boolean(), nullable=False),
        sa.Column("minimum", sa.BigInteger(), nullable=True),
        sa.Column("balance", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('asset', 'liability', 'equity', 'income', 'expense')",
            name=op.f("ck_ledger_account_kind_known"),
        ),
        sa.CheckConstraint("NOT hot OR balance = 0", name=op.f("ck_ledger_account_hot_has_no_row_balance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_account")),
        sa.UniqueConstraint("code", name=op.f("uq_ledger_account_code")),
    )
    op.create_index(
        "ix_ledger_account_parent",
        "ledger_account",
        ["parent"],
        unique=False,
        postgresql_where=sa.text("parent IS NOT NULL"),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('en', 'sw')", name=op.f("ck_member_language_known")),
        sa.CheckConstraint(
            "status IN ('pending', 'active', 'dormant', 'blocked', 'exited')",
            name=op.f("ck_member_status_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("number", name=op.f("uq_member_number")),
        sa.UniqueConstraint("phone", name=op.f("uq_member_phone")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="ready", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_waiting", "outbox", ["run_at"], unique=False, postgresql_where=sa.text("state = 'ready'")
    )
    op.create_table(
        "payment_fact",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("source IN ('callback', 'enquiry')", name=op.f("ck_payment_fact_source_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_fact")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_payment_fact_fingerprint")),
    )
    op.create_index(
        "ix_payment_fact_waiting",
        "payment_fact",
        ["payment_id"],
        unique=False,
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.create_table(
        "audit_seal",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_audit_seal_event_id")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_seal_event_id")),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.CHAR(length=1), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("side IN ('D', 'C')", name=op.f("ck_entry_side_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_entry_amount_positive")),
        sa.PrimaryKeyConstraint("journal_id", "id", name=op.f("pk_entry")),
    )
    op.create_index("ix_entry_account_id", "entry", ["account_id", "id"], unique=False)
    op.create_table(
        "hot_balance",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("upto_entry", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_account.id"], name=op.f("fk_hot_balance_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_hot_balance")),
    )
    op.create_table(
        "loan",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rate_per_period", sa.Text(), nullable=False),
        sa.Column("instalments", sa.Integer(), nullable=False),
        sa.Column("disbursed_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("principal_code", sa.Text(), nullable=False),
        sa.Column("interest_code", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'closed')", name=op.f("ck_loan_status_known")),
        sa.ForeignKeyConstraint(
            ["interest_code"], ["ledger_account.code"], name=op.f("fk_loan_interest_code")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_loan_member_id")),
        sa.ForeignKeyConstraint(
            ["principal_code"], ["ledger_account.code"], name=op.f("fk_loan_principal_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
        sa.UniqueConstraint("number", name=op.f("uq_loan_number")),
    )
    op.create_index(
        "ix_loan_member_id",
        "loan",
        ["member_id"],
        unique=False,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "member_pin",
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=True),
        sa.Column("proposed_hash", sa.Text(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_for_staff", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("last_attempt", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_pin_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member_pin")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("provider_message_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("cost", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('repayment_received', 'loan_cleared', 'payment_failed', 'payment_unanswered')",
            name=op.f("ck_notice_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'unknown')", name=op.f("ck_notice_state_known")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_notice_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
        sa.UniqueConstraint("provider_message_id", name=op.f("uq_notice_provider_message_id")),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("collected", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("account_reference", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("provider_request_id", sa.Text(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("incident", sa.Text(), server_default="", nullable=False),
        sa.Column("enquiries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("enquire_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('loan_repayment')", name=op.f("ck_payment_purpose_known")),
        sa.CheckConstraint(
            "state IN ('requested', 'submitting', 'submitted', 'confirmed', 'failed', 'unknown')",
            name=op.f("ck_payment_state_known"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_payment_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("account_reference", name=op.f("uq_payment_account_reference")),
        sa.UniqueConstraint("provider_request_id", name=op.f("uq_payment_provider_request_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_payment_receipt")),
    )
    op.create_index(
        "ix_payment_enquire_at",
        "payment",
        ["enquire_at"],
        unique=False,
        postgresql_where=sa.text("enquire_at IS NOT NULL"),
    )
    op.create_index("ix_payment_member_id", "payment", ["member_id", "requested_at"], unique=False)
    op.create_index("ix_payment_phone", "payment", ["phone", "requested_at"], unique=False)
    op.create_table(
        "savings_account",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("ledger_code", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "product IN ('savings', 'deposits')", name=op.f("ck_savings_account_product_known")
        ),
        sa.ForeignKeyConstraint(
            ["ledger_code"], ["ledger_account.code"], name=op.f("fk_savings_account_ledger_code")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_savings_account_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_savings_account")),
        sa.UniqueConstraint("member_id", "product", name=op.f("uq_savings_account_member_id_product")),
    )
    op.create_table(
        "share_account",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("ledger_code", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ledger_code"], ["ledger_account.code"], name=op.f("fk_share_account_ledger_code")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_share_account_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_account")),
        sa.UniqueConstraint("member_id", name=op.f("uq_share_account_member_id")),
    )
    op.create_table(
        "instalment",
        sa.Column("loan_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        sa.Column("principal_paid", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("interest_paid", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("interest_recognised", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "interest_paid >= 0 AND interest_paid <= interest_recognised AND interest_recognised <= interest",
            name=op.f("ck_instalment_interest_within_schedule"),
        ),
        sa.CheckConstraint(
            "principal_paid BETWEEN 0 AND principal", name=op.f("ck_instalment_principal_within_schedule")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_instalment_loan_id")),
        sa.PrimaryKeyConstraint("loan_id", "number", name=op.f("pk_instalment")),
    )
    op.create_table(
        "loan_repayment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("loan_id", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=True),
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("excess", sa.BigInteger(), nullable=False),
        sa.Column("parts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_loan_repayment_journal_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_loan_repayment_loan_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_loan_repayment_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_repayment")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_loan_repayment_payment_id")),
    )
    op.create_index("ix_loan_repayment_loan_id", "loan_repayment", ["loan_id"], unique=False)
    for statement in FUNCTIONS.read_text(encoding="utf-8").split("\n--;\n"):
        op.execute(sa.text(statement.replace(":", "\\:")))
