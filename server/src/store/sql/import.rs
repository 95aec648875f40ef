//! Numbers of systems before this one.

/// How many other subjects hold a number. `$1` site, `$2` number, `$3` subject.
pub(in crate::store) const COUNT_OTHER_HOLDERS: &str = "
SELECT COUNT(*) AS holders FROM subjects WHERE site = $1 AND number = $2 AND subject <> $3";

/// Which hash a subject's number is kept as. `$1` site, `$2` subject.
pub(in crate::store) const FIND_LEGACY: &str = "
SELECT hash FROM legacy_numbers WHERE site = $1 AND subject = $2";

/// Whose number is kept as one of these hashes, the one that proved it longest ago first. `$1` site, `$2` to `$4` hashes.
pub(in crate::store) const FIND_LEGACY_OF: &str = "
SELECT subject, channel, verified_at FROM legacy_numbers
 WHERE site = $1 AND hash IN ($2, $3, $4) ORDER BY verified_at, subject";

/// How many other subjects' numbers are kept as a hash. `$1` site, `$2` hash, `$3` subject.
pub(in crate::store) const COUNT_OTHER_LEGACY: &str = "
SELECT COUNT(*) AS holders FROM legacy_numbers WHERE site = $1 AND hash = $2 AND subject <> $3";

/// `$1` to `$6` in the order of the columns.
pub(in crate::store) const INSERT_LEGACY: &str = "
INSERT INTO legacy_numbers (site, subject, hash, channel, verified_at, imported_at) VALUES ($1, $2, $3, $4, $5, $6)";

/// `$1` site, `$2` subject.
pub(in crate::store) const DELETE_LEGACY: &str =
    "DELETE FROM legacy_numbers WHERE site = $1 AND subject = $2";

/// `$1` site, `$2` to `$4` hashes.
pub(in crate::store) const FORGET_LEGACY: &str = "
DELETE FROM legacy_numbers WHERE site = $1 AND hash IN ($2, $3, $4)";

/// `$1` the latest import, `$2` how many.
pub(in crate::store) const SWEEP_LEGACY: &str = "
DELETE FROM legacy_numbers
 WHERE (site, subject) IN (SELECT site, subject FROM legacy_numbers WHERE imported_at <= $1 ORDER BY imported_at LIMIT $2)";
