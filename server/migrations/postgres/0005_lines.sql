-- What kind of line a number is, as a provider was asked once: each question costs money.
CREATE TABLE lines (
    number BYTEA  NOT NULL PRIMARY KEY CHECK (length(number) = 32),
    kind   TEXT   NOT NULL CHECK (kind IN ('textable', 'landline', 'service')),
    until  BIGINT NOT NULL
);

CREATE INDEX lines_to_delete ON lines (until);
