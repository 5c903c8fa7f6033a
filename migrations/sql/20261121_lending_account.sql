-- The running loan: its terms and rules as agreed, the log of what happened to it, and its rows as the log left them.
ALTER TABLE loan
    ADD COLUMN terms JSONB,
    ADD COLUMN rules JSONB,
    ADD COLUMN application_id TEXT,
    ADD COLUMN paid_to TEXT DEFAULT 'savings' NOT NULL,
    ADD COLUMN ended_on DATE
--;
ALTER TABLE instalment
    ADD COLUMN kind TEXT DEFAULT 'instalment' NOT NULL,
    ADD COLUMN starts_on DATE,
    ADD COLUMN interest_waived BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN fees_waived BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN penalties_waived BIGINT DEFAULT 0 NOT NULL
--;
CREATE TABLE loan_event (
    loan_id TEXT NOT NULL CONSTRAINT fk_loan_event_loan_id REFERENCES loan (id),
    number INTEGER NOT NULL,
    entered_on DATE NOT NULL,
    event_at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    body JSONB NOT NULL,
    amount BIGINT NOT NULL,
    penalty BIGINT DEFAULT 0 NOT NULL,
    fee BIGINT DEFAULT 0 NOT NULL,
    interest BIGINT DEFAULT 0 NOT NULL,
    principal BIGINT DEFAULT 0 NOT NULL,
    excess BIGINT DEFAULT 0 NOT NULL,
    parts JSONB,
    journal_id BIGINT CONSTRAINT fk_loan_event_journal_id REFERENCES journal (id),
    payment_id TEXT CONSTRAINT fk_loan_event_payment_id REFERENCES payment (id),
    actor TEXT NOT NULL,
    reversed_by INTEGER,
    CONSTRAINT pk_loan_event PRIMARY KEY (loan_id, number),
    CONSTRAINT uq_loan_event_payment_id UNIQUE (payment_id)
)
