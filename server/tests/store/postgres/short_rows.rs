//! What is added to a breaker's row does not make it longer and longer.

use crate::behaviours::breaker::{SHORT, begun_and_then_approved};
use crate::cluster::fresh_database;
use crate::fixtures::*;
use phone_verify::store::PostgresStore;
use sqlx::{Connection as _, PgConnection};

#[tokio::test(flavor = "multi_thread")]
async fn breakers_rows_stay_short_whatever_is_added_to_them() -> Result {
    let url = fresh_database().await?;
    begun_and_then_approved(&PostgresStore::open_with(&url, patient()).await?, 100).await?;
    let mut operator = PgConnection::connect(&url).await?;
    let longest: i64 = sqlx::query_scalar("SELECT CAST(MAX(LENGTH(counts)) AS BIGINT) FROM breakers")
        .fetch_one(&mut operator)
        .await?;
    assert!((1..=SHORT).contains(&longest), "{longest} bytes");
    Ok(())
}
