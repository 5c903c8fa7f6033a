-- How members are known and how that changes. One statement per `--;` line, as the driver takes one at a time.

ALTER TABLE member
    ADD withdrawals_allowed_from timestamptz,
    ADD national_id_sealed text,
    ADD national_id_print bytea
--;
CREATE INDEX ix_member_national_id_print ON member (national_id_print)
--;
CREATE TABLE member_consent (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_member_consent PRIMARY KEY,
    member_id text NOT NULL CONSTRAINT fk_member_consent_member_id REFERENCES member (id),
    version text NOT NULL,
    language text NOT NULL,
    words text NOT NULL,
    channel text NOT NULL,
    given_at timestamptz NOT NULL,
    CONSTRAINT ck_member_consent_language_known CHECK (language IN ('en', 'sw'))
)
--;
CREATE INDEX ix_member_consent_member_id ON member_consent (member_id)
--;
CREATE TABLE phone_change (
    id text CONSTRAINT pk_phone_change PRIMARY KEY,
    member_id text NOT NULL CONSTRAINT fk_phone_change_member_id REFERENCES member (id),
    old_phone text NOT NULL,
    new_phone text NOT NULL,
    state text NOT NULL,
    wrong_tries integer NOT NULL DEFAULT 0,
    asked_at timestamptz NOT NULL,
    closed_at timestamptz,
    CONSTRAINT ck_phone_change_state_known CHECK (state IN ('asked', 'proved', 'done', 'given_up'))
)
--;
CREATE INDEX ix_phone_change_member_id ON phone_change (member_id, asked_at)
--;
CREATE INDEX ix_phone_change_new_phone ON phone_change (new_phone, asked_at)
--;
CREATE TABLE identity_check (
    member_id text CONSTRAINT pk_identity_check PRIMARY KEY
        CONSTRAINT fk_identity_check_member_id REFERENCES member (id),
    wrong_tries integer NOT NULL DEFAULT 0,
    since timestamptz NOT NULL,
    passed_at timestamptz
)
--;
CREATE TABLE member_request (
    id text CONSTRAINT pk_member_request PRIMARY KEY,
    member_id text NOT NULL CONSTRAINT fk_member_request_member_id REFERENCES member (id),
    kind text NOT NULL,
    words text NOT NULL,
    asked_at timestamptz NOT NULL,
    closed_at timestamptz,
    closed_by text,
    answer text NOT NULL DEFAULT '',
    CONSTRAINT ck_member_request_kind_known CHECK (kind IN ('call_back', 'correct_data', 'delete_data'))
)
--;
CREATE UNIQUE INDEX uq_member_request_open ON member_request (member_id, kind) WHERE closed_at IS NULL
--;
CREATE INDEX ix_member_request_waiting ON member_request (id) WHERE closed_at IS NULL
--;
CREATE TABLE statement_link (
    id text CONSTRAINT pk_statement_link PRIMARY KEY,
    member_id text NOT NULL CONSTRAINT fk_statement_link_member_id REFERENCES member (id),
    since date NOT NULL,
    until date NOT NULL,
    language text NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    openings integer NOT NULL DEFAULT 0,
    CONSTRAINT ck_statement_link_language_known CHECK (language IN ('en', 'sw'))
)
--;
CREATE INDEX ix_statement_link_member_id ON statement_link (member_id, made_at)
