-- Breakers that watch how many of the codes sent to strangers come back: of a prefix (by its MAC) and of a country. `counts` is
-- `minute:sent/approved` by spaces. Open where `opened_at` is there; by hand where `open_until` is not.
CREATE TABLE breakers (
    name            TEXT   NOT NULL PRIMARY KEY,
    country         TEXT   NOT NULL,
    counts          TEXT   NOT NULL,
    opened_at       BIGINT,
    open_until      BIGINT,
    probes_sent     BIGINT NOT NULL,
    probes_approved BIGINT NOT NULL,
    probed_at       BIGINT,
    used_at         BIGINT NOT NULL
);

CREATE INDEX breakers_to_delete ON breakers (used_at) WHERE opened_at IS NULL;

-- The prefix's breaker that counts a verification's sends, and how many it has counted.
ALTER TABLE verifications ADD COLUMN watched_prefix TEXT;
ALTER TABLE verifications ADD COLUMN watched_sends BIGINT NOT NULL DEFAULT 0;
