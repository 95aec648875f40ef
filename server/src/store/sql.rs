//! Every SQL text, written once for both databases: `$n` parameters, whole numbers of 64 bits, `RETURNING`, `ON CONFLICT`.
//! Names of columns are those of `server/migrations`.
//!
//! What a row must be beside its key stands in a `COALESCE(…, FALSE)`, which no index answers. PostgreSQL plans by what it last counted:
//! where that was at a quiet hour, an index of all that is pending looks as good as the key, and one check reads all that are under way.

pub(super) mod breakers;
pub(super) mod budgets;
pub(super) mod decisions;
pub(super) mod hosts;
pub(super) mod import;
pub(super) mod limits;
pub(super) mod operator;
pub(super) mod service;
pub(super) mod standing;
pub(super) mod sweep;
pub(super) mod webhooks;

/// A verification with its last delivery, the token of an approved one, the day of checks that it counts in, and whether its site
/// waits for imported numbers; read in this order. `$1` id.
pub(super) const RECORD: &str = "
SELECT v.id, v.status, v.mask, v.code_length, v.attempts_used, v.attempts_max, v.sends_used, v.sends_max, v.next_check_at,
       v.expires_at, d.channel, d.state, d.reason, d.lease_until,
       v.site, v.number, v.country, v.known_subject, v.purpose, v.nonce, v.subject, v.origin, v.locale, v.checks_unanswered,
       v.sealed, v.sealed_key, v.number_sealed, v.number_sealed_key, d.id AS delivery_id, d.owner,
       t.jti, t.issued_at, t.expires_at AS token_expires_at,
       n.check_day, n.checks_used, n.consecutive_failures,
       CAST(CASE WHEN EXISTS (SELECT 1 FROM legacy_numbers l WHERE l.site = v.site) THEN 1 ELSE 0 END AS BIGINT) AS has_legacy
  FROM verifications v
  JOIN deliveries d ON d.verification_id = v.id
       AND d.sequence = (SELECT MAX(sequence) FROM deliveries WHERE verification_id = v.id)
  LEFT JOIN tokens t ON t.verification_id = CASE WHEN v.status = 'approved' THEN v.id END
  LEFT JOIN numbers n ON n.site = v.site AND n.number = COALESCE(v.known_subject, v.number)
 WHERE v.id = $1";

/// `$1` site, `$2` key, `$3` request MAC, `$4` verification, `$5` expires at, `$6` now. No row: the key is in use.
pub(super) const CLAIM_IDEMPOTENCY: &str = "
INSERT INTO idempotency AS i (site, key, request_mac, verification_id, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (site, key) DO UPDATE
   SET request_mac = excluded.request_mac, verification_id = excluded.verification_id,
       expires_at = excluded.expires_at
 WHERE i.expires_at <= $6
RETURNING key";

/// Takes over the row of a verification that has gone. `$1` site, `$2` key, `$3` request MAC, `$4` verification,
/// `$5` expires at.
pub(super) const RECLAIM_IDEMPOTENCY: &str = "
UPDATE idempotency SET request_mac = $3, verification_id = $4, expires_at = $5 WHERE site = $1 AND key = $2";

/// `$1` site, `$2` key, `$3` now.
pub(super) const FIND_IDEMPOTENCY: &str = "
SELECT request_mac, verification_id FROM idempotency
 WHERE site = $1 AND key = $2 AND COALESCE(expires_at > $3, FALSE)";

/// `$1` site, `$2` key, `$3` verification.
pub(super) const FORGET_IDEMPOTENCY: &str = "
DELETE FROM idempotency WHERE site = $1 AND key = $2 AND verification_id = $3";

/// Ends the live verifications of a number that are older than its newest ones; those of known subjects end last, so that no
/// stranger ends them. `$1` site, `$2` number, `$3` now, `$4` how many stay.
pub(super) const CANCEL_OLDEST: &str = "
UPDATE verifications SET status = 'canceled', ended_at = $3, sealed = NULL, sealed_key = NULL
 WHERE COALESCE(status = 'pending', FALSE) AND id IN (
       SELECT id FROM verifications
        WHERE site = $1 AND number = $2 AND status = 'pending' AND expires_at > $3
        ORDER BY known_subject IS NOT NULL DESC, created_at DESC, id DESC LIMIT 1000000 OFFSET $4)
RETURNING id";

/// `$1` to `$27` in the order of the columns that are not given here.
pub(super) const INSERT_VERIFICATION: &str = "
INSERT INTO verifications (id, site, number, mask, country, purpose, nonce, subject, origin, locale, status, code_length,
       code_mac, sealed, sealed_key, attempts_used, attempts_max, sends_used, sends_max, next_check_at, created_at,
       expires_at, known_subject, session, number_sealed, number_sealed_key, checks_unanswered,
       door, watched_prefix, watched_sends)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', $11, $12, $13, $14, 0, $15, 1, $16, $17, $18, $19, $20, $21,
       $22, $23, $24, $25, $26, $27)";

