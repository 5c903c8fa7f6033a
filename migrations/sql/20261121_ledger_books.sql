-- The books beyond the first postings: periods, batches, reversals, balances of any day. One block per `--;` line.

ALTER TABLE ledger_account
    ADD COLUMN heading boolean DEFAULT false NOT NULL,
    ADD COLUMN line text,
    ADD COLUMN liquidity text,
    ADD COLUMN income_kind text,
    ADD CONSTRAINT ck_ledger_account_liquidity_known CHECK (
        liquidity IN ('cash', 'bank', 'institutions', 'government', 'short_term_liability')),
    ADD CONSTRAINT ck_ledger_account_income_kind_known CHECK (
        income_kind IN ('interest', 'fee', 'penalty', 'investment', 'exchange', 'loan_loss', 'operating', 'tax',
                        'other'))
--;
-- Entries lie in the order of their numbers: a few bytes for many of them find the newest.
CREATE INDEX ix_entry_id ON entry USING brin (id) WITH (autosummarize = on)
--;
CREATE TABLE closed_period (
    month date NOT NULL,
    is_year_end boolean NOT NULL,
    closed_by text NOT NULL,
    closed_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_closed_period PRIMARY KEY (month),
    CONSTRAINT ck_closed_period_first_of_month CHECK (extract(day FROM month) = 1)
)
--;
CREATE TABLE journal_reversal (
    reversal_id bigint NOT NULL,
    journal_id bigint NOT NULL,
    reason text NOT NULL,
    CONSTRAINT pk_journal_reversal PRIMARY KEY (reversal_id),
    CONSTRAINT uq_journal_reversal_journal_id UNIQUE (journal_id),
    CONSTRAINT fk_journal_reversal_reversal_id FOREIGN KEY (reversal_id) REFERENCES journal (id),
    CONSTRAINT fk_journal_reversal_journal_id FOREIGN KEY (journal_id) REFERENCES journal (id),
    CONSTRAINT ck_journal_reversal_not_itself CHECK (reversal_id <> journal_id)
)
--;
CREATE TABLE suspense_receipt (
    journal_id bigint NOT NULL,
    account_code text NOT NULL,
    amount bigint NOT NULL,
    cleared bigint DEFAULT 0 NOT NULL,
    currency text NOT NULL,
    received_on date NOT NULL,
    CONSTRAINT pk_suspense_receipt PRIMARY KEY (journal_id),
    CONSTRAINT fk_suspense_receipt_journal_id FOREIGN KEY (journal_id) REFERENCES journal (id),
    CONSTRAINT fk_suspense_receipt_account_code FOREIGN KEY (account_code) REFERENCES ledger_account (code),
    CONSTRAINT ck_suspense_receipt_cleared_within_amount CHECK (cleared >= 0 AND cleared <= amount)
)
--;
CREATE INDEX ix_suspense_receipt_open ON suspense_receipt (received_on, journal_id) WHERE cleared < amount
--;
CREATE TABLE suspense_clearing (
    journal_id bigint NOT NULL,
    receipt_id bigint NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT pk_suspense_clearing PRIMARY KEY (journal_id, receipt_id),
    CONSTRAINT fk_suspense_clearing_journal_id FOREIGN KEY (journal_id) REFERENCES journal (id),
    CONSTRAINT fk_suspense_clearing_receipt_id FOREIGN KEY (receipt_id) REFERENCES suspense_receipt (journal_id),
    CONSTRAINT ck_suspense_clearing_amount_not_zero CHECK (amount <> 0)
)
--;
CREATE INDEX ix_suspense_clearing_receipt_id ON suspense_clearing (receipt_id)
--;
CREATE TABLE exchange_rate (
    currency text NOT NULL,
    valid_from date NOT NULL,
    rate numeric NOT NULL,
    source text NOT NULL,
    entered_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_exchange_rate PRIMARY KEY (currency, valid_from),
    CONSTRAINT ck_exchange_rate_rate_positive CHECK (rate > 0)
)
--;
CREATE TABLE currency_revaluation (
    currency text NOT NULL,
    business_date date NOT NULL,
    run integer NOT NULL,
    journal_id bigint NOT NULL,
    rate numeric NOT NULL,
    position bigint NOT NULL,
    cost bigint NOT NULL,
    value bigint NOT NULL,
    CONSTRAINT pk_currency_revaluation PRIMARY KEY (currency, business_date, run),
    CONSTRAINT fk_currency_revaluation_journal_id FOREIGN KEY (journal_id) REFERENCES journal (id)
)
--;
CREATE TABLE daily_turnover (
    account_id bigint NOT NULL,
    business_date date NOT NULL,
    closing boolean NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    CONSTRAINT pk_daily_turnover PRIMARY KEY (account_id, business_date, closing),
    CONSTRAINT fk_daily_turnover_account_id FOREIGN KEY (account_id) REFERENCES ledger_account (id)
)
--;
-- A closed month takes no more journals, whoever writes them. Only journals that are really new are looked at, so
-- that a repeat of an old one still gets its first answer. Who closes locks the table against writers first.
CREATE FUNCTION ledger_period_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed date := (SELECT max(month) FROM closed_period);
    too_early date;
BEGIN
    IF closed IS NOT NULL THEN
        SELECT min(business_date) INTO too_early FROM fresh WHERE business_date < closed + interval '1 month';
        IF too_early IS NOT NULL THEN
            RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'IM006', DETAIL = json_build_object(
                'business_date', too_early, 'open_from', (closed + interval '1 month')::date);
        END IF;
    END IF;
    RETURN NULL;
