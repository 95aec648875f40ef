//! What is asked of a number before anything is sent to it.

/// How a number stands, in one row. `$1` its name in the list of those who want no text messages, `$2` and `$3` those under which it may
/// be blocked, `$4` the site, `$5` its name on the site.
pub(in crate::store) const STANDING: &str = "
SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM opt_outs WHERE number = $1) THEN 1 ELSE 0 END AS BIGINT) AS opted_out,
       CAST(CASE WHEN EXISTS (SELECT 1 FROM blocks WHERE number IN ($2, $3)) THEN 1 ELSE 0 END AS BIGINT) AS blocked,
       CAST(CASE WHEN EXISTS (SELECT 1 FROM verifications
                                WHERE site = $4 AND number = $5 AND ended_at IS NOT NULL AND status = 'approved')
                   OR EXISTS (SELECT 1 FROM subjects WHERE site = $4 AND number = $5)
                 THEN 1 ELSE 0 END AS BIGINT) AS known";
