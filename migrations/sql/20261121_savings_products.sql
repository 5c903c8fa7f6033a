-- Accounts of several products, holds, agreed terms, rates, standing orders, dividends. One statement per `--;` line.

ALTER TABLE savings_account
    DROP CONSTRAINT ck_savings_account_product_known,
    DROP CONSTRAINT uq_savings_account_member_id_product,
    ADD COLUMN name text NOT NULL DEFAULT '',
    ADD COLUMN status text NOT NULL DEFAULT 'active',
    ADD COLUMN closed_on date,
    ADD COLUMN floor bigint NOT NULL DEFAULT 0,
    ADD COLUMN agreed_percent text,
    ADD COLUMN interest_from date,
    ADD COLUMN interest_opening bigint NOT NULL DEFAULT 0,
    ADD COLUMN interest_entry bigint NOT NULL DEFAULT 0,
    ADD COLUMN posts_on date,
    ADD COLUMN quiet_check_on date,
    ADD COLUMN warned_on date
--;
-- Until here no account earned by the day: savings begin with their first period, which is posted at its end.
UPDATE savings_account SET interest_from = opened_on,
       posts_on = CASE product WHEN 'savings' THEN (date_trunc('month', opened_on) + interval '1 month')::date END,
       quiet_check_on = CASE product WHEN 'savings' THEN (opened_on + interval '9 months')::date END
--;
ALTER TABLE savings_account
    ALTER interest_from SET NOT NULL,
    ADD CONSTRAINT uq_savings_account_ledger_code UNIQUE (ledger_code),
    ADD CONSTRAINT ck_savings_account_product_known CHECK (product IN ('savings', 'deposits', 'fosa', 'fixed_deposit', 'recurring_deposit', 'goal', 'holiday', 'junior')),
    ADD CONSTRAINT ck_savings_account_status_known CHECK (status IN ('active', 'dormant', 'closed')),
    ADD CONSTRAINT ck_savings_account_closed_on_a_day CHECK ((status = 'closed') = (closed_on IS NOT NULL))
