//! What time has made of rows: they expire, forget, and go.

/// `$1` now, `$2` how many.
pub(in crate::store) const EXPIRE: &str = "
UPDATE verifications SET status = 'expired', ended_at = expires_at, sealed = NULL, sealed_key = NULL
 WHERE COALESCE(status = 'pending', FALSE) AND id IN (
       SELECT id FROM verifications WHERE ended_at IS NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2)
RETURNING id";

/// `$1` the latest end, `$2` how many.
pub(in crate::store) const FORGET_CODES: &str = "
UPDATE verifications SET code_mac = NULL
 WHERE id IN (
       SELECT id FROM verifications
        WHERE ended_at IS NOT NULL AND code_mac IS NOT NULL AND ended_at < $1 ORDER BY ended_at LIMIT $2)";

/// `$1` now, `$2` how many.
pub(in crate::store) const GIVE_UP_DELIVERIES: &str = "
UPDATE deliveries SET state = 'unknown'
 WHERE COALESCE(state = 'sending', FALSE) AND (verification_id, sequence) IN (
       SELECT verification_id, sequence FROM deliveries
        WHERE state = 'sending' AND lease_until <= $1 ORDER BY lease_until LIMIT $2)";

/// `$1` the latest end, `$2` how many.
pub(in crate::store) const DELETE_VERIFICATIONS: &str = "
DELETE FROM verifications
 WHERE id IN (
       SELECT id FROM verifications
        WHERE ended_at IS NOT NULL AND code_mac IS NULL AND ended_at <= $1 ORDER BY ended_at LIMIT $2)";

/// `$1` now, `$2` how many.
pub(in crate::store) const DELETE_IDEMPOTENCY: &str = "
DELETE FROM idempotency
 WHERE COALESCE(expires_at <= $1, FALSE) AND (site, key) IN (
       SELECT site, key FROM idempotency WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";

/// `$1` now, `$2` how many.
pub(in crate::store) const DELETE_USED_PROOFS: &str = "
DELETE FROM used_proofs
 WHERE COALESCE(expires_at <= $1, FALSE) AND id IN (
       SELECT id FROM used_proofs WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";

/// `$1` the latest expiry, `$2` how many, `$3` the latest issue.
pub(in crate::store) const DELETE_TOKENS: &str = "
DELETE FROM tokens
 WHERE jti IN (
       SELECT jti FROM tokens WHERE expires_at <= $1 AND issued_at < $3 ORDER BY expires_at LIMIT $2)";

/// The last of the next stretch of numbers. `$1` the site and `$2` the number before it, `$3` how many are before that one.
pub(in crate::store) const STRETCH_OF_NUMBERS: &str = "
SELECT site, number FROM numbers WHERE (site, number) > ($1, $2) ORDER BY site, number LIMIT 1 OFFSET $3";

/// In a stretch: numbers whose days are over and that owe nothing, and those of whose few failures nothing was heard for long. `$1` the
/// site and `$2` the number before the stretch, `$3` how many are in it, `$4` UTC day, `$5` the same of failures, `$6` failures that
/// stay.
pub(in crate::store) const DELETE_NUMBERS: &str = "
DELETE FROM numbers
 WHERE COALESCE((consecutive_failures = 0 AND check_day < $4)
             OR (consecutive_failures BETWEEN 1 AND $6 - 1 AND check_day < $5), FALSE)
   AND (site, number) IN (
       SELECT site, number FROM numbers WHERE (site, number) > ($1, $2) ORDER BY site, number LIMIT $3)";

/// The last key of the next stretch of limits. `$1` the key before it, `$2` how many keys before that one.
pub(in crate::store) const STRETCH_OF_LIMITS: &str =
    "SELECT key FROM limits WHERE key > $1 ORDER BY key LIMIT 1 OFFSET $2";

/// Limits that stand as if they had never been used. `$1` now, `$2` after this key, `$3` up to this key.
pub(in crate::store) const DELETE_LIMITS: &str = "
DELETE FROM limits
 WHERE key > $2 AND key <= $3 AND COALESCE(arrival_1 <= $1, TRUE) AND COALESCE(arrival_2 <= $1, TRUE)
   AND COALESCE(arrival_3 <= $1, TRUE)";

/// `$1` now, `$2` how many.
pub(in crate::store) const DELETE_LINES: &str = "
DELETE FROM lines
 WHERE number IN (SELECT number FROM lines WHERE until <= $1 ORDER BY until LIMIT $2)";

/// `$1` the latest moment, `$2` how many.
pub(in crate::store) const DELETE_OPT_OUT_MESSAGES: &str = "
DELETE FROM opt_out_messages
 WHERE reference IN (
       SELECT reference FROM opt_out_messages WHERE taken_at <= $1 ORDER BY taken_at LIMIT $2)";
