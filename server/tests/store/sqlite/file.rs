//! The file and what is in it.

use super::{open, url};
use crate::behaviours::breaker::{SHORT, begun_and_then_approved};
use crate::fixtures::*;
use phone_verify::store::{SqliteStore, Store};
use sqlx::{Connection as _, Row as _, SqliteConnection};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn missing_folders_and_the_file_are_made() -> Result {
    let folder = tempfile::tempdir()?;
    let deep = folder.path().join("a").join("b");
    started(&open(&deep).await?, new(1)?).await?;
    assert!(deep.join("phone-verify.db").is_file());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_again_finds_everything_as_it_was() -> Result {
    let folder = tempfile::tempdir()?;
    let key = idempotency("a-key", 1, NOON)?;
    let attempt = check(2, RIGHT)?;
    let limits = vec![limit("number", 20, windows(3, DAY))];
    {
        let store = open(folder.path()).await?;
        let mut start = new(1)?;
        start.idempotency = Some(key.clone());
        start.limits.clone_from(&limits);
        started(&store, start).await?;
        store.settle(accepted(1, 1, NOON)).await?;
        checked(&store, check(1, WRONG)?).await?;
        started(&store, new(2)?).await?;
        store.check(attempt.clone()).await?;
        store.redeem(&site()?, &attempt.jti, NOON).await?;
        assert!(store.keys_match("fingerprint").await?);
    }
    let store = open(folder.path()).await?;
    let record = found(&store, 1).await?;
    assert_eq!(record.facts.attempts_used, 1);
    assert_eq!(record.facts.delivery_state.as_str(), "accepted");
    assert_eq!((record.day.used, record.day.consecutive_failures), (2, 0));
    assert_eq!(found(&store, 2).await?.token.ok_or("no token")?.jti, attempt.jti);
    let redeemed = store.redeem(&site()?, &attempt.jti, NOON).await?;
    assert_eq!(redeemed, phone_verify::store::Redeemed::Before);
    assert!(!store.keys_match("another").await?);
    assert_ne!(store.limits(&[limit_key(20)]).await?, [[None; 3]]);
    let mut start = new(3)?;
    start.idempotency = Some(key);
    assert_eq!(word_of_start(&store.start(start).await?), "repeated");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_may_open_a_new_file_at_once() -> Result {
    let folder = tempfile::tempdir()?;
    let opened = futures::future::try_join_all((0..4).map(|_| open(folder.path()))).await?;
    for (name, store) in (0..).zip(&opened) {
        started(store, new(name)?).await?;
    }
    for store in &opened {
        assert_eq!(found(store, 3).await?.facts.sends_used, 1);
    }
    Ok(())
}

/// SQLite waits for nobody where it changes a file to a log of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_another_process_writes_to_opens_when_that_is_done() -> Result {
    let folder = tempfile::tempdir()?;
    let mut other = SqliteConnection::connect(&format!("{}?mode=rwc", url(folder.path()))).await?;
    sqlx::raw_sql("BEGIN IMMEDIATE; CREATE TABLE another (name TEXT)")
        .execute(&mut other)
        .await?;
    let opened = tokio::spawn({
        let folder = folder.path().to_owned();
        async move { open(&folder).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    sqlx::raw_sql("COMMIT").execute(&mut other).await?;
    started(&opened.await??, new(1)?).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_without_a_file_or_a_folder_in_its_place_is_refused() -> Result {
    let folder = tempfile::tempdir()?;
    let in_the_way = format!("sqlite://{}", folder.path().display());
    for url in [
        "sqlite::memory:",
        "sqlite://",
        "postgres://localhost/db",
        &in_the_way,
    ] {
        assert!(SqliteStore::open(url).await.is_err(), "{url}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_a_later_version_are_refused() -> Result {
    let folder = tempfile::tempdir()?;
    drop(open(folder.path()).await?);
    let mut connection = SqliteConnection::connect(&url(folder.path())).await?;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         SELECT 9999, 'later', TRUE, checksum, 0 FROM _sqlx_migrations LIMIT 1",
    )
    .execute(&mut connection)
    .await?;
    let error = open(folder.path()).await.err().ok_or("opened")?;
    assert!(error.to_string().contains("9999"), "{error}");
    Ok(())
}

/// The second lock: even a statement that forgets its condition cannot count beyond a maximum.
#[tokio::test(flavor = "multi_thread")]
async fn the_tables_refuse_what_the_transactions_never_write() -> Result {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path()).await?;
    started(&store, new(1)?).await?;
    checked(&store, check(1, WRONG)?).await?;
    let mut connection = SqliteConnection::connect(&url(folder.path())).await?;
    for statement in [
        "UPDATE verifications SET attempts_used = attempts_max + 1",
        "UPDATE verifications SET attempts_used = -1",
        "UPDATE verifications SET sends_used = sends_max + 1",
        "UPDATE verifications SET status = 'approved'",
        "UPDATE verifications SET status = 'exhausted', ended_at = 1",
        "UPDATE verifications SET status = 'other', ended_at = 1, sealed = NULL, sealed_key = NULL",
        "UPDATE verifications SET expires_at = 'soon'",
        "UPDATE verifications SET code_mac = x'00'",
        "UPDATE deliveries SET state = 'other'",
        "UPDATE numbers SET checks_used = -1",
        "DELETE FROM verifications; INSERT INTO deliveries SELECT id, 1, 'x', 'sms', 'x', NULL, 'sending', NULL, 'x', 1, 1, NULL
           FROM (SELECT x'00' AS id)",
    ] {
        let mut transaction = connection.begin().await?;
        let done = sqlx::raw_sql(statement).execute(&mut *transaction).await;
        assert!(done.is_err(), "{statement}");
        transaction.rollback().await?;
    }
    Ok(())
}

/// A number, a code or what is sealed is in no table; nor is anything left of an ended verification's code.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_s_mac_is_gone_two_minutes_after_the_end() -> Result {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path()).await?;
    started(&store, new(1)?).await?;
    store.cancel(id(1), NOON).await?;
    let mut connection = SqliteConnection::connect(&url(folder.path())).await?;
    for (millis, kept) in [(120_000, true), (120_001, false)] {
        store
            .sweep(NOON + Duration::from_millis(millis), RETENTION)
            .await?;
        let row = sqlx::query("SELECT code_mac IS NOT NULL AS kept FROM verifications")
            .fetch_one(&mut connection)
            .await?;
        assert_eq!(row.try_get::<bool, _>("kept")?, kept, "after {millis} ms");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn breakers_rows_stay_short_whatever_is_added_to_them() -> Result {
    let folder = tempfile::tempdir()?;
    begun_and_then_approved(&open(folder.path()).await?, 100).await?;
    let mut operator = SqliteConnection::connect(&url(folder.path())).await?;
    let longest: i64 = sqlx::query_scalar("SELECT MAX(LENGTH(counts)) FROM breakers")
        .fetch_one(&mut operator)
        .await?;
    assert!((1..=SHORT).contains(&longest), "{longest} bytes");
    Ok(())
}
