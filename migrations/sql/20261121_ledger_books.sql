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
-- Each argument holds a list, joined with the unit separator: the driver takes four times as long for arrays.
CREATE OR REPLACE FUNCTION ledger_post(
    keys_joined text, fingerprints_joined text, kinds_joined text, event_ats_joined text, business_dates_joined text,
    metas_joined text, line_journals_joined text, line_accounts_joined text, line_sides_joined text,
    line_amounts_joined text, line_currencies_joined text, lines_by_account_joined text, OUT journal_ids bigint[], OUT is_news boolean[]
) LANGUAGE plpgsql AS $$
DECLARE
    keys text[] := string_to_array(keys_joined, E'\x1f');
    fingerprints text[] := string_to_array(fingerprints_joined, E'\x1f');
    kinds text[] := string_to_array(kinds_joined, E'\x1f');
    event_ats timestamptz[] := string_to_array(event_ats_joined, E'\x1f');
    business_dates date[] := string_to_array(business_dates_joined, E'\x1f');
    metas text[] := string_to_array(metas_joined, E'\x1f');
    line_journal int[] := string_to_array(line_journals_joined, E'\x1f');
    line_account text[] := string_to_array(line_accounts_joined, E'\x1f');
    line_side text[] := string_to_array(line_sides_joined, E'\x1f');
    line_amount bigint[] := string_to_array(line_amounts_joined, E'\x1f');
    line_currency text[] := string_to_array(line_currencies_joined, E'\x1f');
    lines_by_account int[] := string_to_array(lines_by_account_joined, E'\x1f');
    -- Filled first: an array that grows from its third place begins there, and what is unnested beside it shifts.
    account_ids bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(line_account)]);
    balance_afters bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(line_account)]);
    known record;
    account record;
    new_id bigint;
    change bigint;
    balance_now bigint;
    o int;
BEGIN
    -- Keys come in order, so that two batches that share keys wait for each other instead of deadlocking. An equal
    -- key in flight elsewhere makes the insert wait until that transaction has ended.
    FOR o IN 1 .. cardinality(keys) LOOP
        INSERT INTO journal (key, fingerprint, kind, event_at, business_date, meta)
        VALUES (keys[o], decode(fingerprints[o], 'hex'), kinds[o], event_ats[o], business_dates[o], metas[o]::jsonb)
        ON CONFLICT (key) DO NOTHING RETURNING id INTO new_id;
        is_news[o] := new_id IS NOT NULL;
        IF new_id IS NULL THEN
            SELECT id, fingerprint INTO known FROM journal WHERE key = keys[o];
            IF known.fingerprint <> decode(fingerprints[o], 'hex') THEN
                RAISE EXCEPTION 'journal key reused' USING ERRCODE = 'IM002', DETAIL = keys[o];
            END IF;
            new_id := known.id;
        END IF;
        journal_ids[o] := new_id;
    END LOOP;

    -- In order of accounts, so that crossing postings don't deadlock: the update locks the row and sees it as it is
    -- then. Hot accounts are never locked. Small statements on purpose: a join over the lines took twice the time.
    FOREACH o IN ARRAY lines_by_account LOOP
        CONTINUE WHEN NOT is_news[line_journal[o]];
        SELECT id, kind, hot, minimum, currency INTO account FROM ledger_account
         WHERE code = line_account[o] AND NOT heading;
        IF account.currency IS DISTINCT FROM line_currency[o] THEN
            RAISE EXCEPTION 'no such account in this currency' USING ERRCODE = 'IM003', DETAIL = json_build_object(
                'account', line_account[o], 'kept_in', account.currency, 'asked', line_currency[o]);
        END IF;
        account_ids[o] := account.id;
        IF NOT account.hot THEN
            change := line_amount[o];
            IF (line_side[o] = 'D') <> (account.kind IN ('asset', 'expense')) THEN
                change := -change;
            END IF;
            UPDATE ledger_account SET balance = balance + change WHERE id = account.id
                RETURNING balance INTO balance_now;
            IF change < 0 AND balance_now < account.minimum THEN
                RAISE EXCEPTION 'insufficient' USING ERRCODE = 'IM001', DETAIL = json_build_object(
                    'account', line_account[o],
                    'available', balance_now - change - account.minimum,
                    'asked', -change);
            END IF;
            balance_afters[o] := balance_now;
        END IF;
    END LOOP;

    INSERT INTO entry (journal_id, account_id, side, amount, currency, balance_after)
    SELECT journal_ids[l.journal], l.account, l.side, l.amount, l.currency, l.balance_after
      FROM unnest(line_journal, account_ids, line_side, line_amount, line_currency, balance_afters)
           AS l(journal, account, side, amount, currency, balance_after)
     WHERE is_news[l.journal];