/// `$1` verification, `$2` id, `$3` channel, `$4` sender, `$5` owner, `$6` lease until, `$7` now.
pub(super) const INSERT_DELIVERY: &str = "
INSERT INTO deliveries (verification_id, sequence, id, channel, sender, state, owner, lease_until, created_at)
SELECT $1, COALESCE(MAX(sequence), 0) + 1, $2, $3, $4, 'sending', $5, $6, $7
  FROM deliveries WHERE verification_id = $1";

/// `$1` id, `$2` site, `$3` now. No row: it has ended, or no sends are left.
pub(super) const TAKE_SEND: &str = "
UPDATE verifications SET sends_used = sends_used + 1
 WHERE id = $1 AND COALESCE(site = $2 AND status = 'pending' AND expires_at > $3 AND sends_used < sends_max, FALSE)
RETURNING id";

/// `$1` verification, `$2` delivery, `$3` owner, `$4` state, `$5` reason, `$6` sender, `$7` sender's reference, `$8` now,
/// `$9` when to ask its provider, `$10` the pause before that.
/// A late answer corrects an `unknown`; what was reported since stays.
pub(super) const SETTLE_DELIVERY: &str = "
UPDATE deliveries SET state = $4, reason = $5, sender = $6, sender_reference = COALESCE($7, sender_reference),
       settled_at = $8, look_at = $9, look_pause = $10
 WHERE verification_id = $1 AND id = $2 AND owner = $3 AND state IN ('sending', 'unknown')
RETURNING id";

/// What is the first that is known of a delivery. `$1` verification, `$2` delivery, `$3` state, `$4` reason, `$5` sender's
/// reference, `$6` now. Only of the same message.
pub(super) const REPORT_FIRST: &str = "
UPDATE deliveries SET state = $3, reason = $4, sender_reference = $5, settled_at = $6
 WHERE verification_id = $1 AND id = $2 AND (sender_reference IS NULL OR sender_reference = $5)
   AND state IN ('sending', 'unknown')
RETURNING id";

/// Moves an accepted delivery forward; parameters as of [`REPORT_FIRST`].
pub(super) const REPORT_LATER: &str = "
UPDATE deliveries SET state = $3, reason = $4, sender_reference = $5, settled_at = $6
 WHERE verification_id = $1 AND id = $2 AND (sender_reference IS NULL OR sender_reference = $5)
   AND state = 'accepted' AND $3 <> 'accepted'
RETURNING id";

