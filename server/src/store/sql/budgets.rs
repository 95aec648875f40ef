//! What sends cost.

/// Counts a send in the accounts of its site and of all sites, and takes their rows for this transaction, in this order. `$1` site,
/// `$2` day, `$3` its beginning, `$4` month, `$5` its beginning, `$6` how much, `$7` how many sends.
pub(in crate::store) const COUNT: &str = "
INSERT INTO budgets AS b (scope, period, begins_at, counted, sends, priced, priced_sends, told)
VALUES ($1, $2, $3, $6, $7, 0, 0, 'normal'), ($1, $4, $5, $6, $7, 0, 0, 'normal'),
       ('', $2, $3, $6, $7, 0, 0, 'normal'), ('', $4, $5, $6, $7, 0, 0, 'normal')
ON CONFLICT (scope, period) DO UPDATE SET counted = b.counted + excluded.counted, sends = b.sends + excluded.sends
RETURNING scope, period, counted, told";

/// Corrects an account. `$1` scope, `$2` period, `$3` how much, `$4` how many sends, `$5` how much of it is prices, `$6` of how many
/// sends.
pub(in crate::store) const CORRECT: &str = "
UPDATE budgets SET counted = counted + $3, sends = sends + $4, priced = priced + $5, priced_sends = priced_sends + $6
 WHERE scope = $1 AND period = $2
RETURNING scope, period, counted, told";

/// `$1` scope, `$2` period, `$3` the state.
pub(in crate::store) const TELL: &str = "UPDATE budgets SET told = $3 WHERE scope = $1 AND period = $2";

/// `$1` scope, `$2` period.
pub(in crate::store) const SPENT: &str =
    "SELECT counted, sends, priced, priced_sends FROM budgets WHERE scope = $1 AND period = $2";

/// `$1` the latest beginning, `$2` how many.
pub(in crate::store) const DELETE_BUDGETS: &str = "
DELETE FROM budgets
 WHERE COALESCE(begins_at <= $1, FALSE) AND (scope, period) IN (
       SELECT scope, period FROM budgets WHERE begins_at <= $1 ORDER BY begins_at LIMIT $2)";

/// `$1` verification, `$2` delivery, `$3` what it counts, `$4` when its price is asked for, `$5` the pause before that.
pub(in crate::store) const CHARGE: &str = "
UPDATE deliveries SET charge = $3, price_look_at = $4, price_look_pause = $5 WHERE verification_id = $1 AND id = $2";

/// What a delivery counts whose price is not known. `$1` verification, `$2` delivery.
pub(in crate::store) const CHARGED: &str = "
SELECT d.charge, d.created_at, v.site FROM deliveries d JOIN verifications v ON v.id = d.verification_id
 WHERE d.verification_id = $1 AND d.id = $2 AND d.charge IS NOT NULL AND d.priced_at IS NULL";

/// A delivery counts nothing any more. `$1` verification, `$2` delivery, `$3` what it counts. No row: not that.
pub(in crate::store) const UNCHARGE: &str = "
UPDATE deliveries SET charge = NULL, price_look_at = NULL
 WHERE verification_id = $1 AND id = $2 AND charge = $3 AND priced_at IS NULL
RETURNING id";

/// A delivery counts its price. `$1` verification, `$2` delivery, `$3` what it counts, `$4` the price, `$5` now, `$6` the sender's
/// reference. No row: not that, or of another message.
pub(in crate::store) const PRICE: &str = "
UPDATE deliveries SET charge = $4, priced_at = $5, price_look_at = NULL
 WHERE verification_id = $1 AND id = $2 AND charge = $3 AND priced_at IS NULL AND sender_reference = $6
RETURNING id";

/// Takes deliveries whose provider is to be asked for the price. Each is due again after twice the pause, while that is not longer
/// than `$3`. `$1` now, `$2` how many.
pub(in crate::store) const TAKE_PRICE_LOOKS: &str = "
UPDATE deliveries
   SET price_look_at = CASE WHEN 2 * price_look_pause <= $3 THEN $1 + 2 * price_look_pause END,
       price_look_pause = 2 * price_look_pause
 WHERE COALESCE(price_look_at <= $1, FALSE) AND (verification_id, sequence) IN (
       SELECT verification_id, sequence FROM deliveries WHERE price_look_at <= $1 ORDER BY price_look_at LIMIT $2)
RETURNING verification_id, id, channel, sender, sender_reference, price_look_at AS look_at";
