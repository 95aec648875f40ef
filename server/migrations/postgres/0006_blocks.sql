-- Numbers that the operator has blocked, on one site or on all: nothing is sent to them. No erasure takes them from here.
CREATE TABLE blocks (
    number BYTEA NOT NULL PRIMARY KEY CHECK (octet_length(number) = 32),
    since  BIGINT NOT NULL
);
