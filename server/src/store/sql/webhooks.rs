//! Events to be sent to sites.

/// `$1` to `$9` in the order of the columns; due at once. No row: it was written before.
pub(in crate::store) const INSERT_WEBHOOK: &str = "
INSERT INTO webhooks (id, site, kind, number, number_sealed, number_sealed_key, body, created_at, due_at, attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 0)
ON CONFLICT (id) DO NOTHING";

/// Takes what is due for one caller alone. `$1` site, `$2` now, `$3` until when, `$4` how many.
pub(in crate::store) const TAKE_WEBHOOKS: &str = "
UPDATE webhooks SET due_at = $3
 WHERE COALESCE(due_at <= $2, FALSE) AND id IN (
       SELECT id FROM webhooks WHERE site = $1 AND due_at <= $2 ORDER BY due_at, id LIMIT $4)
RETURNING id, site, kind, number, number_sealed, number_sealed_key, body, attempts, due_at";

/// It was taken, under whichever lease. `$1` id, `$2` answer, `$3` now.
pub(in crate::store) const WEBHOOK_TAKEN: &str = "
UPDATE webhooks SET attempts = attempts + 1, last_answer = $2, due_at = NULL, taken_at = $3 WHERE id = $1";

/// It was not taken; where somebody else tries it by now, that one's attempt counts. `$1` id, `$2` answer, `$3` the lease, `$4` when
/// it is due again, if ever.
pub(in crate::store) const WEBHOOK_FAILED: &str = "
UPDATE webhooks SET attempts = attempts + 1, last_answer = $2, due_at = $4 WHERE id = $1 AND COALESCE(due_at = $3, FALSE)";

/// `$1` site or nothing for all, `$2` how many.
pub(in crate::store) const LIST_WEBHOOKS: &str = "
SELECT id, site, kind, created_at, attempts, last_answer, due_at, taken_at
  FROM webhooks WHERE $1 = '' OR site = $1 ORDER BY created_at DESC, id LIMIT $2";

/// Not taken and not given up.
pub(in crate::store) const COUNT_WAITING_WEBHOOKS: &str = "
SELECT count(*) FROM webhooks WHERE due_at IS NOT NULL";

/// `$1` id, `$2` now.
pub(in crate::store) const REPLAY_WEBHOOK: &str = "
UPDATE webhooks SET due_at = $2, attempts = 0, taken_at = NULL WHERE id = $1";

/// `$1` site or nothing for all, `$2` now.
pub(in crate::store) const REPLAY_GIVEN_UP: &str = "
UPDATE webhooks SET due_at = $2, attempts = 0
 WHERE due_at IS NULL AND taken_at IS NULL AND ($1 = '' OR site = $1)";

/// `$1` the latest writing, `$2` how many.
pub(in crate::store) const DELETE_WEBHOOKS: &str = "
DELETE FROM webhooks
 WHERE id IN (SELECT id FROM webhooks WHERE created_at <= $1 ORDER BY created_at LIMIT $2)";