/// Takes deliveries that their provider is to be asked about. Each is due again after twice the pause, as long as its verification
/// lives; the one time after its end, no more. `$1` now, `$2` how many.
pub(super) const TAKE_LOOKS: &str = "
UPDATE deliveries
   SET look_at = CASE WHEN EXISTS (
               SELECT 1 FROM verifications v
                WHERE v.id = deliveries.verification_id AND v.status = 'pending' AND v.expires_at > $1)
           THEN $1 + 2 * look_pause END,
       look_pause = 2 * look_pause
 WHERE COALESCE(state = 'accepted' AND look_at <= $1, FALSE) AND (verification_id, sequence) IN (
       SELECT verification_id, sequence FROM deliveries
        WHERE state = 'accepted' AND look_at <= $1 ORDER BY look_at LIMIT $2)
RETURNING verification_id, id, channel, sender, sender_reference, look_at";

/// The calls of a verification of which no end is known. `$1` verification.
pub(super) const OPEN_CALLS: &str = "
SELECT verification_id, id, channel, sender, sender_reference, look_at FROM deliveries
 WHERE verification_id = $1 AND channel = 'call' AND state = 'accepted'";

/// `$1` id.
pub(super) const GIVE_BACK_SEND: &str = "
UPDATE verifications SET sends_used = sends_used - 1 WHERE id = $1 AND sends_used > 0";

/// `$1` id, `$2` now. One whose time is over is left to the sweeper, which marks it as expired.
pub(super) const CANCEL: &str = "
UPDATE verifications SET status = 'canceled', ended_at = $2, sealed = NULL, sealed_key = NULL
 WHERE id = $1 AND COALESCE(status = 'pending' AND expires_at > $2, FALSE)";

/// Spends, compares and moves; where the code is the provider's, it only spends. `$1` id, `$2` site, `$3` code MAC, `$4` now, `$5` checks free of waiting, `$6` pacing factor
/// in milliseconds, `$7` the most doublings of it that are still a moment. No row: not evaluated, nothing spent.
pub(super) const SPEND_CHECK: &str = "
UPDATE verifications
   SET attempts_used = attempts_used + 1,
       next_check_at = CASE
           WHEN attempts_used + 1 < $5 OR $6 = 0 THEN next_check_at
           WHEN attempts_used + 1 - $5 < $7 THEN $4 + ($6 << CAST(attempts_used + 1 - $5 AS INTEGER))
           ELSE $4 + ($6 << CAST($7 AS INTEGER)) END,
       checks_unanswered = checks_unanswered + 1,
       status = CASE WHEN checks_unanswered IS NOT NULL THEN 'pending' WHEN code_mac = $3 THEN 'approved'
           WHEN attempts_used + 1 >= attempts_max THEN 'exhausted' ELSE 'pending' END,
       ended_at = CASE WHEN checks_unanswered IS NOT NULL THEN NULL
           WHEN code_mac = $3 OR attempts_used + 1 >= attempts_max THEN $4 END,
       sealed = CASE WHEN checks_unanswered IS NOT NULL THEN sealed
           WHEN code_mac = $3 OR attempts_used + 1 >= attempts_max THEN NULL ELSE sealed END,
       sealed_key = CASE WHEN checks_unanswered IS NOT NULL THEN sealed_key
           WHEN code_mac = $3 OR attempts_used + 1 >= attempts_max THEN NULL ELSE sealed_key END
 WHERE id = $1 AND COALESCE(site = $2 AND status = 'pending' AND expires_at > $4 AND next_check_at <= $4
       AND attempts_used < attempts_max AND (code_mac IS NOT NULL OR checks_unanswered IS NOT NULL), FALSE)
RETURNING status, checks_unanswered, COALESCE(known_subject, number) AS day_of, watched_prefix, country, created_at, watched_sends,
       CASE WHEN watched_sends > 0 THEN (SELECT COUNT(*) FROM breakers AS b
           WHERE b.name IN (watched_prefix, 'country ' || verifications.country) AND b.opened_at IS NOT NULL) ELSE 0 END AS breakers_open";

