//! What a site's own server asks of verifications.

use super::limits::groups;
use sqlx::AssertSqlSafe;

/// The verification of a number that the site's server started: the live one, else the last. `$1` site, `$2` number, `$3` now.
pub(in crate::store) const NEWEST_OF_NUMBER: &str = "
SELECT id FROM (
       SELECT id, created_at, CASE WHEN expires_at > $3 THEN 0 ELSE 1 END AS turn FROM verifications
        WHERE site = $1 AND number = $2 AND status = 'pending' AND door = 'host'
       UNION ALL
       SELECT id, created_at, 1 FROM verifications
        WHERE site = $1 AND number = $2 AND ended_at IS NOT NULL AND door = 'host'
) AS found ORDER BY turn, created_at DESC, id DESC LIMIT 1";

/// The live one alone. `$1` site, `$2` number, `$3` now.
pub(in crate::store) const LIVE_OF_NUMBER: &str = "
SELECT id FROM verifications
 WHERE site = $1 AND number = $2 AND door = 'host' AND status = 'pending' AND expires_at > $3
 ORDER BY created_at DESC, id DESC LIMIT 1";

/// When a verification began and ended, with each of its deliveries, the oldest first. `$1` id.
pub(in crate::store) const DELIVERIES: &str = "
SELECT v.created_at AS begun_at, v.ended_at, d.id, d.channel, d.state, d.created_at, d.settled_at
  FROM verifications v JOIN deliveries d ON d.verification_id = v.id
 WHERE v.id = $1 ORDER BY d.sequence";

/// `$1` id, `$2` site, `$3` now. No row: it has ended.
pub(in crate::store) const APPROVE: &str = "
UPDATE verifications SET status = 'approved', ended_at = $3, sealed = NULL, sealed_key = NULL
 WHERE id = $1 AND COALESCE(site = $2 AND status = 'pending' AND expires_at > $3, FALSE)
RETURNING id";

/// The deliveries that may have left. Parameters as of [`filtered`], then how many at most, and how many are left out.
pub(in crate::store) fn attempts(sites: usize, numbers: usize) -> AssertSqlSafe<String> {
    let (from, last) = filtered(sites, numbers);
    let (limit, offset) = (last + 1, last + 2);
    AssertSqlSafe(format!(
        "
SELECT verification_id, site, number, mask, number_sealed, number_sealed_key, country, locale, code_length, status,
       expires_at, id, channel, state, reason, created_at, changed_at, converted
  FROM {from} ORDER BY created_at DESC, id DESC LIMIT ${limit} OFFSET ${offset}"
    ))
}

/// How many there are, and how many of them led to an approval. Parameters as of [`filtered`].
pub(in crate::store) fn count_attempts(sites: usize, numbers: usize) -> AssertSqlSafe<String> {
    let (from, _) = filtered(sites, numbers);
    AssertSqlSafe(format!(
        "SELECT COUNT(*) AS attempts, COUNT(CASE WHEN converted = 1 THEN 1 END) AS converted FROM {from}"
    ))
}

/// A table of attempts, and the number of its last parameter: `$1` verification, `$2` delivery, `$3` country, `$4` channel,
/// `$5` converted (1 or 0), `$6` the earliest and `$7` the latest moment (each NULL where it does not matter), the sites, the numbers
/// (none: all). An approval is due to the last delivery that may have left.
fn filtered(sites: usize, numbers: usize) -> (String, usize) {
    let first_number = 8 + sites;
    let sites = groups(1, 8, sites);
    let numbers_too = if numbers == 0 {
        String::new()
    } else {
        let theirs = format!(
            "site IN {sites} AND number IN {}",
            groups(1, first_number, numbers)
        );
        format!(
            " AND v.id IN (SELECT id FROM verifications WHERE {theirs} AND status = 'pending'
        UNION ALL SELECT id FROM verifications WHERE {theirs} AND ended_at IS NOT NULL)"
        )
    };
    let from = format!(
        "(
SELECT v.id AS verification_id, v.site, v.number, v.mask, v.number_sealed, v.number_sealed_key, v.country, v.locale,
       v.code_length, v.status, v.expires_at, d.id, d.channel, d.state, d.reason, d.created_at,
       COALESCE(d.settled_at, d.created_at) AS changed_at,
       CAST(CASE WHEN v.status = 'approved' AND d.sequence = (
           SELECT MAX(sequence) FROM deliveries
            WHERE verification_id = v.id AND state NOT IN ('rejected', 'not_sent')) THEN 1 ELSE 0 END AS BIGINT) AS converted
  FROM verifications v JOIN deliveries d ON d.verification_id = v.id
 WHERE d.state NOT IN ('rejected', 'not_sent') AND v.site IN {sites}{numbers_too}
   AND (v.id = $1 OR $1 IS NULL) AND (d.id = $2 OR $2 IS NULL) AND (v.country = $3 OR $3 IS NULL)
   AND (d.channel = $4 OR $4 IS NULL) AND (d.created_at >= $6 OR $6 IS NULL) AND (d.created_at <= $7 OR $7 IS NULL)
) AS attempts WHERE (converted = $5 OR $5 IS NULL)"
    );
    (from, first_number + numbers - 1)
}
