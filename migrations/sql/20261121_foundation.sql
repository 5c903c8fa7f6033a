-- Posting and its guards. One statement block per `--;` line, as the driver takes one at a time.

-- Each argument holds a list, joined with the unit separator: the driver takes four times as long for arrays.
CREATE FUNCTION ledger_post(
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
        SELECT id, kind, hot, minimum, currency INTO account FROM ledger_account WHERE code = line_account[o];
        IF account.currency IS DISTINCT FROM line_currency[o] THEN
            RAISE EXCEPTION 'no such account in this currency' USING ERRCODE = 'IM003', DETAIL = line_account[o];
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
        -- A sequence that was never drawn from says 1 all the same.
        UPDATE hot_horizon SET candidate_entry = (
            SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM entry_id_seq);
        UPDATE hot_horizon SET candidate_xid = pg_snapshot_xmax(pg_current_snapshot())::text;
    END IF;
    RETURN folded;
END $$
--;
INSERT INTO hot_horizon (upto_entry, candidate_entry, candidate_xid) VALUES (0, 0, '0')
