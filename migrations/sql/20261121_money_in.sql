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