END $$
--;
-- As ledger_post, for many journals: the same promises, in statements over all of them. Planned anew each time, for
-- the number of rows that it has.
CREATE FUNCTION ledger_post_batch(
    keys_joined text, fingerprints_joined text, kinds_joined text, event_ats_joined text, business_dates_joined text,
    metas_joined text, line_journals_joined text, line_accounts_joined text, line_sides_joined text,
    line_amounts_joined text, line_currencies_joined text, OUT journal_ids bigint[], OUT is_news boolean[]
) LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    keys text[] := string_to_array(keys_joined, E'\x1f');
    fingerprints text[] := string_to_array(fingerprints_joined, E'\x1f');
    kinds text[] := string_to_array(kinds_joined, E'\x1f');
    event_ats timestamptz[] := string_to_array(event_ats_joined, E'\x1f');
    business_dates date[] := string_to_array(business_dates_joined, E'\x1f');
    metas text[] := string_to_array(metas_joined, E'\x1f');
    line_journal int[] := string_to_array(line_journals_joined, E'\x1f');
    line_account text[] := string_to_array(line_accounts_joined, E'\x1f');
    line_side text[] := string_to_array(line_sides_joined, E'\x1f');
    line_amount bigint[] := string_to_array(line_amounts_joined, E'\x1f');
    line_currency text[] := string_to_array(line_currencies_joined, E'\x1f');
    reused text;
    overdrawn json;
    unknown json;
BEGIN
    -- In order of keys, as ledger_post: batches that share keys wait for each other instead of deadlocking.
    WITH written AS (
        INSERT INTO journal (key, fingerprint, kind, event_at, business_date, meta)
        SELECT n.key, decode(n.fingerprint, 'hex'), n.kind, n.event_at, n.business_date, n.meta::jsonb
          FROM unnest(keys, fingerprints, kinds, event_ats, business_dates, metas) WITH ORDINALITY
               AS n(key, fingerprint, kind, event_at, business_date, meta, place)
         ORDER BY n.place
        ON CONFLICT (key) DO NOTHING RETURNING id, key
    )
    SELECT array_agg(w.id ORDER BY n.place), array_agg(w.id IS NOT NULL ORDER BY n.place)
      INTO journal_ids, is_news
      FROM unnest(keys) WITH ORDINALITY AS n(key, place) LEFT JOIN written w ON w.key = n.key;

    IF NOT coalesce(true = ALL (is_news), true) THEN
        SELECT min(n.key) FILTER (WHERE j.fingerprint <> decode(n.fingerprint, 'hex')),
               array_agg(j.id ORDER BY n.place)
          INTO reused, journal_ids
          FROM unnest(keys, fingerprints) WITH ORDINALITY AS n(key, fingerprint, place)
          JOIN journal j ON j.key = n.key;
        IF reused IS NOT NULL THEN
            RAISE EXCEPTION 'journal key reused' USING ERRCODE = 'IM002', DETAIL = reused;
        END IF;
    END IF;

    -- The order in which ledger_post locks.
    PERFORM FROM ledger_account WHERE code = ANY (line_account) AND NOT hot
      ORDER BY code COLLATE "C" FOR NO KEY UPDATE;

    WITH line AS MATERIALIZED (
        SELECT l.place, j.id AS journal_id, a.id AS account_id, a.hot, a.minimum, a.balance, l.account, l.side,
               l.amount, l.currency, a.currency AS kept_in,
               CASE WHEN (l.side = 'D') = (a.kind IN ('asset', 'expense')) THEN l.amount ELSE -l.amount END AS change
          FROM unnest(line_journal, line_account, line_side, line_amount, line_currency) WITH ORDINALITY
               AS l(journal, account, side, amount, currency, place)
          JOIN unnest(journal_ids, is_news) WITH ORDINALITY AS j(id, is_new, place)
               ON j.place = l.journal AND j.is_new
          LEFT JOIN ledger_account a ON a.code = l.account AND NOT a.heading
    ), running AS MATERIALIZED (
        SELECT *, balance + sum(change) OVER (PARTITION BY account_id ORDER BY place) AS balance_after
          FROM line WHERE NOT hot
    ), moved AS (
        UPDATE ledger_account a SET balance = a.balance + t.change
          FROM (SELECT account_id, sum(change)::bigint AS change FROM running GROUP BY account_id) t
         WHERE a.id = t.account_id
    ), written AS (
        INSERT INTO entry (journal_id, account_id, side, amount, currency, balance_after)
        SELECT l.journal_id, l.account_id, l.side, l.amount, l.currency, r.balance_after::bigint
          FROM line l LEFT JOIN running r ON r.place = l.place
         WHERE NOT EXISTS (SELECT FROM line WHERE kept_in IS DISTINCT FROM currency)
         ORDER BY l.place
    )
    SELECT (SELECT json_build_object('account', account, 'kept_in', kept_in, 'asked', currency)
              FROM line WHERE kept_in IS DISTINCT FROM currency ORDER BY account COLLATE "C", place LIMIT 1),
           (SELECT json_build_object('account', account, 'available', balance_after - change - minimum, 'asked', -change)
              FROM running WHERE change < 0 AND balance_after < minimum
             ORDER BY account COLLATE "C", place LIMIT 1)
      INTO unknown, overdrawn;
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION 'no such account in this currency' USING ERRCODE = 'IM003', DETAIL = unknown;
    END IF;
    IF overdrawn IS NOT NULL THEN
        RAISE EXCEPTION 'insufficient' USING ERRCODE = 'IM001', DETAIL = overdrawn;
    END IF;
END $$
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
