use super::check::{before, same_token_since};
use super::{Connection, Result, announce, row};
use crate::store::swept::{Reached, SweptTo};
use crate::store::{LimitKey, Listeners, Retention, Sweep, sql};
use phone_verify_domain::{CheckPolicy, Timestamp, VerificationId};
use sqlx::{Connection as _, Row as _};
use std::time::Duration;

/// Rows of one kind that one call touches.
const ROWS: i64 = 500;

/// For how long events are kept, sent or not: longer than they are tried.
const WEBHOOKS_KEPT_FOR: Duration = Duration::from_hours(24 * 7);

/// For how long a breaker that nothing meets is kept: the longest window.
const BREAKERS_KEPT_FOR: Duration = Duration::from_hours(24);

/// For how long it can be read what was spent: the same month a year ago, to its end.
const BUDGETS_KEPT_FOR: Duration = Duration::from_hours(24 * 400);

/// For how long it can be read what was done on the operator's pages: a year, as auditors ask for (PCI DSS 4.0, 10.5.1).
const ADMIN_LOG_KEPT_FOR: Duration = Duration::from_hours(24 * 365);

/// For how long a provider may report the same incoming message again: Twilio gives up after seconds, whoever replays one
/// from its console after days.
const REPORTED_AGAIN_FOR: Duration = Duration::from_hours(24 * 7);

/// For how long a number that was imported as a hash waits to be typed again.
const LEGACY_KEPT_FOR: Duration = Duration::from_hours(24 * 365);

/// Marks and deletes what is over.
pub(in super::super) async fn sweep(
    connection: &mut Connection,
    now: Timestamp,
    retention: Retention,
    from: &Reached,
    listeners: &Listeners,
) -> Result<SweptTo> {
    let mut transaction = connection.begin().await?;
    let expired = expire(&mut transaction, now).await?;
    announce::expired(&mut transaction, listeners, &expired).await?;
    let mut changed = expired.len() as u64;
    let ended = before(now, retention.verifications);
    let steps = [
        (sql::sweep::FORGET_CODES, same_token_since(now).as_millis()),
        (sql::sweep::GIVE_UP_DELIVERIES, now.as_millis()),
        (sql::sweep::DELETE_VERIFICATIONS, ended.as_millis()),
        (sql::sweep::DELETE_IDEMPOTENCY, now.as_millis()),
        (sql::sweep::DELETE_USED_PROOFS, now.as_millis()),
        (sql::sweep::DELETE_LINES, now.as_millis()),
        (sql::operator::DELETE_ADMIN_SESSIONS, now.as_millis()),
        (
            sql::operator::DELETE_ADMIN_LOG,
            before(now, ADMIN_LOG_KEPT_FOR).as_millis(),
        ),
        (
            sql::decisions::DELETE_DECISIONS,
            before(now, retention.decisions).as_millis(),
        ),
        (
            sql::webhooks::DELETE_WEBHOOKS,
            before(now, WEBHOOKS_KEPT_FOR).as_millis(),
        ),
        (
            sql::breakers::DELETE_BREAKERS,
            before(now, BREAKERS_KEPT_FOR).as_millis(),
        ),
        (
            sql::budgets::DELETE_BUDGETS,
            before(now, BUDGETS_KEPT_FOR).as_millis(),
        ),
        (
            sql::sweep::DELETE_OPT_OUT_MESSAGES,
            before(now, REPORTED_AGAIN_FOR).as_millis(),
        ),
        (
            sql::import::SWEEP_LEGACY,
            before(now, LEGACY_KEPT_FOR).as_millis(),
        ),
    ];
    for (statement, until) in steps {
        let done = sqlx::query(statement)
            .bind(until)
            .bind(ROWS)
            .execute(&mut *transaction)
            .await?;
        changed += done.rows_affected();
    }
    changed += delete_tokens(&mut transaction, now, retention).await?;
    // Whoever comes late is told that the session has expired for as long as its tokens are kept.
    changed += sqlx::query(sql::hosts::DELETE_SESSIONS)
        .bind(before(now, retention.tokens).as_millis())
        .bind(ROWS)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    let (numbers, number) = delete_numbers(&mut transaction, (now, retention), &from.number).await?;
    let (limits, limit) = delete_limits(&mut transaction, now, from.limit).await?;
    transaction.commit().await?;
    Ok(SweptTo {
        sweep: Sweep {
            changed: changed + numbers + limits,
            expired,
        },
        reached: Reached { limit, number },
    })
}

/// Marks those whose time is over.
async fn expire(connection: &mut Connection, now: Timestamp) -> Result<Vec<VerificationId>> {
    let rows = sqlx::query(sql::sweep::EXPIRE)
        .bind(now.as_millis())
        .bind(ROWS)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| row::bytes(row, "id").map(VerificationId::from_bytes))
        .collect()
}

/// Tokens stay as long as the right code may ask for them again.
async fn delete_tokens(connection: &mut Connection, now: Timestamp, retention: Retention) -> Result<u64> {
    let done = sqlx::query(sql::sweep::DELETE_TOKENS)
        .bind(before(now, retention.tokens).as_millis())
        .bind(ROWS)
        .bind(same_token_since(now).as_millis())
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Goes through the numbers in stretches. What limits a number to one check a day stays until a success.
async fn delete_numbers(
    connection: &mut Connection,
    (now, retention): (Timestamp, Retention),
    (site, number): &(String, Vec<u8>),
) -> Result<(u64, (String, Vec<u8>))> {
    let last = sqlx::query(sql::sweep::STRETCH_OF_NUMBERS)
        .bind(site)
        .bind(number)
        .bind(ROWS - 1)
        .fetch_optional(&mut *connection)
        .await?;
    let reached = match last {
        Some(row) => (row.try_get("site")?, row.try_get("number")?),
        None => Reached::FIRST_NUMBER,
    };
    let done = sqlx::query(sql::sweep::DELETE_NUMBERS)
        .bind(site)
        .bind(number)
        .bind(ROWS)
        .bind(now.utc_day())
        .bind(before(now, retention.failures).utc_day())
        .bind(i64::from(CheckPolicy::FAILURES_BEFORE_ONE_A_DAY))
        .execute(connection)
        .await?;
    Ok((done.rows_affected(), reached))
}

/// Goes through the limits in stretches: an index on when they may go would cost every use of every limit a write.
async fn delete_limits(
    connection: &mut Connection,
    now: Timestamp,
    from: LimitKey,
) -> Result<(u64, LimitKey)> {
    let last = sqlx::query(sql::sweep::STRETCH_OF_LIMITS)
        .bind(from.0.as_slice())
        .bind(ROWS - 1)
        .fetch_optional(&mut *connection)
        .await?;
    let (upto, reached) = match last {
        Some(row) => {
            let key = LimitKey(row::bytes(&row, "key")?);
            (key, key)
        }
        None => (Reached::LAST_LIMIT, Reached::FIRST_LIMIT),
    };
    let done = sqlx::query(sql::sweep::DELETE_LIMITS)
        .bind(now.as_millis())
        .bind(from.0.as_slice())
        .bind(upto.0.as_slice())
        .execute(connection)
        .await?;
    Ok((done.rows_affected(), reached))
}