/// The provider said that a code is right. `$1` id, `$2` now, `$3` the code's MAC, for repeats. No row: it has ended.
pub(super) const APPROVE_ANSWERED: &str = "
UPDATE verifications
   SET status = 'approved', ended_at = $2, code_mac = $3, sealed = NULL, sealed_key = NULL,
       checks_unanswered = checks_unanswered - 1
 WHERE id = $1 AND COALESCE(status = 'pending' AND expires_at > $2 AND checks_unanswered > 0, FALSE)
RETURNING COALESCE(known_subject, number) AS day_of";

/// The provider did not say that a code is right; the verification ends once no check is left or under way. `$1` id, `$2` now.
/// No row: it has ended.
pub(super) const DISMISS_ANSWERED: &str = "
UPDATE verifications
   SET checks_unanswered = checks_unanswered - 1,
       status = CASE WHEN attempts_used >= attempts_max AND checks_unanswered = 1 THEN 'exhausted' ELSE 'pending' END,
       ended_at = CASE WHEN attempts_used >= attempts_max AND checks_unanswered = 1 THEN $2 END,
       sealed = CASE WHEN attempts_used >= attempts_max AND checks_unanswered = 1 THEN NULL ELSE sealed END,
       sealed_key = CASE WHEN attempts_used >= attempts_max AND checks_unanswered = 1 THEN NULL ELSE sealed_key END
 WHERE id = $1 AND COALESCE(status = 'pending' AND checks_unanswered > 0, FALSE)
RETURNING id";

/// The provider takes no more checks: the verification ends once no other than this one is under way. `$1` id, `$2` now, `$3` how
/// it ends, `$4` how many unanswered checks do not count. No row: it has ended.
pub(super) const END_ANSWERED: &str = "
UPDATE verifications
   SET checks_unanswered = CASE WHEN checks_unanswered > 0 THEN checks_unanswered - 1 ELSE 0 END,
       status = CASE WHEN checks_unanswered <= $4 THEN $3 ELSE 'pending' END,
       ended_at = CASE WHEN checks_unanswered <= $4 THEN $2 END,
       sealed = CASE WHEN checks_unanswered <= $4 THEN NULL ELSE sealed END,
       sealed_key = CASE WHEN checks_unanswered <= $4 THEN NULL ELSE sealed_key END
 WHERE id = $1 AND COALESCE(status = 'pending' AND checks_unanswered IS NOT NULL, FALSE)
RETURNING status";

/// Takes back that a check counted as a failure. `$1` site, `$2` number or known subject.
pub(super) const FORGIVE_FAILURES: &str = "
UPDATE numbers SET consecutive_failures = 0 WHERE site = $1 AND number = $2";

/// `$1` verification, `$2` sender.
pub(super) const SENDER_REFERENCE: &str = "
SELECT sender_reference FROM deliveries
 WHERE verification_id = $1 AND sender = $2 AND sender_reference IS NOT NULL ORDER BY sequence DESC LIMIT 1";

/// `$1` site, `$2` number or known subject, `$3` UTC day, `$4` 1 after a failure and 0 after a success, `$5` checks a day, `$6` failures
/// before one a day. No row: the day is spent. A clock that goes back by a day does not refill: the greater day counts. One that
/// lies further ahead is of a clock that was wrong.
pub(super) const SPEND_DAY: &str = "
INSERT INTO numbers AS n (site, number, check_day, checks_used, consecutive_failures) VALUES ($1, $2, $3, 1, $4)
ON CONFLICT (site, number) DO UPDATE
   SET check_day = CASE WHEN n.check_day NOT BETWEEN excluded.check_day AND excluded.check_day + 1
           THEN excluded.check_day ELSE n.check_day END,
       checks_used = CASE WHEN n.check_day NOT BETWEEN excluded.check_day AND excluded.check_day + 1
           THEN 1 ELSE n.checks_used + 1 END,
       consecutive_failures = CASE WHEN excluded.consecutive_failures = 0 THEN 0 ELSE n.consecutive_failures + 1 END
 WHERE n.check_day NOT BETWEEN excluded.check_day AND excluded.check_day + 1
    OR n.checks_used < CASE WHEN n.consecutive_failures >= $6 THEN 1 ELSE $5 END
