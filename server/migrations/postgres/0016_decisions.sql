-- Which rule refused or dropped what, and what it saw: keyed hashes, counts and words, nothing else of a person. `period` and
-- `retry_in` are milliseconds. `times` is more than 1 where a line stands for all of a minute that got no line of their own.
CREATE TABLE decisions (
    id              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at              BIGINT NOT NULL,
    operation       TEXT   NOT NULL,
    outcome         TEXT   NOT NULL,
    rule            TEXT   NOT NULL,
    site            TEXT,
    channel         TEXT,
    country         TEXT,
    verification_id BYTEA  CHECK (length(verification_id) = 16),
    number          BYTEA  CHECK (length(number) = 32),
    counted         BIGINT,
    out_of          BIGINT,
    allowed         BIGINT,
    period          BIGINT,
    retry_in        BIGINT,
    breaker         TEXT,
    times           BIGINT NOT NULL
);

CREATE INDEX decisions_by_time ON decisions (at);
CREATE INDEX decisions_of_verification ON decisions (verification_id, at) WHERE verification_id IS NOT NULL;
CREATE INDEX decisions_of_number ON decisions (number, at) WHERE number IS NOT NULL;

-- The breaker that was opened or closed.
ALTER TABLE admin_log ADD COLUMN breaker TEXT;