--;
CREATE INDEX ix_savings_account_member_id ON savings_account (member_id)
--;
CREATE INDEX ix_savings_account_posts_on ON savings_account (posts_on) WHERE posts_on IS NOT NULL
--;
CREATE INDEX ix_savings_account_quiet_check_on ON savings_account (quiet_check_on) WHERE quiet_check_on IS NOT NULL
--;
CREATE UNIQUE INDEX uq_savings_account_one_of_a_kind ON savings_account (member_id, product) WHERE product IN ('savings', 'deposits', 'fosa')
--;
CREATE TABLE savings_hold (
    id TEXT NOT NULL,
    ledger_code TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    subject TEXT NOT NULL,
    until DATE,
    state TEXT DEFAULT 'held' NOT NULL,
    placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_savings_hold PRIMARY KEY (id),
    CONSTRAINT ck_savings_hold_reason_known CHECK (reason IN ('guarantee', 'loan_security', 'withdrawal', 'legal', 'dispute')),
    CONSTRAINT ck_savings_hold_state_known CHECK (state IN ('held', 'released', 'consumed')),
    CONSTRAINT ck_savings_hold_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_savings_hold_ended_at_a_moment CHECK ((state = 'held') = (ended_at IS NULL)),
    CONSTRAINT fk_savings_hold_ledger_code FOREIGN KEY(ledger_code) REFERENCES ledger_account (code)
)
--;
CREATE INDEX ix_savings_hold_ledger_code ON savings_hold (ledger_code) WHERE state = 'held'
--;
CREATE INDEX ix_savings_hold_subject ON savings_hold (subject)
--;
CREATE INDEX ix_savings_hold_until ON savings_hold (until) WHERE state = 'held' AND until IS NOT NULL
--;
CREATE TABLE term_deposit (
    account_id TEXT NOT NULL,
    months INTEGER NOT NULL,
    began_on DATE NOT NULL,
    matures_on DATE NOT NULL,
    contribution BIGINT,
    at_maturity TEXT NOT NULL,
    payout_account_id TEXT NOT NULL,
    state TEXT DEFAULT 'running' NOT NULL,
    CONSTRAINT pk_term_deposit PRIMARY KEY (account_id),
    CONSTRAINT ck_term_deposit_ends_after_it_began CHECK (months > 0 AND matures_on > began_on),
    CONSTRAINT ck_term_deposit_contribution_positive CHECK (contribution > 0),
    CONSTRAINT ck_term_deposit_at_maturity_known CHECK (at_maturity IN ('pay_out', 'renew_principal', 'renew_all')),
    CONSTRAINT ck_term_deposit_state_known CHECK (state IN ('running', 'matured', 'broken')),
    CONSTRAINT fk_term_deposit_account_id FOREIGN KEY(account_id) REFERENCES savings_account (id),
    CONSTRAINT fk_term_deposit_payout_account_id FOREIGN KEY(payout_account_id) REFERENCES savings_account (id)
)
--;
CREATE INDEX ix_term_deposit_matures_on ON term_deposit (matures_on) WHERE state = 'running'
--;
CREATE TABLE savings_goal (
    account_id TEXT NOT NULL,
    target BIGINT NOT NULL,
    target_on DATE NOT NULL,
    CONSTRAINT pk_savings_goal PRIMARY KEY (account_id),
    CONSTRAINT ck_savings_goal_target_positive CHECK (target > 0),
    CONSTRAINT fk_savings_goal_account_id FOREIGN KEY(account_id) REFERENCES savings_account (id)
)
--;
CREATE TABLE savings_rate (
    product TEXT NOT NULL,
    since DATE NOT NULL,
    percent TEXT NOT NULL,
    overdraft_percent TEXT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_savings_rate PRIMARY KEY (product, since),
    CONSTRAINT ck_savings_rate_product_known CHECK (product IN ('savings', 'deposits', 'fosa', 'fixed_deposit', 'recurring_deposit', 'goal', 'holiday', 'junior'))
)
--;
CREATE TABLE withholding_rate (
    payment TEXT NOT NULL,
    residence TEXT NOT NULL,
    since DATE NOT NULL,
    percent TEXT NOT NULL,
    CONSTRAINT pk_withholding_rate PRIMARY KEY (payment, residence, since),
    CONSTRAINT ck_withholding_rate_payment_known CHECK (payment IN ('deposit_interest', 'dividend')),
    CONSTRAINT ck_withholding_rate_residence_known CHECK (residence IN ('resident', 'non_resident', 'exempt'))
)
--;
CREATE TABLE tax_residence (
    member_id TEXT NOT NULL,
    residence TEXT NOT NULL,
    CONSTRAINT pk_tax_residence PRIMARY KEY (member_id),
    CONSTRAINT ck_tax_residence_residence_known CHECK (residence IN ('resident', 'non_resident', 'exempt')),
    CONSTRAINT fk_tax_residence_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
--;
CREATE TABLE interest_posting (
    account_id TEXT NOT NULL,
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    posted_on DATE NOT NULL,
    interest BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    overdraft BIGINT NOT NULL,
    overdraft_let_go BIGINT DEFAULT '0' NOT NULL,
    currency TEXT NOT NULL,
    CONSTRAINT pk_interest_posting PRIMARY KEY (account_id, period_start),
    CONSTRAINT ck_interest_posting_tax_within_interest CHECK (tax BETWEEN 0 AND interest),
    CONSTRAINT fk_interest_posting_account_id FOREIGN KEY(account_id) REFERENCES savings_account (id)
)
--;
CREATE TABLE standing_order (
    id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    destination TEXT NOT NULL,
    destination_id TEXT NOT NULL,
    amount BIGINT,
    keep BIGINT DEFAULT '0' NOT NULL,
    currency TEXT NOT NULL,
    trigger TEXT NOT NULL,
    every_months INTEGER DEFAULT '1' NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE,
    allows_part BOOLEAN NOT NULL,
    tolerance_days INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    status TEXT NOT NULL,
    due_on DATE NOT NULL,
    taken BIGINT DEFAULT '0' NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    try_on DATE,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_standing_order PRIMARY KEY (id),
    CONSTRAINT ck_standing_order_destination_known CHECK (destination IN ('account', 'shares', 'loan')),
    CONSTRAINT ck_standing_order_trigger_known CHECK (trigger IN ('date', 'salary', 'surplus')),
    CONSTRAINT ck_standing_order_status_known CHECK (status IN ('pending', 'open', 'paused', 'ended', 'rejected')),
    CONSTRAINT ck_standing_order_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_standing_order_amount_unless_a_sweep CHECK ((amount IS NULL) = ("trigger" = 'surplus')),
    CONSTRAINT ck_standing_order_counts_in_range CHECK (every_months > 0 AND tolerance_days >= 0 AND keep >= 0 AND taken >= 0),
    CONSTRAINT fk_standing_order_member_id FOREIGN KEY(member_id) REFERENCES member (id),
    CONSTRAINT fk_standing_order_source_id FOREIGN KEY(source_id) REFERENCES savings_account (id)
)
--;
CREATE INDEX ix_standing_order_member_id ON standing_order (member_id)
--;
CREATE INDEX ix_standing_order_source_id ON standing_order (source_id)
--;
CREATE INDEX ix_standing_order_try_on ON standing_order (try_on) WHERE status = 'open' AND try_on IS NOT NULL
--;
CREATE TABLE standing_order_run (
    order_id TEXT NOT NULL,
    due_on DATE NOT NULL,
    state TEXT NOT NULL,
    taken BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    ended_on DATE NOT NULL,
    CONSTRAINT pk_standing_order_run PRIMARY KEY (order_id, due_on),
    CONSTRAINT ck_standing_order_run_state_known CHECK (state IN ('waiting', 'done', 'partial', 'unsuccessful')),
    CONSTRAINT fk_standing_order_run_order_id FOREIGN KEY(order_id) REFERENCES standing_order (id)
)
--;
CREATE TABLE dividend (
    year INTEGER NOT NULL,
    share_percent TEXT NOT NULL,
    deposit_percent TEXT NOT NULL,
    weighting TEXT NOT NULL,
    share_treatment TEXT NOT NULL,
    last_day_counted INTEGER NOT NULL,
    minimum_deposits BIGINT NOT NULL,
    active_only BOOLEAN NOT NULL,
    capitalise_percent INTEGER NOT NULL,
    capitalise_least BIGINT NOT NULL,
    declared_on DATE NOT NULL,
    pays_on DATE NOT NULL,
    booked_on DATE,
    CONSTRAINT pk_dividend PRIMARY KEY (year),
    CONSTRAINT ck_dividend_weighting_known CHECK (weighting IN ('from_next_month', 'from_same_month')),
    CONSTRAINT ck_dividend_share_treatment_known CHECK (share_treatment IN ('weighted', 'year_end')),
    CONSTRAINT ck_dividend_last_day_in_month CHECK (last_day_counted BETWEEN 1 AND 31),
    CONSTRAINT ck_dividend_capitalise_percent_in_range CHECK (capitalise_percent BETWEEN 0 AND 100)
)
--;
CREATE TABLE dividend_member (
    year INTEGER NOT NULL,
    member_id TEXT NOT NULL,
    dividend BIGINT NOT NULL,
    interest BIGINT NOT NULL,
    dividend_tax BIGINT NOT NULL,
    interest_tax BIGINT NOT NULL,
    currency TEXT NOT NULL,
    paid_on DATE,
    to_arrears BIGINT DEFAULT '0' NOT NULL,
    to_shares BIGINT DEFAULT '0' NOT NULL,
    to_deposits BIGINT DEFAULT '0' NOT NULL,
    to_savings BIGINT DEFAULT '0' NOT NULL,
    to_mpesa BIGINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_dividend_member PRIMARY KEY (year, member_id),
    CONSTRAINT ck_dividend_member_tax_within_earnings CHECK (dividend >= dividend_tax AND interest >= interest_tax AND dividend_tax >= 0 AND interest_tax >= 0),
    CONSTRAINT ck_dividend_member_paid_in_full CHECK (paid_on IS NULL OR to_arrears + to_shares + to_deposits + to_savings + to_mpesa = dividend + interest - dividend_tax - interest_tax),
    CONSTRAINT fk_dividend_member_year FOREIGN KEY(year) REFERENCES dividend (year),
    CONSTRAINT fk_dividend_member_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
--;
CREATE INDEX ix_dividend_member_unpaid ON dividend_member (year, member_id) WHERE paid_on IS NULL
--;
CREATE TABLE dividend_progression (
    year INTEGER NOT NULL,
    member_id TEXT NOT NULL,
    month INTEGER NOT NULL,
    weight INTEGER NOT NULL,
    deposits BIGINT NOT NULL,
    shares BIGINT NOT NULL,
    dividend BIGINT NOT NULL,
    interest BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    CONSTRAINT pk_dividend_progression PRIMARY KEY (year, member_id, month),
    CONSTRAINT ck_dividend_progression_month_in_year CHECK (month BETWEEN 0 AND 13)
)
--;
CREATE TABLE dividend_choice (
    member_id TEXT NOT NULL,
    payout TEXT NOT NULL,
    CONSTRAINT pk_dividend_choice PRIMARY KEY (member_id),
    CONSTRAINT ck_dividend_choice_payout_known CHECK (payout IN ('savings', 'deposits', 'shares', 'mpesa')),
    CONSTRAINT fk_dividend_choice_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
--;
-- What is held is out of reach for every posting: a hold raises the least balance of its ledger account, whose row
-- a posting locks and checks. So no reader has to remember to subtract holds, and none can forget to.
CREATE FUNCTION savings_hold_moves_floor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held_before bigint := 0;
    held_after bigint := 0;
    account record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.ledger_code <> NEW.ledger_code THEN
            RAISE EXCEPTION 'a hold stays on its account' USING ERRCODE = 'IM005';
        END IF;
        IF OLD.state = 'held' THEN
            held_before := OLD.amount;
        ELSIF NEW.state = 'held' THEN
            RAISE EXCEPTION 'an ended hold stays ended' USING ERRCODE = 'IM005';
        END IF;
    END IF;
    IF NEW.state = 'held' THEN
        held_after := NEW.amount;
    END IF;
    IF held_after = held_before THEN
        RETURN NULL;
    END IF;
    UPDATE ledger_account SET minimum = minimum + held_after - held_before
     WHERE code = NEW.ledger_code AND minimum IS NOT NULL AND currency = NEW.currency
     RETURNING balance, minimum INTO account;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no account to hold on in this currency' USING ERRCODE = 'IM003', DETAIL = NEW.ledger_code;
    END IF;
    IF held_after > held_before AND account.balance < account.minimum THEN
        RAISE EXCEPTION 'too little to hold' USING ERRCODE = 'IM021', DETAIL = json_build_object(
            'available', account.balance - account.minimum + held_after - held_before,
            'asked', held_after - held_before);
    END IF;
    RETURN NULL;
END $$
--;
CREATE TRIGGER savings_hold_moves_floor AFTER INSERT OR UPDATE ON savings_hold
    FOR EACH ROW EXECUTE FUNCTION savings_hold_moves_floor()
--;
CREATE TRIGGER savings_hold_is_kept BEFORE DELETE OR TRUNCATE ON savings_hold
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--;
-- The same for what a product keeps on the account.
CREATE FUNCTION savings_floor_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE ledger_account SET minimum = minimum + NEW.floor WHERE code = NEW.ledger_code;
    ELSE
        UPDATE ledger_account SET minimum = minimum + NEW.floor - OLD.floor WHERE code = NEW.ledger_code;
    END IF;
    RETURN NULL;
END $$
--;
CREATE TRIGGER savings_floor_is_set AFTER INSERT ON savings_account
    FOR EACH ROW WHEN (NEW.floor <> 0) EXECUTE FUNCTION savings_floor_moves()
--;
CREATE TRIGGER savings_floor_moves AFTER UPDATE OF floor ON savings_account
    FOR EACH ROW WHEN (NEW.floor <> OLD.floor) EXECUTE FUNCTION savings_floor_moves()
--;
CREATE TRIGGER interest_posting_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON interest_posting
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--;
CREATE TRIGGER dividend_progression_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON dividend_progression
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--;
CREATE TRIGGER standing_order_run_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON standing_order_run
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--;
ALTER TABLE notice DROP CONSTRAINT ck_notice_kind_known
--;
ALTER TABLE notice ADD CONSTRAINT ck_notice_kind_known CHECK (kind IN ('repayment_received', 'loan_cleared', 'payment_failed', 'payment_unanswered', 'transfer_received', 'order_failed', 'term_ended', 'account_quiet', 'account_dormant', 'goal_reached', 'dividend_paid'))