RETURNING checks_used, consecutive_failures";

/// `$1` jti, `$2` verification, `$3` site, `$4` issued at, `$5` expires at.
pub(super) const INSERT_TOKEN: &str = "
INSERT INTO tokens (jti, verification_id, site, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5)";

/// Whether it was approved by this code, and not long ago. `$1` id, `$2` code MAC, `$3` the earliest end.
pub(super) const APPROVED_BY: &str = "
SELECT id FROM verifications
 WHERE id = $1 AND COALESCE(status = 'approved' AND code_mac = $2 AND ended_at >= $3, FALSE)";

/// `$1` jti, `$2` site, `$3` now.
pub(super) const REDEEM: &str = "
UPDATE tokens SET redeemed_at = $3
 WHERE jti = $1 AND COALESCE(site = $2 AND redeemed_at IS NULL AND expires_at > $3, FALSE)
RETURNING jti";

/// `$1` jti, `$2` site.
pub(super) const WAS_REDEEMED: &str = "
SELECT jti FROM tokens WHERE jti = $1 AND site = $2 AND redeemed_at IS NOT NULL";

/// `$1` key, `$2` to `$4` the increments of the windows.
pub(super) const GIVE_BACK_LIMIT: &str = "
UPDATE limits SET arrival_1 = arrival_1 - $2, arrival_2 = arrival_2 - $3, arrival_3 = arrival_3 - $4 WHERE key = $1";

/// When the next place of a limit is free. `$1` key, `$2` when.
pub(super) const NEXT_PLACE: &str = "UPDATE limits SET arrival_3 = $2 WHERE key = $1";

/// `$1` number, `$2` kind, `$3` until.
pub(super) const KEEP_LINE: &str = "
INSERT INTO lines (number, kind, until) VALUES ($1, $2, $3)
ON CONFLICT (number) DO UPDATE SET kind = excluded.kind, until = excluded.until";

/// `$1` number, `$2` now.
pub(super) const FIND_LINE: &str = "SELECT kind FROM lines WHERE number = $1 AND COALESCE(until > $2, FALSE)";

/// `$1` reference, `$2` now. No row: it was taken before.
pub(super) const TAKE_OPT_OUT_MESSAGE: &str = "
INSERT INTO opt_out_messages (reference, taken_at) VALUES ($1, $2) ON CONFLICT (reference) DO NOTHING RETURNING reference";

/// `$1` number, `$2` now.
pub(super) const INSERT_OPT_OUT: &str = "
INSERT INTO opt_outs (number, since) VALUES ($1, $2) ON CONFLICT (number) DO NOTHING";

/// `$1` number.
pub(super) const DELETE_OPT_OUT: &str = "DELETE FROM opt_outs WHERE number = $1";

/// `$1` number.
pub(super) const FIND_OPT_OUT: &str = "SELECT since FROM opt_outs WHERE number = $1";

/// `$1` id, `$2` until when.
pub(super) const USE_PROOF: &str = "
INSERT INTO used_proofs (id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";

/// `$1` fingerprint.
pub(super) const WRITE_FINGERPRINT: &str = "
INSERT INTO meta (name, value) VALUES ('key_fingerprint', $1) ON CONFLICT (name) DO NOTHING";

/// The fingerprint as written first.
pub(super) const READ_FINGERPRINT: &str = "SELECT value FROM meta WHERE name = 'key_fingerprint'";

/// Writes something that nobody reads, to see whether it can be written.
pub(super) const PROBE: &str = "
INSERT INTO meta (name, value) VALUES ('probe', '') ON CONFLICT (name) DO UPDATE SET value = excluded.value";
