//! What the operator's pages ask and write.

/// `$1` to `$3` in the order of the columns.
pub(in crate::store) const INSERT_ADMIN_SESSION: &str =
    "INSERT INTO admin_sessions (id, begun_at, expires_at) VALUES ($1, $2, $3)";

/// `$1` id, `$2` now.
pub(in crate::store) const FIND_ADMIN_SESSION: &str =
    "SELECT id FROM admin_sessions WHERE id = $1 AND COALESCE(expires_at > $2, FALSE)";

/// `$1` id.
pub(in crate::store) const DELETE_ADMIN_SESSION: &str = "DELETE FROM admin_sessions WHERE id = $1";

/// `$1` now, `$2` how many.
pub(in crate::store) const DELETE_ADMIN_SESSIONS: &str = "
DELETE FROM admin_sessions
 WHERE id IN (SELECT id FROM admin_sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";

/// `$1` to `$6` in the order of the columns.
pub(in crate::store) const INSERT_ADMIN_LINE: &str =
    "INSERT INTO admin_log (at, session, action, site, number, breaker) VALUES ($1, $2, $3, $4, $5, $6)";

/// `$1` how many.
pub(in crate::store) const ADMIN_LOG: &str =
    "SELECT at, session, action, site, number, breaker FROM admin_log ORDER BY id DESC LIMIT $1";

/// `$1` how many, `$2` number.
pub(in crate::store) const ADMIN_LOG_OF_NUMBER: &str = "SELECT at, session, action, site, number, breaker FROM admin_log WHERE number = $2 ORDER BY id DESC LIMIT $1";

/// `$1` the latest moment, `$2` how many.
pub(in crate::store) const DELETE_ADMIN_LOG: &str = "
DELETE FROM admin_log WHERE id IN (SELECT id FROM admin_log WHERE at <= $1 ORDER BY at LIMIT $2)";

/// `$1` from, `$2` until, `$3` site or nothing for all, `$4` how long a stretch is.
pub(in crate::store) const TRAFFIC: &str = "
SELECT (d.created_at - $1) / $4 AS stretch, v.country, d.channel, COUNT(*) AS sent,
       COUNT(CASE WHEN d.state = 'delivered' THEN 1 END) AS delivered,
       COUNT(CASE WHEN v.status = 'approved' AND d.sequence = (
           SELECT MAX(sequence) FROM deliveries
            WHERE verification_id = v.id AND state NOT IN ('rejected', 'not_sent')) THEN 1 END) AS approved
  FROM deliveries d JOIN verifications v ON v.id = d.verification_id
 WHERE d.created_at >= $1 AND d.created_at < $2 AND d.state NOT IN ('rejected', 'not_sent') AND ($3 = '' OR v.site = $3)
 GROUP BY stretch, v.country, d.channel
 ORDER BY stretch, v.country, d.channel";

/// `$1` from, `$2` until, `$3` site or nothing for all.
pub(in crate::store) const FAULTS: &str = "
SELECT v.country, d.channel, d.sender, d.state, d.reason, COUNT(*) AS count
  FROM deliveries d JOIN verifications v ON v.id = d.verification_id
 WHERE d.created_at >= $1 AND d.created_at < $2 AND d.state IN ('undelivered', 'rejected', 'not_sent', 'unknown')
   AND ($3 = '' OR v.site = $3)
 GROUP BY v.country, d.channel, d.sender, d.state, d.reason
 ORDER BY count DESC, v.country, d.channel, d.sender, d.state, d.reason LIMIT 100";

/// `$1` key.
pub(in crate::store) const FORGET_LIMIT: &str = "DELETE FROM limits WHERE key = $1";

/// `$1` site, `$2` number.
pub(in crate::store) const FORGET_FAILED_CHECKS: &str =
    "UPDATE numbers SET checks_used = 0, consecutive_failures = 0 WHERE site = $1 AND number = $2";
