-- Numbers whose owners asked for no more text messages (STOP), until they ask for them again (START).
CREATE TABLE opt_outs (
    number BYTEA  NOT NULL PRIMARY KEY CHECK (length(number) = 32),
    since  BIGINT NOT NULL
);

-- The messages that said so, for as long as their provider may report them again.
CREATE TABLE opt_out_messages (
    reference TEXT   NOT NULL PRIMARY KEY,
    taken_at  BIGINT NOT NULL
);

CREATE INDEX opt_out_messages_to_delete ON opt_out_messages (taken_at);