END $$
--;
CREATE TRIGGER period_is_open AFTER INSERT ON journal
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_period_is_open()
--;
-- A reversal is never reversed: what was right after all is posted anew.
CREATE FUNCTION ledger_reversal_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM journal_reversal WHERE reversal_id = NEW.journal_id) THEN
        RAISE EXCEPTION 'a reversal is not reversed' USING ERRCODE = 'IM007';
    END IF;
    RETURN NEW;
END $$
--;
CREATE TRIGGER reversal_is_final BEFORE INSERT ON journal_reversal
    FOR EACH ROW EXECUTE FUNCTION ledger_reversal_is_final()
--;
CREATE TRIGGER journal_reversal_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_reversal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--;
-- What each control account moved on each business day. Members' own accounts count to the account above them: a
-- trial balance of any day then adds up a few rows a day, however many members there are.
CREATE FUNCTION ledger_turnover(after_entry bigint, upto_entry bigint)
    RETURNS TABLE (account_id bigint, business_date date, closing boolean, debit bigint, credit bigint)
    LANGUAGE sql STABLE AS $$
    SELECT coalesce(control.id, a.id), j.business_date, j.kind = 'year_end',
           coalesce(sum(e.amount) FILTER (WHERE e.side = 'D'), 0)::bigint,
           coalesce(sum(e.amount) FILTER (WHERE e.side = 'C'), 0)::bigint
      FROM entry e
      JOIN journal j ON j.id = e.journal_id
      JOIN ledger_account a ON a.id = e.account_id
      LEFT JOIN ledger_account control ON control.code = a.parent AND NOT a.hot AND NOT control.heading
     WHERE e.id > after_entry AND e.id <= upto_entry
     GROUP BY 1, 2, 3
$$
--;
CREATE FUNCTION ledger_fold_turnover(after_entry bigint, upto_entry bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO daily_turnover AS t (account_id, business_date, closing, debit, credit)
    SELECT f.account_id, f.business_date, f.closing, f.debit, f.credit FROM ledger_turnover(after_entry, upto_entry) f
    ON CONFLICT (account_id, business_date, closing) DO UPDATE
       SET debit = t.debit + excluded.debit, credit = t.credit + excluded.credit
$$
--;
-- Debits and credits of every control account up to a business day: what is folded and the entries since.
CREATE FUNCTION ledger_turnover_until(day date)
    RETURNS TABLE (account_id bigint, closing boolean, debit bigint, credit bigint) LANGUAGE sql STABLE AS $$
    SELECT t.account_id, t.closing, sum(t.debit)::bigint, sum(t.credit)::bigint
      FROM (SELECT d.account_id, d.business_date, d.closing, d.debit, d.credit FROM daily_turnover d
             UNION ALL
            SELECT s.account_id, s.business_date, s.closing, s.debit, s.credit
              FROM ledger_turnover((SELECT h.upto_entry FROM hot_horizon h), 9223372036854775807) s) t
     WHERE t.business_date <= day
     GROUP BY t.account_id, t.closing
$$
--;
-- Moves the snapshots of hot accounts forward, in two steps over two calls. An entry number below the candidate
-- was drawn by a transaction that already had its transaction id (the journal is inserted first), so one below
-- candidate_xid, which is read afterwards: once no transaction that old is running, every entry up to the
-- candidate is there or never will be. The bounds are entry numbers, not transaction ids, so that a restored
-- dump stays right; a candidate from another cluster's future is dropped.
CREATE OR REPLACE FUNCTION ledger_advance_snapshots() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    horizon hot_horizon%ROWTYPE;
    folded bigint := 0;
BEGIN
    SELECT * INTO horizon FROM hot_horizon FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    IF horizon.candidate_entry > horizon.upto_entry
       AND horizon.candidate_xid::xid8 <= pg_snapshot_xmin(pg_current_snapshot()) THEN
        WITH since AS (
            SELECT a.id AS account_id,
                   coalesce(sum(CASE WHEN (e.side = 'D') = (a.kind IN ('asset', 'expense'))
                                     THEN e.amount ELSE -e.amount END), 0)::bigint AS change
              FROM ledger_account a
              LEFT JOIN entry e ON e.account_id = a.id
                    AND e.id > coalesce((SELECT h.upto_entry FROM hot_balance h WHERE h.account_id = a.id), 0)
                    AND e.id <= horizon.candidate_entry
             WHERE a.hot
             GROUP BY a.id
        ), merged AS (
            INSERT INTO hot_balance AS h (account_id, upto_entry, balance)
            SELECT account_id, horizon.candidate_entry, change FROM since
            ON CONFLICT (account_id) DO UPDATE
               SET upto_entry = excluded.upto_entry, balance = h.balance + excluded.balance
            RETURNING 1
        )
        SELECT count(*) INTO folded FROM merged;
        PERFORM ledger_fold_turnover(horizon.upto_entry, horizon.candidate_entry);
        horizon.upto_entry := horizon.candidate_entry;
        UPDATE hot_horizon SET upto_entry = candidate_entry;
    END IF;
    IF horizon.candidate_entry <= horizon.upto_entry
       OR horizon.candidate_xid::xid8 > pg_snapshot_xmax(pg_current_snapshot()) THEN
        -- A sequence that was never drawn from says 1 all the same.
        UPDATE hot_horizon SET candidate_entry = (
            SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM entry_id_seq);
        UPDATE hot_horizon SET candidate_xid = pg_snapshot_xmax(pg_current_snapshot())::text;
    END IF;
    RETURN folded;
END $$
