-- Statements of providers, our movements beside them, and what was matched.
CREATE TABLE statement_file (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    content_hash BYTEA NOT NULL,
    book TEXT NOT NULL,
    currency TEXT NOT NULL,
    lines INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    money_in BIGINT NOT NULL,
    money_out BIGINT NOT NULL,
    first_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    imported_by TEXT NOT NULL,
    imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_statement_file PRIMARY KEY (id),
    CONSTRAINT uq_statement_file_content_hash UNIQUE (content_hash),
    CONSTRAINT ck_statement_file_book_known CHECK (book IN ('mpesa', 'bank'))
)
--;
CREATE TABLE reconciliation_match (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    stage TEXT NOT NULL,
    confidence SMALLINT NOT NULL,
    difference BIGINT DEFAULT '0' NOT NULL,
    model INTEGER DEFAULT '0' NOT NULL,
    decided_by TEXT DEFAULT '' NOT NULL,
    matched_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_reconciliation_match PRIMARY KEY (id),
    CONSTRAINT ck_reconciliation_match_stage_known CHECK (stage IN ('receipt', 'reversal_pair', 'score', 'group', 'hand', 'booked'))
)
--;
CREATE TABLE statement_line (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    file_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    book TEXT NOT NULL,
    key TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    kind TEXT NOT NULL,
    receipt TEXT NOT NULL,
    linked TEXT NOT NULL,
    reference TEXT NOT NULL,
    phone TEXT NOT NULL,
    name TEXT NOT NULL,
    details TEXT NOT NULL,
    match_id BIGINT,
    set_aside TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_statement_line PRIMARY KEY (id),
    CONSTRAINT uq_statement_line_book_key UNIQUE (book, key),
    CONSTRAINT ck_statement_line_book_known CHECK (book IN ('mpesa', 'bank')),
    CONSTRAINT ck_statement_line_kind_known CHECK (kind IN ('movement', 'charge', 'reversal')),
    CONSTRAINT fk_statement_line_file_id FOREIGN KEY(file_id) REFERENCES statement_file (id)
)
--;
CREATE INDEX ix_statement_line_file_id ON statement_line (file_id)
--;
CREATE INDEX ix_statement_line_match_id ON statement_line (match_id) WHERE match_id IS NOT NULL
--;
CREATE INDEX ix_statement_line_open ON statement_line (book, at) WHERE match_id IS NULL
--;
CREATE INDEX ix_statement_line_receipt ON statement_line (receipt) WHERE receipt <> ''
--;
CREATE TABLE book_movement (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    journal_id BIGINT NOT NULL,
    account_code TEXT NOT NULL,
    book TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    business_date DATE NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    receipt TEXT NOT NULL,
    linked TEXT NOT NULL,
    reference TEXT NOT NULL,
    phone TEXT NOT NULL,
    name TEXT NOT NULL,
    match_id BIGINT,
    set_aside TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_book_movement PRIMARY KEY (id),
    CONSTRAINT uq_book_movement_journal_id_account_code UNIQUE (journal_id, account_code),
    CONSTRAINT ck_book_movement_book_known CHECK (book IN ('mpesa', 'bank'))
)
--;
CREATE INDEX ix_book_movement_match_id ON book_movement (match_id) WHERE match_id IS NOT NULL
--;
CREATE INDEX ix_book_movement_open ON book_movement (book, at) WHERE match_id IS NULL
--;
CREATE INDEX ix_book_movement_receipt ON book_movement (receipt) WHERE receipt <> ''
--;
CREATE TABLE reconciliation_suggestion (
    line_id BIGINT NOT NULL,
    movement_id BIGINT NOT NULL,
    confidence SMALLINT NOT NULL,
    features JSONB NOT NULL,
    CONSTRAINT pk_reconciliation_suggestion PRIMARY KEY (line_id, movement_id),
    CONSTRAINT fk_reconciliation_suggestion_line_id FOREIGN KEY(line_id) REFERENCES statement_line (id),
    CONSTRAINT fk_reconciliation_suggestion_movement_id FOREIGN KEY(movement_id) REFERENCES book_movement (id)
)
--;
CREATE INDEX ix_reconciliation_suggestion_movement_id ON reconciliation_suggestion (movement_id)
--;
CREATE TABLE reconciliation_decision (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    line_id BIGINT NOT NULL,
    movement_id BIGINT NOT NULL,
    features JSONB NOT NULL,
    is_match INTEGER NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_reconciliation_decision PRIMARY KEY (id),
    CONSTRAINT uq_reconciliation_decision_line_id_movement_id UNIQUE (line_id, movement_id)
)
--;
CREATE TABLE reconciliation_model (
    version INTEGER NOT NULL,
    weights JSONB NOT NULL,
    decisions INTEGER NOT NULL,
    trained_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_reconciliation_model PRIMARY KEY (version)
)
