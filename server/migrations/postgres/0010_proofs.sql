-- Proofs of work that have served, until their challenges are over: each serves once.
CREATE TABLE used_proofs (
    id         BYTEA NOT NULL PRIMARY KEY CHECK (octet_length(id) = 32),
    expires_at BIGINT NOT NULL
);
CREATE INDEX used_proofs_by_end ON used_proofs (expires_at);
