//! A database server that dies and comes back.

use crate::cluster::Cluster;
use crate::fixtures::*;
use phone_verify::store::{PostgresStore, Store};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_down_all_is_denied_and_afterwards_nothing_is_lost() -> Result {
    let mut cluster = Cluster::start()?;
    let store = PostgresStore::open(&cluster.url("postgres")).await?;
    let mut start = new(1)?;
    start.attempts_max = 100;
    started(&store, start).await?;
    // As many connections as there are in use when it dies.
    let attempt = check(1, WRONG)?;
    let checks = futures::future::join_all((0..32).map(|_| store.check(attempt.clone()))).await;
    assert!(checks.iter().all(std::result::Result::is_ok));

    cluster.stop()?;
    let (checked_now, started_now, ready) =
        futures::join!(store.check(attempt.clone()), store.start(new(2)?), store.ready());
    assert!(checked_now.is_err() && started_now.is_err() && ready.is_err());

    cluster.start_again()?;
    tokio::time::timeout(Duration::from_secs(5), async {
        while store.ready().await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await?;
    let record = found(&store, 1).await?;
    assert_eq!((record.facts.attempts_used, record.day.used), (32, 32));
    assert!(store.find(id(2)).await?.is_none());
    assert_eq!(checked(&store, check(1, RIGHT)?).await?, "approved");
    Ok(())
}
