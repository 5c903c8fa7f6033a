-- Applications for loans: what was asked, found, decided and accepted; votes; things given as collateral.
CREATE SEQUENCE loan_application_number START 1001
--;
CREATE TABLE loan_application (
    id TEXT NOT NULL CONSTRAINT pk_loan_application PRIMARY KEY,
    number TEXT NOT NULL CONSTRAINT uq_loan_application_number UNIQUE,
    member_id TEXT NOT NULL CONSTRAINT fk_loan_application_member_id REFERENCES member (id),
    product TEXT NOT NULL,
    currency TEXT NOT NULL,
    asked BIGINT NOT NULL,
    asked_instalments INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    written_by TEXT NOT NULL,
    state TEXT NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    facts JSONB NOT NULL,
    limit_shown JSONB NOT NULL,
    basic_pay BIGINT,
    pay_deductions BIGINT,
    offered BIGINT,
    offered_instalments INTEGER,
    appraised_by TEXT,
    appraisal TEXT DEFAULT '' NOT NULL,
    terms JSONB,
    accepted JSONB,
    reason TEXT DEFAULT '' NOT NULL,
    loan_id TEXT CONSTRAINT fk_loan_application_loan_id REFERENCES loan (id),
    CONSTRAINT uq_loan_application_id_appraised_by UNIQUE (id, appraised_by),
    CONSTRAINT ck_loan_application_state_known CHECK (state IN ('applied', 'appraised', 'approved', 'accepted',
        'disbursed', 'rejected', 'withdrawn', 'expired')),
    CONSTRAINT ck_loan_application_purpose_known CHECK (purpose IN ('business', 'school_fees', 'medical', 'farm',
        'home', 'emergency', 'other')),
    CONSTRAINT ck_loan_application_asked_positive CHECK (asked > 0 AND asked_instalments > 0),
    CONSTRAINT ck_loan_application_offer_whole CHECK (
        (offered IS NULL) = (offered_instalments IS NULL) AND (offered IS NULL) = (appraised_by IS NULL)),
    CONSTRAINT ck_loan_application_pay_whole CHECK ((basic_pay IS NULL) = (pay_deductions IS NULL)),
    CONSTRAINT ck_loan_application_approved_terms
        CHECK (state NOT IN ('approved', 'accepted', 'disbursed') OR terms IS NOT NULL),
    CONSTRAINT ck_loan_application_accepted_text
        CHECK (state NOT IN ('accepted', 'disbursed') OR accepted IS NOT NULL),
    CONSTRAINT ck_loan_application_disbursed_loan CHECK ((state = 'disbursed') = (loan_id IS NOT NULL))
)
--;
CREATE UNIQUE INDEX uq_loan_application_open ON loan_application (member_id, product)
    WHERE state IN ('applied', 'appraised', 'approved', 'accepted')
--;
CREATE UNIQUE INDEX uq_loan_application_loan_id ON loan_application (loan_id)
--;
CREATE INDEX ix_loan_application_member_id ON loan_application (member_id)
--;
CREATE INDEX ix_loan_application_queue ON loan_application (state, id)
    WHERE state IN ('applied', 'appraised', 'approved', 'accepted')
--;
CREATE INDEX ix_loan_application_expires_at ON loan_application (expires_at)
    WHERE state IN ('applied', 'appraised', 'approved', 'accepted')
--;
CREATE TABLE loan_approval (
    application_id TEXT NOT NULL CONSTRAINT fk_loan_approval_application_id REFERENCES loan_application (id),
    staff_id TEXT NOT NULL,
    appraised_by TEXT NOT NULL,
    is_for BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_loan_approval PRIMARY KEY (application_id, staff_id),
    CONSTRAINT fk_loan_approval_application_id_appraised_by
        FOREIGN KEY (application_id, appraised_by) REFERENCES loan_application (id, appraised_by),
    CONSTRAINT ck_loan_approval_voter_is_not_appraiser CHECK (staff_id <> appraised_by)
)
--;
CREATE TABLE loan_collateral (
    id TEXT NOT NULL CONSTRAINT pk_loan_collateral PRIMARY KEY,
    subject TEXT NOT NULL,
    member_id TEXT NOT NULL CONSTRAINT fk_loan_collateral_member_id REFERENCES member (id),
    kind TEXT NOT NULL,
    description TEXT NOT NULL,
    reference TEXT NOT NULL,
    worth BIGINT NOT NULL,
    currency TEXT NOT NULL,
    valued_on DATE NOT NULL,
    valued_by TEXT NOT NULL,
    state TEXT NOT NULL,
    registered_at TIMESTAMPTZ NOT NULL,
    released_at TIMESTAMPTZ,
    CONSTRAINT ck_loan_collateral_kind_known CHECK (kind IN ('land', 'vehicle', 'listed_shares', 'chattels')),
    CONSTRAINT ck_loan_collateral_state_known CHECK (state IN ('held', 'released')),
    CONSTRAINT ck_loan_collateral_worth_positive CHECK (worth > 0),
    CONSTRAINT ck_loan_collateral_released_at_a_moment CHECK ((state = 'released') = (released_at IS NOT NULL))
)
--;
CREATE INDEX ix_loan_collateral_subject ON loan_collateral (subject)
--;
CREATE UNIQUE INDEX uq_loan_collateral_held ON loan_collateral (kind, reference) WHERE state = 'held'
