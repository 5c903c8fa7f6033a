-- Posting and its guards. One statement block per `--;` line, as the driver takes one at a time.

CREATE FUNCTION ledger_post(
    keys text[], fingerprints bytea[], kinds text[], event_ats timestamptz[], business_dates date[], metas text[],
    line_journal int[], line_account text[], line_side text[], line_amount bigint[], line_currency text[]
) RETURNS TABLE (ordinal int, journal_id bigint, is_new boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    problem record;
    account_ids bigint[];
    journal_ids bigint[];
    is_news boolean[];
BEGIN
    -- In key order, so that two batches that share keys wait for each other instead of deadlocking.
    -- An equal key in flight elsewhere makes this insert wait until that transaction has ended.
    WITH asked AS (
        SELECT * FROM unnest(keys, fingerprints, kinds, event_ats, business_dates, metas)
            WITH ORDINALITY AS j(key, fingerprint, kind, event_at, business_date, meta, ordinal)
    ), inserted AS (
        INSERT INTO journal (key, fingerprint, kind, event_at, business_date, meta)
        SELECT key, fingerprint, kind, event_at, business_date, meta::jsonb FROM asked ORDER BY key
        ON CONFLICT (key) DO NOTHING
        RETURNING id, key
    )
    SELECT array_agg(inserted.id ORDER BY asked.ordinal), array_agg(inserted.id IS NOT NULL ORDER BY asked.ordinal)
      INTO journal_ids, is_news
      FROM asked LEFT JOIN inserted USING (key);

    IF NOT (true = ALL (is_news)) THEN
        SELECT j.key INTO problem
          FROM unnest(keys, fingerprints) AS asked(key, fingerprint) JOIN journal j USING (key)
         WHERE j.fingerprint <> asked.fingerprint LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'journal key reused' USING ERRCODE = 'IM002', DETAIL = problem.key;
        END IF;
        SELECT array_agg(j.id ORDER BY asked.ordinal) INTO journal_ids
          FROM unnest(keys) WITH ORDINALITY AS asked(key, ordinal) JOIN journal j USING (key);
    END IF;

    -- Member accounts are locked in id order; hot accounts are never locked.
    SELECT array_agg(id) INTO account_ids FROM (
        SELECT a.id FROM ledger_account a
         WHERE NOT a.hot AND a.code IN (
               SELECT l.account FROM unnest(line_journal, line_account) AS l(journal, account)
                WHERE is_news[l.journal])
         ORDER BY a.id FOR NO KEY UPDATE
    ) locked;

    -- A new statement, so it sees the balances as they are now that the rows are ours.
    WITH lines AS (
        SELECT l.ordinal, l.journal, l.amount, l.side, l.currency, a.id AS account_id, a.hot,
               a.currency AS account_currency,
               CASE WHEN (l.side = 'D') = (a.kind IN ('asset', 'expense')) THEN l.amount ELSE -l.amount END AS change,
               a.balance, a.minimum, l.account
          FROM unnest(line_journal, line_account, line_side, line_amount, line_currency)
               WITH ORDINALITY AS l(journal, account, side, amount, currency, ordinal)
          LEFT JOIN ledger_account a ON a.code = l.account
         WHERE is_news[l.journal]
    ), running AS (
        SELECT *, CASE WHEN NOT hot
                       THEN (balance + sum(change) OVER (PARTITION BY account_id ORDER BY ordinal))::bigint
                  END AS balance_after
          FROM lines
    ), bad AS MATERIALIZED (
        SELECT account, account_id, account_currency <> currency AS wrong_currency,
               balance_after - change - minimum AS available, -change AS asked
          FROM running
         WHERE account_id IS NULL OR account_currency <> currency OR (change < 0 AND balance_after < minimum)
         LIMIT 1
    ), changed AS (
        UPDATE ledger_account a SET balance = a.balance + c.change
          FROM (SELECT account_id, sum(change)::bigint AS change FROM lines WHERE NOT hot GROUP BY account_id) c
         WHERE a.id = c.account_id
    ), written AS (
        INSERT INTO entry (journal_id, account_id, side, amount, currency, balance_after)
        SELECT journal_ids[journal], account_id, side, amount, currency, balance_after FROM running
         WHERE NOT EXISTS (SELECT FROM bad) ORDER BY ordinal
    )
    SELECT * INTO problem FROM bad;
    IF FOUND THEN
        IF problem.account_id IS NULL OR problem.wrong_currency THEN
            RAISE EXCEPTION 'no such account in this currency' USING ERRCODE = 'IM003', DETAIL = problem.account;
        END IF;
        RAISE EXCEPTION 'insufficient' USING ERRCODE = 'IM001', DETAIL = json_build_object(
            'account', problem.account, 'available', problem.available, 'asked', problem.asked);
    END IF;

    RETURN QUERY SELECT o::int, journal_ids[o], is_news[o] FROM generate_subscripts(keys, 1) AS o;
END $$
--;
CREATE FUNCTION ledger_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM fresh GROUP BY journal_id, currency
        HAVING sum(CASE side WHEN 'D' THEN amount ELSE -amount END) <> 0
    ) THEN
        RAISE EXCEPTION 'entries of a journal do not balance' USING ERRCODE = 'IM004';
    END IF;
    RETURN NULL;
END $$
--;
CREATE TRIGGER entries_balance AFTER INSERT ON entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_balance()
--;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are written once and never changed', TG_TABLE_NAME USING ERRCODE = 'IM005';
END $$
--;
CREATE TRIGGER journal_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--;
CREATE TRIGGER entry_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--;
CREATE TRIGGER audit_event_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--;
CREATE TRIGGER audit_seal_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--;
-- The balance of any account on its normal side. A hot account's is its snapshot plus the entries since.
CREATE FUNCTION ledger_balance(account_code text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN NOT a.hot THEN a.balance ELSE
        coalesce(h.balance, 0) + coalesce((
            SELECT sum(CASE WHEN (e.side = 'D') = (a.kind IN ('asset', 'expense')) THEN e.amount ELSE -e.amount END)
              FROM entry e WHERE e.account_id = a.id AND e.id > coalesce(h.upto_entry, 0)), 0)::bigint
        END
      FROM ledger_account a LEFT JOIN hot_balance h ON h.account_id = a.id
     WHERE a.code = account_code
$$
--;
-- Moves the snapshots of hot accounts forward, in two steps over two calls. An entry number below the candidate
-- was drawn by a transaction that already had its transaction id (the journal is inserted first), so one below
-- candidate_xid, which is read afterwards: once no transaction that old is running, every entry up to the
-- candidate is there or never will be. The bounds are entry numbers, not transaction ids, so that a restored
-- dump stays right; a candidate from another cluster's future is dropped.
CREATE FUNCTION ledger_advance_snapshots() RETURNS bigint LANGUAGE plpgsql AS $$
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
        horizon.upto_entry := horizon.candidate_entry;
        UPDATE hot_horizon SET upto_entry = candidate_entry;
    END IF;
    IF horizon.candidate_entry <= horizon.upto_entry
       OR horizon.candidate_xid::xid8 > pg_snapshot_xmax(pg_current_snapshot()) THEN
        UPDATE hot_horizon SET candidate_entry = (SELECT coalesce(max(id), 0) FROM entry);
        UPDATE hot_horizon SET candidate_xid = pg_snapshot_xmax(pg_current_snapshot())::text;
    END IF;
    RETURN folded;
END $$
--;
INSERT INTO hot_horizon (upto_entry, candidate_entry, candidate_xid) VALUES (0, 0, '0')
