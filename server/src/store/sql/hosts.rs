//! Sessions, subjects, erasure and blocks.

/// `$1` to `$9` in the order of the columns.
pub(in crate::store) const INSERT_SESSION: &str = "
INSERT INTO sessions (id, site, subject, nonce, purpose, origin, return_url, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// `$1` id.
pub(in crate::store) const FIND_SESSION: &str = "
SELECT s.id, s.site, s.subject, s.nonce, s.purpose, s.origin, s.return_url, s.created_at, s.expires_at,
       (SELECT v.id FROM verifications v WHERE v.session = s.id AND v.status = 'approved'
         ORDER BY v.ended_at DESC, v.id DESC LIMIT 1) AS approved
  FROM sessions s
 WHERE s.id = $1";

/// What a token proves. `$1` jti, `$2` site.
pub(in crate::store) const PROVED_BY: &str = "
SELECT v.number, v.mask, v.country, d.channel, t.issued_at AS verified_at, v.number_sealed, v.number_sealed_key
  FROM tokens t
  JOIN verifications v ON v.id = t.verification_id
  JOIN deliveries d ON d.verification_id = v.id
       AND d.sequence = (SELECT MAX(sequence) FROM deliveries WHERE verification_id = v.id)
 WHERE t.jti = $1 AND t.site = $2";

/// Locks a number of a site until the transaction ends, and changes nothing of it. `$1` site, `$2` number.
pub(in crate::store) const LOCK_NUMBER: &str = "
INSERT INTO numbers AS n (site, number, check_day, checks_used, consecutive_failures) VALUES ($1, $2, 0, 0, 0)
ON CONFLICT (site, number) DO UPDATE SET checks_used = n.checks_used";

/// Who else holds a number, the one that proved it longest ago first. `$1` site, `$2` number, `$3` subject.
pub(in crate::store) const OTHER_HOLDERS: &str = "
SELECT subject, verified_at FROM subjects
 WHERE site = $1 AND number = $2 AND subject <> $3 ORDER BY verified_at, subject";

/// `$1` site, `$2` subject, `$3` number.
pub(in crate::store) const RELEASE_NUMBER: &str = "
DELETE FROM subjects WHERE site = $1 AND subject = $2 AND number = $3";

/// `$1` to `$11` in the order of the columns.
pub(in crate::store) const HOLD_NUMBER: &str = "
INSERT INTO subjects (site, subject, number, mask, country, channel, jti, verified_at, number_sealed, number_sealed_key,
       released)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (site, subject) DO UPDATE
   SET number = excluded.number, mask = excluded.mask, country = excluded.country, channel = excluded.channel,
       jti = excluded.jti, verified_at = excluded.verified_at, number_sealed = excluded.number_sealed,
       number_sealed_key = excluded.number_sealed_key, released = excluded.released";

/// `$1` site, `$2` subject.
pub(in crate::store) const FIND_SUBJECT: &str = "
SELECT number, mask, country, channel, jti, verified_at, number_sealed, number_sealed_key, released
  FROM subjects WHERE site = $1 AND subject = $2";

/// `$1` site, `$2` subject.
pub(in crate::store) const RELEASE_SUBJECT: &str = "
DELETE FROM subjects WHERE site = $1 AND subject = $2 RETURNING number";

/// The verifications of a number: those under way have an index, and those that have ended. `$1` site, `$2` number.
macro_rules! of_number {
    () => {
        "SELECT id FROM verifications WHERE site = $1 AND number = $2 AND status = 'pending'
        UNION ALL SELECT id FROM verifications WHERE site = $1 AND number = $2 AND ended_at IS NOT NULL"
    };
}

/// Locks the verifications of a number, so that none is approved while it is erased. `$1` site, `$2` number.
pub(in crate::store) const LOCK_VERIFICATIONS_OF: &str = concat!(
    "
UPDATE verifications SET mask = mask WHERE id IN (",
    of_number!(),
    ")"
);

/// All that knows a number but the rows that limit it, in the order in which rows are locked. Each: `$1` site, `$2` number.
/// Deliveries go with their verifications.
pub(in crate::store) const ERASE_NUMBER: [&str; 6] = [
    concat!(
        "
DELETE FROM idempotency WHERE site = $1 AND verification_id IN (",
        of_number!(),
        ")"
    ),
    concat!(
        "
DELETE FROM tokens WHERE verification_id IN (",
        of_number!(),
        ")"
    ),
    concat!(
        "
DELETE FROM verifications WHERE id IN (",
        of_number!(),
        ")"
    ),
    "
DELETE FROM subjects WHERE site = $1 AND number = $2",
    "
DELETE FROM webhooks WHERE site = $1 AND number = $2",
    "
DELETE FROM decisions WHERE site = $1 AND number = $2",
];

/// The sites that anything is kept of that an erasure would delete.
pub(in crate::store) const SITES: &str = "
SELECT site FROM verifications UNION SELECT site FROM subjects UNION SELECT site FROM webhooks
UNION SELECT site FROM decisions WHERE site IS NOT NULL AND number IS NOT NULL
UNION SELECT site FROM legacy_numbers";

/// `$1` number, `$2` now. No row: it was there.
pub(in crate::store) const INSERT_BLOCK: &str = "
INSERT INTO blocks (number, since) VALUES ($1, $2) ON CONFLICT (number) DO NOTHING";

/// `$1` number.
pub(in crate::store) const DELETE_BLOCK: &str = "DELETE FROM blocks WHERE number = $1";

/// `$1` and `$2` the numbers under which it may be.
pub(in crate::store) const FIND_BLOCK: &str = "SELECT since FROM blocks WHERE number IN ($1, $2) LIMIT 1";

/// The sealing keys that something is sealed with.
pub(in crate::store) const SEALING_KEYS: &str = "
SELECT sealed_key AS id FROM verifications WHERE sealed_key IS NOT NULL
UNION SELECT number_sealed_key FROM verifications WHERE number_sealed_key IS NOT NULL
UNION SELECT number_sealed_key FROM subjects WHERE number_sealed_key IS NOT NULL
UNION SELECT number_sealed_key FROM webhooks WHERE number_sealed_key IS NOT NULL";

/// `$1` the latest expiry, `$2` how many.
pub(in crate::store) const DELETE_SESSIONS: &str = "
DELETE FROM sessions
 WHERE id IN (SELECT id FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
