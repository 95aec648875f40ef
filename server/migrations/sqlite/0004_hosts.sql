-- What a host's server asks for: sessions, and which of its subjects holds which number.

-- A session is found by the MAC of its value, which is stored nowhere.
CREATE TABLE sessions (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    site       TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    nonce      TEXT,
    purpose    TEXT,
    origin     TEXT,
    return_url TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_to_delete ON sessions (expires_at);

ALTER TABLE verifications ADD COLUMN session BLOB;
-- The number itself, encrypted, where the site asks for it.
ALTER TABLE verifications ADD COLUMN number_sealed BLOB;
ALTER TABLE verifications ADD COLUMN number_sealed_key INTEGER;

CREATE INDEX verifications_of_session ON verifications (session, ended_at) WHERE session IS NOT NULL;
CREATE INDEX verifications_of_number ON verifications (site, number);

-- One number a subject; how many subjects a number may have is the site's matter. `released` names those that the number
-- was taken from by this claim, one a line.
CREATE TABLE subjects (
    site              TEXT    NOT NULL,
    subject           TEXT    NOT NULL,
    number            BLOB    NOT NULL CHECK (length(number) = 32),
    mask              TEXT    NOT NULL,
    country           TEXT    NOT NULL,
    channel           TEXT    NOT NULL CHECK (channel IN ('sms', 'call')),
    jti               TEXT    NOT NULL,
    verified_at       INTEGER NOT NULL,
    number_sealed     BLOB,
    number_sealed_key INTEGER,
    released          TEXT,
    PRIMARY KEY (site, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX subjects_of_number ON subjects (site, number, verified_at);
