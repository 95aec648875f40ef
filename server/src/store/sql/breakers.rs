//! Breakers of prefixes and countries.

/// Takes the rows of a prefix and its country for this transaction, in this order, and adds to what both count. `$1` now, `$2` country,
/// `$3` the prefix's name, `$4` the country's, `$5` the addition, which may be empty. When one was used is kept to the minute: what an
/// index holds is written anew at each change.
pub(in crate::store) const TAKE_BREAKERS: &str = "
INSERT INTO breakers AS b (name, country, counts, probes_sent, probes_approved, used_at)
VALUES ($3, $2, $5, 0, 0, $1), ($4, $2, $5, 0, 0, $1)
ON CONFLICT (name) DO UPDATE
   SET counts = b.counts || excluded.counts,
       used_at = CASE WHEN b.used_at < excluded.used_at - 60000 THEN excluded.used_at ELSE b.used_at END
RETURNING name, country, counts, opened_at, open_until, probes_sent, probes_approved, probed_at, used_at";

/// Writes the two that were taken, in one statement: others wait for them. `$1` country, `$2` now; of each from `$3` and from `$10` on:
/// name, counts, opened at, open until, probes sent, probes approved, the last probe.
pub(in crate::store) const WRITE_BREAKERS: &str = "
INSERT INTO breakers (country, used_at, name, counts, opened_at, open_until, probes_sent, probes_approved, probed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9), ($1, $2, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (name) DO UPDATE
   SET counts = excluded.counts, opened_at = excluded.opened_at, open_until = excluded.open_until,
       probes_sent = excluded.probes_sent, probes_approved = excluded.probes_approved, probed_at = excluded.probed_at";

/// Opens or closes one by hand; it begins anew. `$1` name, `$2` country, `$3` opened at, `$4` now.
pub(in crate::store) const TURN_BREAKER: &str = "
INSERT INTO breakers (name, country, counts, opened_at, probes_sent, probes_approved, used_at)
VALUES ($1, $2, '', $3, 0, 0, $4)
ON CONFLICT (name) DO UPDATE
   SET counts = '', opened_at = excluded.opened_at, open_until = NULL, probes_sent = 0, probes_approved = 0,
       probed_at = NULL, used_at = excluded.used_at";

/// `$1` name.
pub(in crate::store) const IS_BREAKER_OPEN: &str =
    "SELECT opened_at FROM breakers WHERE name = $1 AND opened_at IS NOT NULL";

/// Those that are open first. `$1` how many.
pub(in crate::store) const BREAKERS: &str = "
SELECT name, country, counts, opened_at, open_until, probes_sent, probes_approved, probed_at, used_at FROM breakers
 ORDER BY opened_at IS NULL, name LIMIT $1";

/// One more send of a verification is counted. `$1` id, `$2` the prefix's name.
pub(in crate::store) const COUNT_WATCHED: &str = "
UPDATE verifications SET watched_prefix = $2, watched_sends = watched_sends + 1 WHERE id = $1
RETURNING watched_prefix, country, created_at, watched_sends";

/// One less. `$1` id. No row: none is counted.
pub(in crate::store) const UNCOUNT_WATCHED: &str = "
UPDATE verifications SET watched_sends = watched_sends - 1 WHERE id = $1 AND watched_sends > 0
RETURNING watched_prefix, country, created_at, watched_sends";

/// What is counted of a verification, and how many of its two breakers are open. `$1` id.
pub(in crate::store) const WATCHED: &str = "
SELECT watched_prefix, country, created_at, watched_sends, (SELECT COUNT(*) FROM breakers AS b
           WHERE b.name IN (watched_prefix, 'country ' || verifications.country) AND b.opened_at IS NOT NULL) AS breakers_open
  FROM verifications WHERE id = $1 AND watched_sends > 0";

/// Closed ones that nothing counts in any more. `$1` the latest use, `$2` how many.
pub(in crate::store) const DELETE_BREAKERS: &str = "
DELETE FROM breakers
 WHERE COALESCE(opened_at IS NULL AND used_at <= $1, FALSE) AND name IN (
       SELECT name FROM breakers WHERE opened_at IS NULL AND used_at <= $1 ORDER BY used_at LIMIT $2)";
