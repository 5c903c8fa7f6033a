-- Guards of the books, snapshots of hot accounts. One statement block per `--;` line, as the driver takes one at a time.

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
