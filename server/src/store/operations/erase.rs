use super::{Connection, Result, row};
use crate::store::NumberIndex;
use crate::store::sql::hosts as sql;
use phone_verify_domain::SiteKey;
use sqlx::Connection as _;
use std::collections::BTreeSet;

/// Deletes all that a site knows of a number but what limits it; says how many rows went.
pub(in super::super) async fn erase_number(
    connection: &mut Connection,
    site: &SiteKey,
    number: NumberIndex,
) -> Result<u64> {
    let mut transaction = connection.begin().await?;
    let mut erased = 0;
    sqlx::query(sql::LOCK_VERIFICATIONS_OF)
        .bind(site.as_str())
        .bind(number.0.as_slice())
        .execute(&mut *transaction)
        .await?;
    for statement in sql::ERASE_NUMBER {
        let done = sqlx::query(statement)
            .bind(site.as_str())
            .bind(number.0.as_slice())
            .execute(&mut *transaction)
            .await?;
        erased += done.rows_affected();
    }
    transaction.commit().await?;
    Ok(erased)
}

/// The sealing keys that something is sealed with.
pub(in super::super) async fn sealing_keys(connection: &mut Connection) -> Result<BTreeSet<u32>> {
    let rows = sqlx::query(sql::SEALING_KEYS).fetch_all(connection).await?;
    rows.iter().map(|row| row::whole(row, "id")).collect()
}

/// The sites that something erasable is kept of.
pub(in super::super) async fn sites(connection: &mut Connection) -> Result<Vec<SiteKey>> {
    let rows = sqlx::query(sql::SITES).fetch_all(connection).await?;
    rows.iter()
        .map(|row| row::word(row, "site", SiteKey::parse))
        .collect()
}
