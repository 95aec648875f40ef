-- Proofs of work that have served, until their challenges are over: each serves once.
CREATE TABLE used_proofs (
    id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_proofs_by_end ON used_proofs (expires_at);
