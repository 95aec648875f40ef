use super::{Connection, Result};
use crate::store::{Redeemed, sql};
use phone_verify_domain::{SiteKey, Timestamp};

/// Redeems a token once.
pub(in super::super) async fn redeem(
    connection: &mut Connection,
    site: &SiteKey,
    jti: &str,
    now: Timestamp,
) -> Result<Redeemed> {
    let redeemed = sqlx::query(sql::REDEEM)
        .bind(jti)
        .bind(site.as_str())
        .bind(now.as_millis())
        .fetch_optional(&mut *connection)
        .await?;
    if redeemed.is_some() {
        return Ok(Redeemed::Now);
    }
    let before = sqlx::query(sql::WAS_REDEEMED)
        .bind(jti)
        .bind(site.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(if before.is_some() {
        Redeemed::Before
    } else {
        Redeemed::Unknown
    })
}
