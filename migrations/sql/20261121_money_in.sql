-- A payment may be for any purpose; one receipt may be divided into several payments, its parts.
ALTER TABLE payment
    DROP CONSTRAINT ck_payment_purpose_known,
    ADD CONSTRAINT ck_payment_purpose_known CHECK (purpose IN ('loan_repayment', 'savings', 'shares', 'fee')),
    ADD COLUMN part INTEGER DEFAULT 1 NOT NULL,
    DROP CONSTRAINT uq_payment_receipt,
    ADD CONSTRAINT uq_payment_receipt_part UNIQUE (receipt, part)
--;
ALTER TABLE payment_fact
    DROP CONSTRAINT ck_payment_fact_source_known,
    ADD CONSTRAINT ck_payment_fact_source_known CHECK (source IN ('callback', 'enquiry', 'paybill'))
--;
CREATE TABLE provider_callback (
    id TEXT NOT NULL CONSTRAINT pk_provider_callback PRIMARY KEY,
    kind TEXT NOT NULL,
    named TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    body TEXT NOT NULL,
    facts JSONB NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    repeats INTEGER DEFAULT 0 NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    handled_at TIMESTAMPTZ,
    CONSTRAINT uq_provider_callback_fingerprint UNIQUE (fingerprint),
    CONSTRAINT ck_provider_callback_kind_known CHECK (kind IN ('prompt', 'paybill')),
    CONSTRAINT ck_provider_callback_state_known CHECK (state IN ('kept', 'done', 'parked', 'resolved'))
)
--;
CREATE INDEX ix_provider_callback_parked ON provider_callback (id) WHERE state = 'parked'
--;
CREATE TABLE paybill_receipt (
    receipt TEXT NOT NULL CONSTRAINT pk_paybill_receipt PRIMARY KEY,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    reference TEXT NOT NULL,
    payer_name TEXT NOT NULL,
    payer_hash TEXT NOT NULL,
    payer_ending TEXT NOT NULL,
    paid_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    member_id TEXT CONSTRAINT fk_paybill_receipt_member_id REFERENCES member (id),
    why TEXT DEFAULT '' NOT NULL,
    suggestions JSONB DEFAULT '[]' NOT NULL,
    CONSTRAINT ck_paybill_receipt_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_paybill_receipt_state_known CHECK (state IN ('prompted', 'credited', 'suspense', 'allocated'))
)
--;
CREATE INDEX ix_paybill_receipt_waiting ON paybill_receipt (received_at, receipt) WHERE state = 'suspense'
--;
CREATE INDEX ix_paybill_receipt_received_at ON paybill_receipt (received_at)
--;
CREATE TABLE security_event (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_security_event PRIMARY KEY,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    hour TIMESTAMPTZ NOT NULL,
    count INTEGER DEFAULT 1 NOT NULL,
    detail TEXT NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT uq_security_event_kind_source_hour UNIQUE (kind, source, hour)
)
--;
-- Daraja's C2B names payers by this hash of their number.
CREATE INDEX ix_member_phone_hash ON member (encode(sha256(substr(phone, 2)::bytea), 'hex'))
--;
CREATE TABLE payment_mandate (
    id TEXT NOT NULL CONSTRAINT pk_payment_mandate PRIMARY KEY,
    member_id TEXT NOT NULL CONSTRAINT fk_payment_mandate_member_id REFERENCES member (id),
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    amount BIGINT,
    currency TEXT NOT NULL,
    rhythm TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE,
    status TEXT NOT NULL,
    next_on DATE NOT NULL,
    try_at TIMESTAMPTZ NOT NULL,
    given_by TEXT NOT NULL,
    given_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT ck_payment_mandate_purpose_known CHECK (purpose IN ('loan_repayment', 'savings', 'shares', 'fee')),
    CONSTRAINT ck_payment_mandate_rhythm_known CHECK (rhythm IN ('once', 'weekly', 'monthly')),
    CONSTRAINT ck_payment_mandate_status_known CHECK (status IN ('active', 'paused', 'ended')),
    CONSTRAINT ck_payment_mandate_amount_positive CHECK (amount > 0)
)
--;
CREATE INDEX ix_payment_mandate_member_id ON payment_mandate (member_id)
--;
CREATE INDEX ix_payment_mandate_due ON payment_mandate (try_at) WHERE status = 'active'
--;
CREATE TABLE mandate_run (
    mandate_id TEXT NOT NULL CONSTRAINT fk_mandate_run_mandate_id REFERENCES payment_mandate (id),
    due_on DATE NOT NULL,
    payment_id TEXT CONSTRAINT fk_mandate_run_payment_id REFERENCES payment (id),
    outcome TEXT NOT NULL,
    run_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_mandate_run PRIMARY KEY (mandate_id, due_on)
)
--;
CREATE TABLE payment_link (
    id TEXT NOT NULL CONSTRAINT pk_payment_link PRIMARY KEY,
    member_id TEXT NOT NULL CONSTRAINT fk_payment_link_member_id REFERENCES member (id),
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    is_closed BOOLEAN DEFAULT false NOT NULL,
    made_by TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT ck_payment_link_purpose_known CHECK (purpose IN ('loan_repayment', 'savings', 'shares', 'fee')),
    CONSTRAINT ck_payment_link_amount_positive CHECK (amount > 0)
)
--;
CREATE TABLE payment_link_use (
    payment_id TEXT NOT NULL CONSTRAINT pk_payment_link_use PRIMARY KEY
        CONSTRAINT fk_payment_link_use_payment_id REFERENCES payment (id),
    link_id TEXT NOT NULL CONSTRAINT fk_payment_link_use_link_id REFERENCES payment_link (id)
)
--;
CREATE INDEX ix_payment_link_use_link_id ON payment_link_use (link_id)
