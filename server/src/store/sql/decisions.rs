//! The log of decisions.

/// `$1` to `$16` in the order of the columns.
pub(in crate::store) const INSERT_DECISION: &str = "
INSERT INTO decisions (at, operation, outcome, rule, site, channel, country, verification_id, number, counted, out_of, allowed,
       period, retry_in, breaker, times)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

/// The newest. `$1` how many, `$2` the earliest moment, `$3` site and `$4` rule, nothing for all.
pub(in crate::store) const DECISIONS: &str = "
SELECT at, operation, outcome, rule, site, channel, country, verification_id, number, counted, out_of, allowed, period, retry_in,
       breaker, times
  FROM decisions
 WHERE at >= $2 AND ($3 = '' OR site = $3) AND ($4 = '' OR rule = $4)
 ORDER BY at DESC, id DESC LIMIT $1";

/// The same of a verification. `$5` its id.
pub(in crate::store) const DECISIONS_OF_VERIFICATION: &str = "
SELECT at, operation, outcome, rule, site, channel, country, verification_id, number, counted, out_of, allowed, period, retry_in,
       breaker, times
  FROM decisions
 WHERE at >= $2 AND ($3 = '' OR site = $3) AND ($4 = '' OR rule = $4) AND verification_id = $5
 ORDER BY at DESC, id DESC LIMIT $1";

/// The same of a number. `$5` its index.
pub(in crate::store) const DECISIONS_OF_NUMBER: &str = "
SELECT at, operation, outcome, rule, site, channel, country, verification_id, number, counted, out_of, allowed, period, retry_in,
       breaker, times
  FROM decisions
 WHERE at >= $2 AND ($3 = '' OR site = $3) AND ($4 = '' OR rule = $4) AND number = $5
 ORDER BY at DESC, id DESC LIMIT $1";

/// The sends of a verification that a rule allowed, and the check that approved it. What stands in a sender's place where a send
/// was dropped is no sender's name. `$1` id, `$2` and `$3` what stands there.
pub(in crate::store) const ALLOWED: &str = "
SELECT d.created_at AS at, CASE WHEN d.sequence = (SELECT MIN(sequence) FROM deliveries WHERE verification_id = v.id)
       THEN 'start' ELSE 'resend' END AS operation, v.site, d.channel, v.country, v.id AS verification_id, v.number
  FROM verifications v JOIN deliveries d ON d.verification_id = v.id
 WHERE v.id = $1 AND d.sender NOT IN ($2, $3)
UNION ALL
SELECT v.ended_at, 'check', v.site, d.channel, v.country, v.id, v.number
  FROM verifications v JOIN deliveries d ON d.verification_id = v.id
       AND d.sequence = (SELECT MAX(sequence) FROM deliveries WHERE verification_id = v.id)
 WHERE v.id = $1 AND v.status = 'approved'
 ORDER BY at DESC, operation";

/// `$1` the latest moment, `$2` how many.
pub(in crate::store) const DELETE_DECISIONS: &str = "
DELETE FROM decisions WHERE id IN (SELECT id FROM decisions WHERE at <= $1 ORDER BY at LIMIT $2)";
