-- Money out by M-Pesa: intents, what was heard of them, and the utility float.
CREATE TABLE payout (
    id TEXT NOT NULL CONSTRAINT pk_payout PRIMARY KEY,
    member_id TEXT NOT NULL CONSTRAINT fk_payout_member_id REFERENCES member (id),
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    phone TEXT NOT NULL,
    amount BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    excise BIGINT NOT NULL,
    currency TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER DEFAULT 1 NOT NULL,
    waits_for TEXT DEFAULT '' NOT NULL,
    provider_request_id TEXT,
    receipt TEXT,
    reason TEXT DEFAULT '' NOT NULL,
    incident TEXT DEFAULT '' NOT NULL,
    enquiries INTEGER DEFAULT 0 NOT NULL,
    next_at TIMESTAMPTZ,
    requested_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ,
    settled_at TIMESTAMPTZ,
    CONSTRAINT uq_payout_receipt UNIQUE (receipt),
    CONSTRAINT ck_payout_purpose_known CHECK (purpose IN ('withdrawal', 'loan')),
    CONSTRAINT ck_payout_state_known CHECK (state IN ('awaiting_approval', 'requested', 'submitting', 'submitted',
        'unknown', 'settled', 'voided')),
    CONSTRAINT ck_payout_waits_for_known CHECK (waits_for IN ('', 'float', 'setup', 'provider')),
    CONSTRAINT ck_payout_amounts CHECK (amount > 0 AND fee >= 0 AND excise >= 0)
)
--;
CREATE INDEX ix_payout_member_id ON payout (member_id, requested_at)
--;
CREATE INDEX ix_payout_provider_request_id ON payout (provider_request_id)
--;
CREATE INDEX ix_payout_incident ON payout (id) WHERE incident <> ''
--;
CREATE INDEX ix_payout_next_at ON payout (next_at) WHERE next_at IS NOT NULL
--;
CREATE INDEX ix_payout_under_way ON payout (subject) WHERE state NOT IN ('settled', 'voided')
--;
CREATE INDEX ix_payout_settled_at ON payout (settled_at) WHERE state = 'settled'
--;
CREATE TABLE payout_fact (
    id BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_payout_fact PRIMARY KEY,
    payout_id TEXT NOT NULL,
    source TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    outcome TEXT NOT NULL,
    facts JSONB NOT NULL,
    heard_at TIMESTAMPTZ NOT NULL,
    handled_at TIMESTAMPTZ,
    CONSTRAINT uq_payout_fact_fingerprint UNIQUE (fingerprint),
    CONSTRAINT ck_payout_fact_source_known CHECK (source IN ('reply', 'result', 'timeout', 'status', 'staff'))
)
--;
CREATE INDEX ix_payout_fact_waiting ON payout_fact (payout_id) WHERE handled_at IS NULL
--;
CREATE TABLE payout_float (
    id TEXT NOT NULL CONSTRAINT pk_payout_float PRIMARY KEY,
    currency TEXT NOT NULL,
    balance BIGINT,
    balance_at TIMESTAMPTZ,
    reserved BIGINT DEFAULT 0 NOT NULL,
    ask_reference TEXT DEFAULT '' NOT NULL,
    asked_at TIMESTAMPTZ,
    stopped TEXT DEFAULT '' NOT NULL,
    low_since TIMESTAMPTZ,
    CONSTRAINT ck_payout_float_reserved_not_negative CHECK (reserved >= 0)
)
--;
-- The one account that payouts leave from. Nothing goes out before its balance was told.
INSERT INTO payout_float (id, currency) VALUES ('mpesa_utility', 'KES')
