-- Numbers that the operator has blocked, on one site or on all: nothing is sent to them. No erasure takes them from here.
CREATE TABLE blocks (
    number BLOB NOT NULL PRIMARY KEY CHECK (length(number) = 32),
    since  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
