//! The database and what is in it.

use crate::cluster::fresh_database;
use crate::fixtures::*;
use phone_verify::config::Config;
use phone_verify::store::{PostgresStore, Store};
use sqlx::{Connection as _, PgConnection};

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_may_open_a_new_database_at_once() -> Result {
    let url = fresh_database().await?;
    let opened = futures::future::try_join_all((0..4).map(|_| PostgresStore::open(&url))).await?;
    for (name, store) in (0..).zip(&opened) {
        started(store, new(name)?).await?;
    }
    for store in &opened {
        assert_eq!(found(store, 3).await?.facts.sends_used, 1);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_does_not_answer_is_refused() -> Result {
    for url in [
        "postgres://test@localhost/none?host=/nowhere",
        "sqlite://a-file",
        "postgres",
    ] {
        assert!(PostgresStore::open(url).await.is_err(), "{url}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_a_later_version_are_refused() -> Result {
    let url = fresh_database().await?;
    drop(PostgresStore::open(&url).await?);
    let mut connection = PgConnection::connect(&url).await?;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         SELECT 9999, 'later', TRUE, checksum, 0 FROM _sqlx_migrations LIMIT 1",
    )
    .execute(&mut connection)
    .await?;
    let error = PostgresStore::open(&url).await.err().ok_or("opened")?;
    assert!(error.to_string().contains("9999"), "{error}");
    Ok(())
}

/// The second lock: even a statement that forgets its condition cannot count beyond a maximum.
#[tokio::test(flavor = "multi_thread")]
async fn the_tables_refuse_what_the_transactions_never_write() -> Result {
    let url = fresh_database().await?;
    let store = PostgresStore::open(&url).await?;
    started(&store, new(1)?).await?;
    checked(&store, check(1, WRONG)?).await?;
    let mut connection = PgConnection::connect(&url).await?;
    for statement in [
        "UPDATE verifications SET attempts_used = attempts_max + 1",
        "UPDATE verifications SET attempts_used = -1",
        "UPDATE verifications SET sends_used = sends_max + 1",
        "UPDATE verifications SET status = 'approved'",
        "UPDATE verifications SET status = 'exhausted', ended_at = 1",
        "UPDATE verifications SET status = 'other', ended_at = 1, sealed = NULL, sealed_key = NULL",
        "UPDATE verifications SET code_mac = '\\x00'",
        "UPDATE deliveries SET state = 'other'",
        "UPDATE deliveries SET verification_id = '\\x00'",
        "UPDATE numbers SET checks_used = -1",
    ] {
        let done = sqlx::raw_sql(statement).execute(&mut connection).await;
        assert!(done.is_err(), "{statement}");
    }
    Ok(())
}

/// A transaction that another one holds up is denied in time, and leaves nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_row_denies_and_recovers() -> Result {
    let url = fresh_database().await?;
    let store = PostgresStore::open(&url).await?;
    started(&store, new(1)?).await?;
    let mut other = PgConnection::connect(&url).await?;
    let mut transaction = other.begin().await?;
    sqlx::query("SELECT id FROM verifications FOR UPDATE")
        .execute(&mut *transaction)
        .await?;
    assert!(store.check(check(1, WRONG)?).await.is_err());
    assert_eq!(found(&store, 1).await?.facts.attempts_used, 0, "readers go on");
    transaction.rollback().await?;
    assert_eq!(checked(&store, check(1, WRONG)?).await?, "wrong");
    assert_eq!(found(&store, 1).await?.facts.attempts_used, 1);
    Ok(())
}

/// Of two sweepers one sweeps.
#[tokio::test(flavor = "multi_thread")]
async fn while_another_process_sweeps_a_sweep_does_nothing() -> Result {
    let url = fresh_database().await?;
    let store = PostgresStore::open(&url).await?;
    started(&store, new(1)?).await?;
    let mut other = PgConnection::connect(&url).await?;
    let mut transaction = other.begin().await?;
    // The name of the lock: `pvsweep` in ASCII.
    sqlx::query("SELECT pg_advisory_xact_lock(x'70767377656570'::BIGINT)")
        .execute(&mut *transaction)
        .await?;
    assert_eq!(store.sweep(NOON + TTL, RETENTION).await?.changed, 0);
    let left_open: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'",
    )
    .fetch_one(&mut *transaction)
    .await?;
    assert_eq!(
        left_open, 0,
        "what it had begun was taken back before it was answered"
    );
    transaction.rollback().await?;
    assert!(store.sweep(NOON + TTL, RETENTION).await?.changed > 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_url_in_the_settings_picks_the_database() -> Result {
    let url = fresh_database().await?;
    let variables = [("PHONE_VERIFY__DATABASE__URL".to_owned(), url.clone())];
    let config = Config::parse(None, &variables.into())?;
    assert!(!format!("{config:?}").contains(&url), "it may hold a password");
    let store = phone_verify::compose::open_store(&config).await?;
    started(&*store, new(1)?).await?;
    assert_eq!(
        found(&PostgresStore::open(&url).await?, 1)
            .await?
            .facts
            .sends_used,
        1
    );
    Ok(())
}
