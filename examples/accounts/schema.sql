CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY,
    user_name TEXT NOT NULL,
    -- The user name as it is compared: in lower case.
    user_name_key TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    -- Argon2id, as a PHC string.
    password_hash TEXT NOT NULL,
    two_factor INTEGER NOT NULL DEFAULT 0,
    -- Whether a number must be proved before anything else: after registering, and after a change was asked for.
    number_due INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE IF NOT EXISTS recovery_codes (
    user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- SHA-256 of a code of 80 random bits: nothing to be guessed, so nothing to be slowed down.
    hash BLOB NOT NULL,
    PRIMARY KEY (user, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS sessions (
    -- SHA-256 of the id: whoever reads the table has nobody's cookie.
    id BLOB PRIMARY KEY,
    data TEXT NOT NULL,
    -- Seconds since 1970.
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS attempts (
    -- SHA-256 of what is counted and for whom.
    name BLOB PRIMARY KEY,
    used INTEGER NOT NULL,
    -- Seconds since 1970: when counting begins anew.
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
