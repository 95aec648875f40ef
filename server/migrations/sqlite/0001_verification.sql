-- Moments are milliseconds since 1970, days are UTC days since 1970. What an index or a MAC is made of is in the server's
-- keys, never here. The CHECKs are a second lock: the transactions hold without them.

CREATE TABLE verifications (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    site          TEXT    NOT NULL,
    number        BLOB    NOT NULL CHECK (length(number) = 32),
    mask          TEXT    NOT NULL,
    country       TEXT    NOT NULL,
    purpose       TEXT,
    nonce         TEXT,
    subject       TEXT,
    origin        TEXT,
    locale        TEXT,
    status        TEXT    NOT NULL CHECK (status IN ('pending', 'approved', 'exhausted', 'expired', 'canceled')),
    code_length   INTEGER NOT NULL CHECK (code_length BETWEEN 6 AND 10),
    code_mac      BLOB    CHECK (length(code_mac) = 32),
    sealed        BLOB,
    sealed_key    INTEGER,
    attempts_used INTEGER NOT NULL,
    attempts_max  INTEGER NOT NULL,
    sends_used    INTEGER NOT NULL,
    sends_max     INTEGER NOT NULL,
    next_check_at INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    ended_at      INTEGER,
    CHECK (attempts_used BETWEEN 0 AND attempts_max),
    CHECK (sends_used BETWEEN 0 AND sends_max),
    CHECK ((status = 'pending') = (ended_at IS NULL)),
    CHECK ((sealed IS NULL) = (sealed_key IS NULL)),
    CHECK (status = 'pending' OR sealed IS NULL)
) STRICT;

CREATE INDEX verifications_live ON verifications (site, number, created_at) WHERE status = 'pending';
-- The three that the sweeper reads; a row is in one of them.
CREATE INDEX verifications_to_expire ON verifications (expires_at) WHERE status = 'pending';
CREATE INDEX verifications_to_forget ON verifications (ended_at) WHERE ended_at IS NOT NULL AND code_mac IS NOT NULL;
CREATE INDEX verifications_to_delete ON verifications (ended_at) WHERE ended_at IS NOT NULL AND code_mac IS NULL;

CREATE TABLE deliveries (
    verification_id  BLOB    NOT NULL REFERENCES verifications (id) ON DELETE CASCADE,
    sequence         INTEGER NOT NULL,
    id               TEXT    NOT NULL,
    channel          TEXT    NOT NULL CHECK (channel IN ('sms', 'call')),
    sender           TEXT    NOT NULL,
    sender_reference TEXT,
    state            TEXT    NOT NULL CHECK (
        state IN ('sending', 'accepted', 'delivered', 'undelivered', 'rejected', 'not_sent', 'unknown')
    ),
    reason           TEXT,
    owner            TEXT    NOT NULL,
    lease_until      INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    settled_at       INTEGER,
    PRIMARY KEY (verification_id, sequence),
    UNIQUE (verification_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_to_give_up ON deliveries (lease_until) WHERE state = 'sending';

-- Checks of a number on a site, over all its verifications.
CREATE TABLE numbers (
    site                 TEXT    NOT NULL,
    number               BLOB    NOT NULL CHECK (length(number) = 32),
    check_day            INTEGER NOT NULL,
    checks_used          INTEGER NOT NULL CHECK (checks_used >= 0),
    consecutive_failures INTEGER NOT NULL CHECK (consecutive_failures >= 0),
    PRIMARY KEY (site, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX numbers_to_delete ON numbers (check_day) WHERE consecutive_failures = 0;

-- One row a subject, one column a window: the theoretical arrival time (GCRA), and the window's length as it was at the
-- last use, so that one statement serves rows of different limits.
CREATE TABLE limits (
    key       BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    arrival_1 INTEGER,
    arrival_2 INTEGER,
    arrival_3 INTEGER,
    burst_1   INTEGER,
    burst_2   INTEGER,
    burst_3   INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
    site            TEXT    NOT NULL,
    key             TEXT    NOT NULL,
    request_mac     BLOB    NOT NULL CHECK (length(request_mac) = 32),
    verification_id BLOB    NOT NULL,
    expires_at      INTEGER NOT NULL,
    PRIMARY KEY (site, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_to_delete ON idempotency (expires_at);

-- Outlive their verifications, so that a token is not redeemed again.
CREATE TABLE tokens (
    jti             TEXT    NOT NULL PRIMARY KEY,
    verification_id BLOB    NOT NULL UNIQUE,
    site            TEXT    NOT NULL,
    issued_at       INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    redeemed_at     INTEGER
) STRICT;

CREATE INDEX tokens_to_delete ON tokens (expires_at);

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
