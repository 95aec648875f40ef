-- Who is logged in to the admin pages: the MAC of a cookie's value.
CREATE TABLE admin_sessions (
    id         BYTEA  NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    begun_at   BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX admin_sessions_to_delete ON admin_sessions (expires_at);

-- What was done there, and in which log-in. `number` is a MAC: whoever types the number in finds its lines.
CREATE TABLE admin_log (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      BIGINT NOT NULL,
    session TEXT,
    action  TEXT   NOT NULL,
    site    TEXT,
    number  BYTEA  CHECK (length(number) = 32)
);

CREATE INDEX admin_log_by_time ON admin_log (at);
CREATE INDEX admin_log_of_number ON admin_log (number, at) WHERE number IS NOT NULL;
