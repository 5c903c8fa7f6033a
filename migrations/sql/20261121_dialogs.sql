-- What members were shown, and the seals over it. One statement per `--;` line.

CREATE TABLE shown_screen (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    key TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    member_id TEXT NOT NULL,
    phone TEXT NOT NULL,
    channel TEXT NOT NULL,
    network TEXT NOT NULL,
    came_from TEXT NOT NULL,
    label TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    bound BOOLEAN NOT NULL,
    CONSTRAINT pk_shown_screen PRIMARY KEY (id),
    CONSTRAINT uq_shown_screen_key UNIQUE (key)
)
--;
CREATE INDEX ix_shown_screen_member_id ON shown_screen (member_id, id)
--;
CREATE INDEX ix_shown_screen_phone ON shown_screen (phone, id)
--;
CREATE TABLE shown_seal (
    sequence BIGINT NOT NULL,
    screen_id BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_shown_seal PRIMARY KEY (sequence),
    CONSTRAINT uq_shown_seal_screen_id UNIQUE (screen_id),
    CONSTRAINT fk_shown_seal_screen_id FOREIGN KEY (screen_id) REFERENCES shown_screen (id)
)
--;
CREATE TRIGGER shown_screen_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON shown_screen
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--;
CREATE TRIGGER shown_seal_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON shown_seal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
