//! Sends commit without keeping others waiting for the disk, and are answered when the disk has them.

use crate::cluster::{Cluster, fresh_database};
use crate::fixtures::*;
use phone_verify::store::{NewVerification, PostgresStore, Store};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::sync::Arc;
use std::time::Duration;

/// One of many starts with numbers of their own that take of the same limit.
fn one_of_many(name: u32) -> Result<NewVerification> {
    let mut start = new(name)?;
    start.number = number(name);
    start.limits = vec![
        limit("number", 10_000 + name, windows(100, DAY)),
        limit("site", 1, windows(10_000, DAY)),
    ];
    Ok(start)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_survives_a_crash_in_the_same_moment() -> Result {
    let mut cluster = Cluster::start()?;
    let store = PostgresStore::open(&cluster.url("postgres")).await?;
    let mut last = 0;
    for _ in 0..rounds() {
        let names = last + 1..last + 33;
        last += 32;
        let starts = names
            .clone()
            .map(async |name| started(&store, one_of_many(name)?).await);
        futures::future::try_join_all(starts).await?;
        resent(&store, new_delivery(last, last + 1_000, NOON)?).await?;
        cluster.stop()?;
        cluster.start_again()?;
        until_ready(&store).await?;
        for name in names {
            let record = store.find(id(name)).await?;
            let sends = record.map(|record| record.facts.sends_used);
            assert_eq!(sends, Some(if name == last { 2 } else { 1 }), "the start {name}");
        }
    }
    Ok(())
}

/// The database waits for a replica that never comes, as for a disk that does not answer.
#[tokio::test(flavor = "multi_thread")]
async fn rows_are_let_go_of_before_the_disk_has_them_and_nobody_is_answered_before() -> Result {
    let cluster = Cluster::start()?;
    let url = cluster.url("postgres");
    let store = Arc::new(PostgresStore::open_with(&url, patient()).await?);
    let mut operator = PgConnection::connect(&url).await?;
    sqlx::raw_sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        .execute(&mut operator)
        .await?;
    reload(&mut operator).await?;
    let starts: Vec<_> = (1..=3)
        .map(|name| {
            let store = store.clone();
            tokio::spawn(async move { started(store.as_ref(), one_of_many(name)?).await })
        })
        .collect();
    // Each took of the limit after the one before had let go of its row.
    tokio::time::timeout(Duration::from_secs(20), async {
        while written(&mut operator).await? < 3 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Result::Ok(())
    })
    .await??;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(starts.iter().all(|start| !start.is_finished()));
    sqlx::raw_sql("ALTER SYSTEM RESET synchronous_standby_names")
        .execute(&mut operator)
        .await?;
    reload(&mut operator).await?;
    for start in starts {
        start.await??;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_user_without_rights_of_an_administrator_can_start_and_so_can_one_who_may_not_write_messages()
-> Result {
    let url = fresh_database().await?;
    let mut administrator = PgConnection::connect(&url).await?;
    let (database,): (String,) = sqlx::query_as("SELECT current_database()")
        .fetch_one(&mut administrator)
        .await?;
    let role = format!("plain_{database}");
    let make = format!("CREATE ROLE {role} LOGIN; ALTER DATABASE {database} OWNER TO {role}");
    sqlx::raw_sql(AssertSqlSafe(make))
        .execute(&mut administrator)
        .await?;
    let url = url.replace("test@", &format!("{role}@"));
    let store = PostgresStore::open(&url).await?;
    started(&store, one_of_many(1)?).await?;

    sqlx::raw_sql("REVOKE EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, text) FROM PUBLIC")
        .execute(&mut administrator)
        .await?;
    let store = PostgresStore::open(&url).await?;
    started(&store, one_of_many(2)?).await?;
    resent(&store, new_delivery(2, 1_000, NOON)?).await?;
    Ok(())
}

async fn until_ready(store: &PostgresStore) -> Result {
    tokio::time::timeout(Duration::from_secs(10), async {
        while store.ready().await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await?;
    Ok(())
}

async fn reload(operator: &mut PgConnection) -> Result {
    sqlx::raw_sql("SELECT pg_reload_conf()").execute(operator).await?;
    Ok(())
}

async fn written(operator: &mut PgConnection) -> Result<i64> {
    let count = sqlx::query_scalar("SELECT count(*) FROM verifications");
    Ok(count.fetch_one(operator).await?)
}
