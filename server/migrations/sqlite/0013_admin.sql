-- Who is logged in to the admin pages: the MAC of a cookie's value.
CREATE TABLE admin_sessions (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    begun_at   INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX admin_sessions_to_delete ON admin_sessions (expires_at);

-- What was done there, and in which log-in. `number` is a MAC: whoever types the number in finds its lines.
CREATE TABLE admin_log (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    session TEXT,
    action  TEXT    NOT NULL,
    site    TEXT,
    number  BLOB    CHECK (length(number) = 32)
) STRICT;

CREATE INDEX admin_log_by_time ON admin_log (at);
CREATE INDEX admin_log_of_number ON admin_log (number, at) WHERE number IS NOT NULL;
