-- Events that a site's own server is told of, written in the transactions in which they happen. `body` never holds a code or a
-- number; the number stands beside it, encrypted, where the site asked for it. Due until it was taken or given up.
CREATE TABLE webhooks (
    id                TEXT NOT NULL PRIMARY KEY,
    site              TEXT NOT NULL,
    kind              TEXT NOT NULL,
    number            BLOB CHECK (length(number) = 32),
    number_sealed     BLOB,
    number_sealed_key INTEGER,
    body              TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    due_at            INTEGER,
    attempts          INTEGER NOT NULL,
    last_answer       INTEGER,
    taken_at          INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX webhooks_due ON webhooks (site, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhooks_of_number ON webhooks (site, number) WHERE number IS NOT NULL;
CREATE INDEX webhooks_to_delete ON webhooks (created_at);
