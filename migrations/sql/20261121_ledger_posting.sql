-- Posting. One block per `--;` line.

-- What a column of the hot tables may hold, as types: a check of a table is read and compiled anew by every statement
-- that touches a row, and those of these two tables took a quarter of a posting.

CREATE DOMAIN account_kind AS text
    CONSTRAINT ck_account_kind CHECK (VALUE IN ('asset', 'liability', 'equity', 'income', 'expense'))
--;
CREATE DOMAIN account_liquidity AS text
    CONSTRAINT ck_account_liquidity CHECK (
        VALUE IN ('cash', 'bank', 'institutions', 'government', 'short_term_liability'))
--;
CREATE DOMAIN account_income_kind AS text
    CONSTRAINT ck_account_income_kind CHECK (
        VALUE IN ('interest', 'fee', 'penalty', 'investment', 'exchange', 'loan_loss', 'operating', 'tax', 'other'))
--;
CREATE DOMAIN entry_side AS char(1) CONSTRAINT ck_entry_side CHECK (VALUE IN ('D', 'C'))
--;
CREATE DOMAIN entry_amount AS bigint CONSTRAINT ck_entry_amount CHECK (VALUE > 0)
--;
ALTER TABLE ledger_account
    DROP CONSTRAINT ck_ledger_account_hot_has_no_row_balance,
    DROP CONSTRAINT ck_ledger_account_kind_known,
    DROP CONSTRAINT ck_ledger_account_liquidity_known,
    DROP CONSTRAINT ck_ledger_account_income_kind_known,
    ALTER kind TYPE account_kind,
    ALTER liquidity TYPE account_liquidity,
    ALTER income_kind TYPE account_income_kind
--;
ALTER TABLE entry
    DROP CONSTRAINT ck_entry_side_known,
    DROP CONSTRAINT ck_entry_amount_positive,
    ALTER side TYPE entry_side,
    ALTER amount TYPE entry_amount
--;
DROP FUNCTION IF EXISTS ledger_post(text, text, text, text, text, text, text, text, text, text, text, text)
--;
DROP FUNCTION IF EXISTS ledger_post_batch(text, text, text, text, text, text, text, text, text, text, text)
--;
-- Each argument holds a list, joined with the unit separator: the driver takes four times as long for arrays. The
-- answer is the number of each journal, below zero for one that was known before.
CREATE FUNCTION ledger_post(
    keys_joined text, fingerprints_joined text, kinds_joined text, event_ats_joined text, business_dates_joined text,
    metas_joined text, line_journals_joined text, line_accounts_joined text, line_sides_joined text,
    line_amounts_joined text, line_currencies_joined text, lines_by_account_joined text
) RETURNS bigint[] LANGUAGE plpgsql AS $$
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
    journal_ids bigint[];
    is_news boolean[];
    answer bigint[];
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
        answer[o] := CASE WHEN is_news[o] THEN new_id ELSE -new_id END;
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
    SELECT journal_ids[l.journal], account_ids[l.place], line_side[l.place], line_amount[l.place],
           line_currency[l.place], balance_afters[l.place]
      FROM unnest(line_journal) WITH ORDINALITY AS l(journal, place)
     WHERE is_news[l.journal];
    RETURN answer;
END $$
--;
-- As ledger_post, for many journals: the same promises, in statements over all of them. Planned anew each time, for
-- the number of rows that it has.
CREATE FUNCTION ledger_post_batch(
    keys_joined text, fingerprints_joined text, kinds_joined text, event_ats_joined text, business_dates_joined text,
    metas_joined text, line_journals_joined text, line_accounts_joined text, line_sides_joined text,
    line_amounts_joined text, line_currencies_joined text
) RETURNS bigint[] LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
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
    journal_ids bigint[];
    is_news boolean[];
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
          -- A look-up per line: as a plain join, all accounts there are would be read for a few thousand lines.
          LEFT JOIN LATERAL (SELECT id, kind, hot, minimum, balance, currency FROM ledger_account
                              WHERE code = l.account AND NOT heading LIMIT 1) a ON true
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
    RETURN ARRAY(SELECT CASE WHEN n.is_new THEN n.id ELSE -n.id END
                   FROM unnest(journal_ids, is_news) WITH ORDINALITY AS n(id, is_new, place) ORDER BY n.place);
END $$
--;
-- Most statements write the lines of one journal in one currency: adding them up here takes half the time of a
-- grouped question, which is left for the others.
CREATE OR REPLACE FUNCTION ledger_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line record;
    first record;
    difference bigint := 0;
    several boolean := false;
BEGIN
    FOR line IN SELECT journal_id, currency, CASE side WHEN 'D' THEN amount ELSE -amount END AS change FROM fresh LOOP
        IF first IS NULL THEN
            first := line;
        END IF;
        several := line.journal_id <> first.journal_id OR line.currency <> first.currency;
        EXIT WHEN several;
        difference := difference + line.change;
    END LOOP;
    IF several THEN
        PERFORM FROM fresh GROUP BY journal_id, currency
         HAVING sum(CASE side WHEN 'D' THEN amount ELSE -amount END) <> 0;
    END IF;
    IF several AND FOUND OR NOT several AND difference <> 0 THEN
        RAISE EXCEPTION 'entries of a journal do not balance' USING ERRCODE = 'IM004';
    END IF;
    RETURN NULL;
END $$
--;
DROP TRIGGER IF EXISTS entries_balance ON entry
--;
CREATE TRIGGER entries_balance AFTER INSERT ON entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_balance()
--;
-- Which notices there are is said by their texts and the code that writes them; a list here changed with every journey.
ALTER TABLE notice DROP CONSTRAINT ck_notice_kind_known
