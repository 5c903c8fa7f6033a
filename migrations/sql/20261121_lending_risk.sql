-- Charges on instalments, and what lending risk keeps: standing, pauses, penalties, guarantees, promises.
ALTER TABLE instalment
    ADD COLUMN fees BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN fees_paid BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN penalties BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN penalties_paid BIGINT DEFAULT 0 NOT NULL,
    ADD CONSTRAINT ck_instalment_fees_within_schedule CHECK (fees_paid BETWEEN 0 AND fees),
    ADD CONSTRAINT ck_instalment_penalties_within_schedule CHECK (penalties_paid BETWEEN 0 AND penalties)
--;
-- Ageing looks for the few repayments that came after a deadline.
CREATE INDEX ix_loan_repayment_event_at ON loan_repayment (event_at)
--;
CREATE TABLE loan_standing (
    loan_id TEXT NOT NULL CONSTRAINT pk_loan_standing PRIMARY KEY
        CONSTRAINT fk_loan_standing_loan_id REFERENCES loan (id),
    aged_on DATE NOT NULL,
    days_past_due INTEGER NOT NULL,
    overdue_since DATE,
    overdue_principal BIGINT NOT NULL,
    overdue_interest BIGINT NOT NULL,
    overdue_fees BIGINT NOT NULL,
    overdue_penalties BIGINT NOT NULL,
    delinquent_since DATE,
    delinquent_days INTEGER NOT NULL,
    bucket TEXT,
    outstanding BIGINT NOT NULL,
    loan_class TEXT NOT NULL,
    is_uncured BOOLEAN NOT NULL,
    provision BIGINT NOT NULL,
    stage SMALLINT NOT NULL,
    expected_loss BIGINT NOT NULL,
    last_late_on DATE,
    defaulted_on DATE,
    principal_at_default BIGINT,
    interest_at_default BIGINT,
    CONSTRAINT ck_loan_standing_loan_class_known
        CHECK (loan_class IN ('performing', 'watch', 'substandard', 'doubtful', 'loss')),
    CONSTRAINT ck_loan_standing_stage_known CHECK (stage BETWEEN 1 AND 3),
    CONSTRAINT ck_loan_standing_default_whole CHECK (
        (defaulted_on IS NULL) = (principal_at_default IS NULL)
        AND (defaulted_on IS NULL) = (interest_at_default IS NULL))
) WITH (fillfactor = 70)
--;
CREATE INDEX ix_loan_standing_late ON loan_standing (loan_id) WHERE days_past_due > 0
--;
CREATE TABLE ageing_pause (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_ageing_pause PRIMARY KEY,
    loan_id TEXT NOT NULL CONSTRAINT fk_ageing_pause_loan_id REFERENCES loan (id),
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    reason TEXT NOT NULL,
    paused_by TEXT NOT NULL,
    paused_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT ck_ageing_pause_in_order CHECK (ends_on >= starts_on)
)
--;
CREATE INDEX ix_ageing_pause_loan_id ON ageing_pause (loan_id)
--;
CREATE TABLE loan_renegotiation (
    loan_id TEXT NOT NULL CONSTRAINT fk_loan_renegotiation_loan_id REFERENCES loan (id),
    renegotiated_on DATE NOT NULL,
    class_before TEXT NOT NULL,
    CONSTRAINT pk_loan_renegotiation PRIMARY KEY (loan_id, renegotiated_on),
    CONSTRAINT ck_loan_renegotiation_class_before_known
        CHECK (class_before IN ('performing', 'watch', 'substandard', 'doubtful', 'loss'))
)
--;
CREATE TABLE loan_penalty (
    loan_id TEXT NOT NULL,
    instalment INTEGER NOT NULL,
    for_day DATE NOT NULL,
    amount BIGINT NOT NULL,
    CONSTRAINT pk_loan_penalty PRIMARY KEY (loan_id, instalment, for_day),
    CONSTRAINT fk_loan_penalty_loan_id_instalment
        FOREIGN KEY (loan_id, instalment) REFERENCES instalment (loan_id, number),
    CONSTRAINT ck_loan_penalty_amount_positive CHECK (amount > 0)
)
--;
CREATE INDEX ix_loan_penalty_for_day ON loan_penalty (for_day)
--;
CREATE TABLE loan_guarantee (
    id TEXT NOT NULL CONSTRAINT pk_loan_guarantee PRIMARY KEY,
    subject TEXT NOT NULL,
    borrower_id TEXT NOT NULL CONSTRAINT fk_loan_guarantee_borrower_id REFERENCES member (id),
    guarantor_id TEXT NOT NULL CONSTRAINT fk_loan_guarantee_guarantor_id REFERENCES member (id),
    asked BIGINT NOT NULL,
    amount BIGINT DEFAULT 0 NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    answered_at TIMESTAMPTZ,
    substituted_by TEXT CONSTRAINT fk_loan_guarantee_substituted_by REFERENCES loan_guarantee (id),
    recovered BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT ck_loan_guarantee_state_known CHECK (state IN ('requested', 'accepted', 'declined', 'expired',
        'withdrawn', 'substituted', 'released', 'called')),
    CONSTRAINT ck_loan_guarantee_not_for_oneself CHECK (guarantor_id <> borrower_id),
    CONSTRAINT ck_loan_guarantee_amount_within_asked CHECK (asked > 0 AND amount BETWEEN 0 AND asked),
    CONSTRAINT ck_loan_guarantee_recovered_within_amount CHECK (recovered BETWEEN 0 AND amount)
)
--;
CREATE INDEX ix_loan_guarantee_subject ON loan_guarantee (subject)
--;
CREATE UNIQUE INDEX uq_loan_guarantee_open ON loan_guarantee (subject, guarantor_id)
    WHERE state IN ('requested', 'accepted')
--;
CREATE INDEX ix_loan_guarantee_guarantor_id ON loan_guarantee (guarantor_id)
    WHERE state IN ('requested', 'accepted')
--;
CREATE TABLE guarantor_bar (
    member_id TEXT NOT NULL CONSTRAINT pk_guarantor_bar PRIMARY KEY
        CONSTRAINT fk_guarantor_bar_member_id REFERENCES member (id),
    reason TEXT NOT NULL,
    from_day DATE NOT NULL,
    until_day DATE
)
--;
CREATE TABLE promise_to_pay (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_promise_to_pay PRIMARY KEY,
    loan_id TEXT NOT NULL CONSTRAINT fk_promise_to_pay_loan_id REFERENCES loan (id),
    promised_on DATE NOT NULL,
    due_on DATE NOT NULL,
    amount BIGINT NOT NULL,
    taken_by TEXT NOT NULL,
    taken_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT ck_promise_to_pay_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_promise_to_pay_in_order CHECK (due_on >= promised_on)
)
--;
CREATE INDEX ix_promise_to_pay_loan_id ON promise_to_pay (loan_id)
--;
CREATE TABLE collection_case (
    loan_id TEXT NOT NULL CONSTRAINT pk_collection_case PRIMARY KEY
        CONSTRAINT fk_collection_case_loan_id REFERENCES loan (id),
    officer TEXT,
    last_contact_on DATE
)
