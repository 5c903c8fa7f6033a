-- Dividends are paid by the day-close, on loans too. One statement per `--;` line.
ALTER TABLE day_close_step
    DROP CONSTRAINT ck_day_close_step_step_known,
    ADD CONSTRAINT ck_day_close_step_step_known CHECK (step IN ('term_deposits', 'dividends', 'standing_orders',
        'interest', 'fees', 'sweeps', 'arrears', 'suspense', 'provisions', 'penalties', 'savings_interest', 'goals',
        'dormancy', 'holds', 'guarantees', 'promises', 'reminders', 'month_end', 'snapshots'))
--;
ALTER TABLE dividend_choice
    DROP CONSTRAINT ck_dividend_choice_payout_known,
    ADD CONSTRAINT ck_dividend_choice_payout_known CHECK (payout IN ('savings', 'deposits', 'shares', 'loans', 'mpesa'))
--;
ALTER TABLE dividend_member
    ADD COLUMN to_loans BIGINT DEFAULT '0' NOT NULL,
    DROP CONSTRAINT ck_dividend_member_paid_in_full,
    ADD CONSTRAINT ck_dividend_member_paid_in_full CHECK (paid_on IS NULL OR to_arrears + to_shares + to_deposits
        + to_savings + to_mpesa + to_loans = dividend + interest - dividend_tax - interest_tax)
--;
-- A top-up names the loans that it clears.
ALTER TABLE loan_application ADD COLUMN clears TEXT[] DEFAULT '{}' NOT NULL
