-- The running loan: its terms and rules as agreed, the log of what happened to it, and its rows as the log left them.
ALTER TABLE loan
    ADD COLUMN terms JSONB,
    ADD COLUMN rules JSONB,
    ADD COLUMN application_id TEXT,
    ADD COLUMN paid_to TEXT DEFAULT 'bank' NOT NULL,
    ADD COLUMN paid_to_code TEXT CONSTRAINT fk_loan_paid_to_code REFERENCES ledger_account (code),
    ADD COLUMN paid_out BIGINT,
    ADD COLUMN ended_on DATE,
    DROP CONSTRAINT ck_loan_status_known,
    ADD CONSTRAINT ck_loan_status_known
        CHECK (status IN ('disbursing', 'active', 'closed', 'written_off', 'cancelled')),
    ADD CONSTRAINT ck_loan_paid_to_known CHECK (paid_to IN ('savings', 'bank', 'mpesa'))
--;
-- Loans made before terms were kept: the product's conventions of that time, with the rate of the contract.
UPDATE loan SET
    terms = jsonb_build_object(
        'principal', jsonb_build_object('minor', principal, 'currency', currency),
        'annual_rate', trim_scale(rate_per_period::numeric * 12 / 100)::text,
        'instalments', instalments,
        'method', CASE product WHEN 'emergency' THEN 'flat' ELSE 'declining_balance' END),
    rules = jsonb_build_object('order', jsonb_build_array(
        '{"rows": "due", "portions": ["penalty", "fee", "interest", "principal"]}'::jsonb,
        '{"rows": "current", "portions": ["penalty", "fee", "interest", "principal"]}'::jsonb,
        '{"rows": "later", "portions": ["principal"]}'::jsonb)
        || CASE product WHEN 'emergency' THEN '[{"rows": "later", "portions": ["interest"]}]'::jsonb
                        ELSE '[]'::jsonb END),
    paid_out = principal
--;
ALTER TABLE loan
    ALTER COLUMN terms SET NOT NULL,
    ALTER COLUMN rules SET NOT NULL
--;
CREATE UNIQUE INDEX uq_loan_application_id ON loan (application_id)
--;
ALTER TABLE instalment
    ADD COLUMN kind TEXT DEFAULT 'instalment' NOT NULL,
    ADD COLUMN starts_on DATE,
    ADD COLUMN fees_recognised BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN fees_waived BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN penalties_waived BIGINT DEFAULT 0 NOT NULL
--;
UPDATE instalment i SET
    fees_recognised = fees,
    starts_on = coalesce(
        (SELECT max(e.due_on) FROM instalment e WHERE e.loan_id = i.loan_id AND e.number < i.number),
        (SELECT l.disbursed_on FROM loan l WHERE l.id = i.loan_id))
--;
ALTER TABLE instalment
    ALTER COLUMN starts_on SET NOT NULL,
    DROP CONSTRAINT ck_instalment_fees_within_schedule,
    ADD CONSTRAINT ck_instalment_fees_within_schedule
        CHECK (fees_paid >= 0 AND fees_paid <= fees_recognised AND fees_recognised <= fees),
    ADD CONSTRAINT ck_instalment_waived_not_negative CHECK (fees_waived >= 0 AND penalties_waived >= 0),
    ADD CONSTRAINT ck_instalment_kind_known
        CHECK (kind IN ('instalment', 'down_payment', 'disbursement_fee', 'extra'))
--;
CREATE INDEX ix_instalment_unpaid ON instalment (due_on, loan_id)
    WHERE principal_paid < principal OR interest_paid < interest OR fees_paid < fees OR penalties_paid < penalties
