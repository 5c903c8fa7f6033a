-- Staff and what they ask each other for. One statement block per `--;` line, as the driver takes one at a time.

CREATE TABLE staff (
    id text CONSTRAINT pk_staff PRIMARY KEY,
    email text NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    status text NOT NULL,
    password_hash text NOT NULL,
    factor_serial integer NOT NULL DEFAULT 1,
    factor_last_step bigint NOT NULL DEFAULT 0,
    joined_at timestamptz NOT NULL,
    CONSTRAINT uq_staff_email UNIQUE (email),
    CONSTRAINT ck_staff_status_known CHECK (status IN ('active', 'left')),
    CONSTRAINT ck_staff_email_is_lower CHECK (email = lower(email))
)
--;
CREATE TABLE staff_role (
    staff_id text NOT NULL CONSTRAINT fk_staff_role_staff_id REFERENCES staff (id),
    role text NOT NULL,
    CONSTRAINT pk_staff_role PRIMARY KEY (staff_id, role),
    CONSTRAINT ck_staff_role_role_known
        CHECK (role IN ('admin', 'manager', 'loan_officer', 'teller', 'accountant', 'auditor'))
)
--;
CREATE TABLE staff_try (
    email text NOT NULL,
    place text NOT NULL,
    wrong_tries integer NOT NULL DEFAULT 0,
    locks integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    last_try timestamptz NOT NULL,
    CONSTRAINT pk_staff_try PRIMARY KEY (email, place)
)
--;
CREATE INDEX ix_staff_try_last_try ON staff_try (last_try)
--;
CREATE TABLE staff_recovery_code (
    hash bytea CONSTRAINT pk_staff_recovery_code PRIMARY KEY,
    staff_id text NOT NULL CONSTRAINT fk_staff_recovery_code_staff_id REFERENCES staff (id),
    used_at timestamptz
)
--;
CREATE INDEX ix_staff_recovery_code_staff_id ON staff_recovery_code (staff_id)
--;
CREATE TABLE staff_session (
    id text CONSTRAINT pk_staff_session PRIMARY KEY,
    staff_id text NOT NULL CONSTRAINT fk_staff_session_staff_id REFERENCES staff (id),
    started_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_why text,
    address text NOT NULL,
    agent text NOT NULL,
    CONSTRAINT ck_staff_session_ended_why_known CHECK (ended_why IN ('signed_out', 'reused', 'revoked')),
    CONSTRAINT ck_staff_session_end_has_a_reason CHECK ((ended_at IS NULL) = (ended_why IS NULL))
)
--;
CREATE INDEX ix_staff_session_staff_id ON staff_session (staff_id, started_at)
--;
CREATE TABLE staff_refresh (
    hash bytea CONSTRAINT pk_staff_refresh PRIMARY KEY,
    session_id text NOT NULL CONSTRAINT fk_staff_refresh_session_id REFERENCES staff_session (id),
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
)
--;
CREATE INDEX ix_staff_refresh_session_id ON staff_refresh (session_id)
--;
CREATE TABLE staff_request (
    id text CONSTRAINT pk_staff_request PRIMARY KEY,
    action text NOT NULL,
    subject text NOT NULL,
    facts jsonb NOT NULL,
    maker text NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    state text NOT NULL,
    checker text CONSTRAINT fk_staff_request_checker REFERENCES staff (id),
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    outcome jsonb NOT NULL DEFAULT '{}'::jsonb,
    CONSTRAINT ck_staff_request_state_known
        CHECK (state IN ('pending', 'approved', 'rejected', 'withdrawn', 'expired')),
    CONSTRAINT ck_staff_request_checker_is_not_maker CHECK (checker <> maker),
    CONSTRAINT ck_staff_request_decision_has_a_checker
        CHECK ((checker IS NOT NULL) = (state IN ('approved', 'rejected'))),
    CONSTRAINT ck_staff_request_end_has_a_time CHECK ((decided_at IS NULL) = (state = 'pending'))
)
--;
CREATE INDEX ix_staff_request_state ON staff_request (state, id)
--;
CREATE INDEX ix_staff_request_subject ON staff_request (subject, id)
--;
CREATE UNIQUE INDEX uq_staff_request_waiting ON staff_request (action, subject)
    WHERE state = 'pending' AND subject <> ''
--;
-- What was asked for is what is decided on, and a decision is final.
CREATE FUNCTION staff_request_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'pending'
       OR (NEW.id, NEW.action, NEW.subject, NEW.facts, NEW.maker, NEW.made_at, NEW.expires_at)
          IS DISTINCT FROM
          (OLD.id, OLD.action, OLD.subject, OLD.facts, OLD.maker, OLD.made_at, OLD.expires_at) THEN
        RAISE EXCEPTION 'a request is never changed, and ends once' USING ERRCODE = 'IM005';
    END IF;
    RETURN NEW;
END $$
--;
CREATE TRIGGER staff_request_ends_once BEFORE UPDATE ON staff_request
    FOR EACH ROW EXECUTE FUNCTION staff_request_guard()
--;
CREATE TRIGGER staff_request_stays BEFORE DELETE OR TRUNCATE ON staff_request
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--;
CREATE TABLE staff_answer (
    staff_id text NOT NULL CONSTRAINT fk_staff_answer_staff_id REFERENCES staff (id),
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    body text,
    at timestamptz NOT NULL,
    CONSTRAINT pk_staff_answer PRIMARY KEY (staff_id, key)
)
--;
CREATE INDEX ix_staff_answer_at ON staff_answer (at)
--;
-- Numbers for members who join from now on; those taken over from other books keep lower ones.
CREATE SEQUENCE member_number START 100001
--;
-- Who was not admitted stays known, so that the same person may ask again.
ALTER TABLE member DROP CONSTRAINT ck_member_status_known
--;
ALTER TABLE member ADD CONSTRAINT ck_member_status_known
    CHECK (status IN ('pending', 'rejected', 'active', 'dormant', 'blocked', 'exited'))
--;
CREATE INDEX ix_audit_event_subject ON audit_event (subject, id)
--;
CREATE INDEX ix_audit_event_actor ON audit_event (actor, id)
--;
CREATE INDEX ix_payment_incident ON payment (id) WHERE incident <> ''
--;
CREATE INDEX ix_outbox_dead ON outbox (id) WHERE state = 'dead'
