//! Sends commit without keeping others waiting for the disk, and are answered when the disk has them.

use crate::cluster::{Cluster, fresh_database};
use crate::fixtures::*;
use phone_verify::store::{CheckAttempt, NewVerification, PostgresStore, Store};
use phone_verify_domain::Status;
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
        crash(&mut cluster, &store).await?;
        for name in names.clone() {
            let record = store.find(id(name)).await?;
            let sends = record.map(|record| record.facts.sends_used);
            assert_eq!(sends, Some(if name == last { 2 } else { 1 }), "the start {name}");
        }
        let code = |name| if name % 2 == 0 { RIGHT } else { WRONG };
        let checks = names.clone().map(async |name| {
            let attempt = CheckAttempt {
                jti: format!("jti-{name}"),
                ..check(name, code(name))?
            };
            Result::Ok(store.check(attempt).await?)
        });
        futures::future::try_join_all(checks).await?;
        crash(&mut cluster, &store).await?;
        for name in names {
            let facts = found(&store, name).await?.facts;
            let is_approved = facts.status == Status::Approved;
            assert_eq!(
                (facts.attempts_used, is_approved),
                (1, name % 2 == 0),
                "the check {name}"
            );
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
    the_disk_answers(&mut operator, false).await?;
    nothing_comes_to_disk(&url, &mut operator).await?;
    let starts: Vec<_> = (1..=3)
        .map(|name| {
            let store = store.clone();
            tokio::spawn(async move { started(store.as_ref(), one_of_many(name)?).await })
        })
        .collect();
    // Each took of the limit after the one before had let go of its row.
    until(async || Ok(count(&mut operator, "verifications").await? == 3)).await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(starts.iter().all(|start| !start.is_finished()));
    the_disk_answers(&mut operator, true).await?;
    for start in starts {
        start.await??;
    }

    the_disk_answers(&mut operator, false).await?;
    nothing_comes_to_disk(&url, &mut operator).await?;
    let asked = store.clone();
    let checking = tokio::spawn(async move { checked(asked.as_ref(), check(1, RIGHT)?).await });
    until(async || Ok(count(&mut operator, "verifications WHERE status = 'approved'").await? == 1)).await?;
    // Whoever reads of the approval meanwhile might be told of what is lost in the next moment.
    let asked = store.clone();
    let reading = tokio::spawn(async move { found(asked.as_ref(), 1).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!checking.is_finished() && !reading.is_finished());
    assert_eq!(found(store.as_ref(), 2).await?.facts.status, Status::Pending);
    the_disk_answers(&mut operator, true).await?;
    assert_eq!(checking.await??, "approved");
    assert_eq!(reading.await??.facts.status, Status::Approved);
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

async fn crash(cluster: &mut Cluster, store: &PostgresStore) -> Result {
    cluster.stop()?;
    cluster.start_again()?;
    until(async || Ok(store.ready().await.is_ok())).await
}

async fn until(mut is_so: impl AsyncFnMut() -> Result<bool>) -> Result {
    tokio::time::timeout(Duration::from_secs(20), async {
        while !is_so().await? {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    })
    .await?
}

/// Whether commits come to their end, or wait for a replica that there is not.
async fn the_disk_answers(operator: &mut PgConnection, answers: bool) -> Result {
    let setting = if answers {
        "ALTER SYSTEM RESET synchronous_standby_names"
    } else {
        "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"
    };
    for statement in [setting, "SELECT pg_reload_conf()"] {
        sqlx::raw_sql(statement).execute(&mut *operator).await?;
    }
    Ok(())
}

/// Returns when something waits for the disk: the database's processes learn of a setting one after the other.
async fn nothing_comes_to_disk(url: &str, operator: &mut PgConnection) -> Result {
    let mut session = PgConnection::connect(url).await?;
    tokio::spawn(async move {
        let message = "SELECT pg_logical_emit_message(TRUE, 'test', '')";
        while sqlx::raw_sql(message).execute(&mut session).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    until(async || Ok(count(operator, "pg_stat_activity WHERE wait_event = 'SyncRep'").await? > 0)).await
}

async fn count(operator: &mut PgConnection, rows: &str) -> Result<i64> {
    let count = AssertSqlSafe(format!("SELECT count(*) FROM {rows}"));
    Ok(sqlx::query_scalar(count).fetch_one(operator).await?)
}
