-- What a host's server asks for: sessions, and which of its subjects holds which number.

-- A session is found by the MAC of its value, which is stored nowhere.
CREATE TABLE sessions (
    id         BYTEA  NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    site       TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    nonce      TEXT,
    purpose    TEXT,
    origin     TEXT,
    return_url TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sessions_to_delete ON sessions (expires_at);

ALTER TABLE verifications ADD COLUMN session BYTEA;
-- The number itself, encrypted, where the site asks for it.
ALTER TABLE verifications ADD COLUMN number_sealed BYTEA;
ALTER TABLE verifications ADD COLUMN number_sealed_key BIGINT;

CREATE INDEX verifications_of_session ON verifications (session, ended_at) WHERE session IS NOT NULL;
CREATE INDEX verifications_of_number ON verifications (site, number);

-- One number a subject; how many subjects a number may have is the site's matter. `released` names those that the number
-- was taken from by this claim, one a line.
CREATE TABLE subjects (
    site              TEXT   NOT NULL,
    subject           TEXT   NOT NULL,
    number            BYTEA  NOT NULL CHECK (length(number) = 32),
    mask              TEXT   NOT NULL,
    country           TEXT   NOT NULL,
    channel           TEXT   NOT NULL CHECK (channel IN ('sms', 'call')),
    jti               TEXT   NOT NULL,
    verified_at       BIGINT NOT NULL,
    number_sealed     BYTEA,
    number_sealed_key BIGINT,
    released          TEXT,
    PRIMARY KEY (site, subject)
);

CREATE INDEX subjects_of_number ON subjects (site, number, verified_at);
