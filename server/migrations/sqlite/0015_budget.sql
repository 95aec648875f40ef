-- What was spent in a UTC day or month (`2026-01-31`, `2026-01`), by a site or (`''`) by all of them; amounts are millionths of the
-- currency's unit. `counted` holds the caps of sends whose price is not known, and the prices of the `priced_sends` others, which are
-- also in `priced`. `told` is the furthest state that was told.
CREATE TABLE budgets (
    scope        TEXT    NOT NULL,
    period       TEXT    NOT NULL,
    begins_at    INTEGER NOT NULL,
    counted      INTEGER NOT NULL,
    sends        INTEGER NOT NULL,
    priced       INTEGER NOT NULL,
    priced_sends INTEGER NOT NULL,
    told         TEXT    NOT NULL,
    PRIMARY KEY (scope, period)
) STRICT, WITHOUT ROWID;

CREATE INDEX budgets_to_delete ON budgets (begins_at);

-- What a delivery counts there; NULL where it counts nothing. When its provider is asked for the price, and the pause before that;
-- NULL where it is not, or no more.
ALTER TABLE deliveries ADD COLUMN charge INTEGER;
ALTER TABLE deliveries ADD COLUMN priced_at INTEGER;
ALTER TABLE deliveries ADD COLUMN price_look_at INTEGER;
ALTER TABLE deliveries ADD COLUMN price_look_pause INTEGER;

CREATE INDEX deliveries_to_price ON deliveries (price_look_at) WHERE price_look_at IS NOT NULL;
