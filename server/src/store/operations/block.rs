use super::{Connection, Result};
use crate::store::{LimitKey, NumberIndex, sql};
use phone_verify_domain::{SiteKey, Timestamp};

/// Blocks a number; says whether it was not blocked before.
pub(in super::super) async fn block(
    connection: &mut Connection,
    number: LimitKey,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query(sql::hosts::INSERT_BLOCK)
        .bind(number.0.as_slice())
        .bind(now.as_millis())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends a block; says whether there was one.
pub(in super::super) async fn unblock(connection: &mut Connection, number: LimitKey) -> Result<bool> {
    let done = sqlx::query(sql::hosts::DELETE_BLOCK)
        .bind(number.0.as_slice())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether a number is blocked under one of two keys.
pub(in super::super) async fn blocked(connection: &mut Connection, either: [LimitKey; 2]) -> Result<bool> {
    let [one, other] = either;
    let found = sqlx::query(sql::hosts::FIND_BLOCK)
        .bind(one.0.as_slice())
        .bind(other.0.as_slice())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

/// Cancels all live verifications of a number; says how many.
pub(in super::super) async fn cancel_all(
    connection: &mut Connection,
    site: &SiteKey,
    number: NumberIndex,
    now: Timestamp,
) -> Result<u64> {
    let done = sqlx::query(sql::CANCEL_OLDEST)
        .bind(site.as_str())
        .bind(number.0.as_slice())
        .bind(now.as_millis())
        .bind(0_i64)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}
