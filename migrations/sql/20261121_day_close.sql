-- The record of day-closes, and what members hear of a day's end.
CREATE TABLE day_close (
    business_date DATE NOT NULL CONSTRAINT pk_day_close PRIMARY KEY,
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ
)
--;
CREATE TABLE day_close_step (
    business_date DATE NOT NULL CONSTRAINT fk_day_close_step_business_date REFERENCES day_close (business_date),
    step TEXT NOT NULL,
    cursor TEXT DEFAULT '' NOT NULL,
    done INTEGER DEFAULT 0 NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    CONSTRAINT pk_day_close_step PRIMARY KEY (business_date, step),
    CONSTRAINT ck_day_close_step_step_known CHECK (step IN ('term_deposits', 'standing_orders', 'interest', 'fees',
        'sweeps', 'arrears', 'suspense', 'provisions', 'penalties', 'savings_interest', 'dormancy', 'holds',
        'guarantees', 'promises', 'reminders', 'month_end', 'snapshots'))
)
--;
ALTER TABLE notice
    DROP CONSTRAINT ck_notice_kind_known,
    ADD CONSTRAINT ck_notice_kind_known CHECK (kind IN ('repayment_received', 'loan_cleared', 'payment_failed',
        'payment_unanswered', 'transfer_received', 'order_failed', 'term_ended', 'account_quiet', 'account_dormant',
        'goal_reached', 'loan_paid_out', 'loan_payout_failed', 'loan_changed', 'guarantee_called', 'dividend_paid',
        'loan_applied', 'loan_approved', 'loan_rejected', 'loan_application_lapsed', 'guarantee_asked',
        'guarantee_given', 'guarantee_declined', 'guarantee_expired', 'guarantee_ended', 'instalment_coming',
        'instalment_late', 'promise_broken'))
