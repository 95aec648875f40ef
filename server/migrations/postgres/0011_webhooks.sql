-- Events that a site's own server is told of, written in the transactions in which they happen. `body` never holds a code or a
-- number; the number stands beside it, encrypted, where the site asked for it. Due until it was taken or given up.
CREATE TABLE webhooks (
    id                TEXT NOT NULL PRIMARY KEY,
    site              TEXT NOT NULL,
    kind              TEXT NOT NULL,
    number            BYTEA CHECK (length(number) = 32),
    number_sealed     BYTEA,
    number_sealed_key BIGINT,
    body              TEXT NOT NULL,
    created_at        BIGINT NOT NULL,
    due_at            BIGINT,
    attempts          BIGINT NOT NULL,
    last_answer       BIGINT,
    taken_at          BIGINT
);

CREATE INDEX webhooks_due ON webhooks (site, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhooks_of_number ON webhooks (site, number) WHERE number IS NOT NULL;
CREATE INDEX webhooks_to_delete ON webhooks (created_at);
