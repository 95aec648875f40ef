-- Moments are milliseconds since 1970, days are UTC days since 1970. What an index or a MAC is made of is in the server's
-- keys, never here. The CHECKs are a second lock: the transactions hold without them.

CREATE TABLE verifications (
    id            BYTEA  NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    site          TEXT   NOT NULL,
    number        BYTEA  NOT NULL CHECK (length(number) = 32),
    mask          TEXT   NOT NULL,
    country       TEXT   NOT NULL,
    purpose       TEXT,
    nonce         TEXT,
    subject       TEXT,
    origin        TEXT,
    locale        TEXT,
    status        TEXT   NOT NULL CHECK (status IN ('pending', 'approved', 'exhausted', 'expired', 'canceled')),
    code_length   BIGINT NOT NULL CHECK (code_length BETWEEN 6 AND 10),
    code_mac      BYTEA  CHECK (length(code_mac) = 32),
    sealed        BYTEA,
    sealed_key    BIGINT,
    attempts_used BIGINT NOT NULL,
    attempts_max  BIGINT NOT NULL,
    sends_used    BIGINT NOT NULL,
    sends_max     BIGINT NOT NULL,
    next_check_at BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    ended_at      BIGINT,
    CHECK (attempts_used BETWEEN 0 AND attempts_max),
    CHECK (sends_used BETWEEN 0 AND sends_max),
    CHECK ((status = 'pending') = (ended_at IS NULL)),
    CHECK ((sealed IS NULL) = (sealed_key IS NULL)),
    CHECK (status = 'pending' OR sealed IS NULL)
);

CREATE INDEX verifications_live ON verifications (site, number, created_at) WHERE status = 'pending';
-- The three that the sweeper reads; a row is in one of them.
CREATE INDEX verifications_to_expire ON verifications (expires_at) WHERE status = 'pending';
CREATE INDEX verifications_to_forget ON verifications (ended_at) WHERE ended_at IS NOT NULL AND code_mac IS NOT NULL;
CREATE INDEX verifications_to_delete ON verifications (ended_at) WHERE ended_at IS NOT NULL AND code_mac IS NULL;

CREATE TABLE deliveries (
    verification_id  BYTEA  NOT NULL REFERENCES verifications (id) ON DELETE CASCADE,
    sequence         BIGINT NOT NULL,
    id               TEXT   NOT NULL,
    channel          TEXT   NOT NULL CHECK (channel IN ('sms', 'call')),
    sender           TEXT   NOT NULL,
    sender_reference TEXT,
    state            TEXT   NOT NULL CHECK (
        state IN ('sending', 'accepted', 'delivered', 'undelivered', 'rejected', 'not_sent', 'unknown')
    ),
    reason           TEXT,
    owner            TEXT   NOT NULL,
    lease_until      BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    settled_at       BIGINT,
    PRIMARY KEY (verification_id, sequence),
    UNIQUE (verification_id, id)
);

CREATE INDEX deliveries_to_give_up ON deliveries (lease_until) WHERE state = 'sending';

-- Checks of a number on a site, over all its verifications.
CREATE TABLE numbers (
    site                 TEXT   NOT NULL,
    number               BYTEA  NOT NULL CHECK (length(number) = 32),
    check_day            BIGINT NOT NULL,
    checks_used          BIGINT NOT NULL CHECK (checks_used >= 0),
    consecutive_failures BIGINT NOT NULL CHECK (consecutive_failures >= 0),
    PRIMARY KEY (site, number)
);

CREATE INDEX numbers_to_delete ON numbers (check_day) WHERE consecutive_failures = 0;

-- One row a subject, one column a window: the theoretical arrival time (GCRA), and the window's length as it was at the
-- last use, so that one statement serves rows of different limits. Room is left in each page for the rows' next versions.
CREATE TABLE limits (
    key       BYTEA NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    arrival_1 BIGINT,
    arrival_2 BIGINT,
    arrival_3 BIGINT,
    burst_1   BIGINT,
    burst_2   BIGINT,
    burst_3   BIGINT
) WITH (fillfactor = 70);

CREATE TABLE idempotency (
    site            TEXT   NOT NULL,
    key             TEXT   NOT NULL,
    request_mac     BYTEA  NOT NULL CHECK (length(request_mac) = 32),
    verification_id BYTEA  NOT NULL,
    expires_at      BIGINT NOT NULL,
    PRIMARY KEY (site, key)
);

CREATE INDEX idempotency_to_delete ON idempotency (expires_at);

-- Outlive their verifications, so that a token is not redeemed again.
CREATE TABLE tokens (
    jti             TEXT   NOT NULL PRIMARY KEY,
    verification_id BYTEA  NOT NULL UNIQUE,
    site            TEXT   NOT NULL,
    issued_at       BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    redeemed_at     BIGINT
);

CREATE INDEX tokens_to_delete ON tokens (expires_at);

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
