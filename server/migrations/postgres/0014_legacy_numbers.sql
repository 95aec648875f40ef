-- Numbers that a system before this one verified and kept as a SHA-1 alone: a MAC of it, until the number is typed again.
CREATE TABLE legacy_numbers (
    site        TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    hash        BYTEA  NOT NULL CHECK (octet_length(hash) = 32),
    channel     TEXT   NOT NULL CHECK (channel IN ('sms', 'call')),
    verified_at BIGINT NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (site, subject)
);

CREATE INDEX legacy_numbers_by_hash ON legacy_numbers (site, hash);
CREATE INDEX legacy_numbers_to_delete ON legacy_numbers (imported_at);