--;
CREATE INDEX ix_instalment_unrecognised ON instalment (starts_on, loan_id) WHERE interest_recognised < interest
--;
CREATE TABLE loan_event (
    loan_id TEXT NOT NULL CONSTRAINT fk_loan_event_loan_id REFERENCES loan (id),
    number INTEGER NOT NULL,
    entered_on DATE NOT NULL,
    event_at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    body JSONB NOT NULL,
    amount BIGINT DEFAULT 0 NOT NULL,
    excess BIGINT DEFAULT 0 NOT NULL,
    penalty BIGINT DEFAULT 0 NOT NULL,
    fee BIGINT DEFAULT 0 NOT NULL,
    interest BIGINT DEFAULT 0 NOT NULL,
    principal BIGINT DEFAULT 0 NOT NULL,
    parts JSONB,
    journal_id BIGINT CONSTRAINT fk_loan_event_journal_id REFERENCES journal (id),
    payment_id TEXT CONSTRAINT fk_loan_event_payment_id REFERENCES payment (id),
    key TEXT,
    actor TEXT NOT NULL,
    reversed_by INTEGER,
    CONSTRAINT pk_loan_event PRIMARY KEY (loan_id, number),
    CONSTRAINT uq_loan_event_payment_id UNIQUE (payment_id),
    CONSTRAINT uq_loan_event_key UNIQUE (key),
    CONSTRAINT ck_loan_event_kind_known CHECK (kind IN ('disbursement', 'payment', 'charge_added',
        'charge_waived', 'chargeback', 'balance_refund', 'write_off', 're_age', 're_amortise', 'reschedule',
        'interest_pause', 'reversal', 'disbursement_undone')),
    CONSTRAINT ck_loan_event_amounts_not_negative CHECK (amount >= 0 AND excess >= 0)
)
--;
-- Ageing looks for the few payments that came after a deadline.
CREATE INDEX ix_loan_event_payments ON loan_event (event_at) WHERE kind = 'payment'
--;
INSERT INTO loan_event (loan_id, number, entered_on, event_at, kind, body, amount, principal, journal_id, actor)
SELECT l.id, 1, l.disbursed_on, coalesce(j.event_at, (l.disbursed_on + time '12:00') AT TIME ZONE 'Africa/Nairobi'),
       'disbursement',
       jsonb_build_object('on', l.disbursed_on,
           'amount', jsonb_build_object('minor', l.principal, 'currency', l.currency),
           'due_dates', (SELECT jsonb_agg(i.due_on ORDER BY i.number) FROM instalment i WHERE i.loan_id = l.id)),
       l.principal, l.principal, j.id, 'system'
  FROM loan l LEFT JOIN journal j ON j.key = 'disbursement:' || l.id
--;
INSERT INTO loan_event (loan_id, number, entered_on, event_at, kind, body, amount, excess, interest, principal,
                        parts, journal_id, payment_id, actor)
SELECT r.loan_id, 1 + row_number() OVER (PARTITION BY r.loan_id ORDER BY j.business_date, r.id), j.business_date,
       r.event_at, 'payment',
       jsonb_build_object('on', j.business_date,
           'amount', jsonb_build_object('minor', r.amount, 'currency', l.currency)),
       r.amount, r.excess,
       (SELECT coalesce(sum((p ->> 'interest')::bigint), 0) FROM jsonb_array_elements(r.parts) p),
       (SELECT coalesce(sum((p ->> 'principal')::bigint), 0) FROM jsonb_array_elements(r.parts) p),
       r.parts, r.journal_id, r.payment_id, 'system'
  FROM loan_repayment r JOIN loan l ON l.id = r.loan_id JOIN journal j ON j.id = r.journal_id
 WHERE r.amount > 0
--;
DROP TABLE loan_repayment
--;
-- What loans of a product post to: the chart's accounts, narrowed to it.
INSERT INTO ledger_account (code, name, kind, currency, parent, hot, line, liquidity, income_kind)
SELECT a.code || '.' || p.product, a.name || ', ' || p.product, a.kind, a.currency, a.code, true, a.line, a.liquidity,
       a.income_kind
  FROM (SELECT DISTINCT product FROM loan) p
  JOIN ledger_account a ON a.code IN ('1110', '1120', '1130', '1140', '1190', '1195', '4010', '4020', '4030', '4220',
                                      '5110', '5120')
ON CONFLICT (code) DO NOTHING
--;
ALTER TABLE notice DROP CONSTRAINT ck_notice_kind_known
--;
ALTER TABLE notice ADD CONSTRAINT ck_notice_kind_known CHECK (kind IN ('repayment_received', 'loan_cleared',
    'payment_failed', 'payment_unanswered', 'transfer_received', 'order_failed', 'term_ended', 'account_quiet',
    'account_dormant', 'goal_reached', 'loan_paid_out', 'loan_payout_failed', 'loan_changed', 'guarantee_called',
    'dividend_paid', 'loan_applied', 'loan_approved', 'loan_rejected', 'loan_application_lapsed', 'guarantee_asked',
    'guarantee_given', 'guarantee_declined', 'guarantee_expired', 'guarantee_ended'))
