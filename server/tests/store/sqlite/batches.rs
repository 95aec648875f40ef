//! What waits is committed together, and yet each for itself.

use super::open;
use crate::fixtures::*;
use phone_verify::store::{NewVerification, Store};
use std::time::Duration;

const AT_ONCE: u32 = 16;

async fn start_at_once(store: &dyn Store, starts: Vec<NewVerification>) -> Vec<&'static str> {
    let starts = starts.into_iter().map(|start| async {
        match store.start(start).await {
            Ok(outcome) => word_of_start(&outcome),
            Err(_) => "error",
        }
    });
    futures::future::join_all(starts).await
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_parallel_starts_share_commits() -> Result {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path()).await?;
    let starts = (0..AT_ONCE).map(new).collect::<Result<_>>()?;
    let words = start_at_once(&store, starts).await;
    assert!(words.iter().all(|word| *word == "started"), "{words:?}");
    let statistics = store.writer_statistics();
    assert_eq!(statistics.operations, u64::from(AT_ONCE));
    assert!(statistics.commits < statistics.operations, "{statistics:?}");
    assert!(statistics.largest_batch > 1, "{statistics:?}");
    Ok(())
}

/// Every other start of a batch is refused by a limit or fails on an id that is taken.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_in_a_batch_changes_nothing_and_its_neighbours_go_on() -> Result {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path()).await?;
    started(&store, new(1_000)?).await?;
    let hour = Duration::from_hours(1);
    let mut full = new(1_001)?;
    full.limits = vec![limit("full", 7, windows(1, hour))];
    started(&store, full).await?;

    let starts = (0..AT_ONCE).map(|name| -> Result<_> {
        let mut start = new(if name % 4 == 1 { 1_000 } else { name })?;
        start.number = number(name);
        start.limits = vec![limit("own", 100 + name, windows(1, hour))];
        if name % 4 == 3 {
            start.limits.push(limit("full", 7, windows(1, hour)));
        }
        Ok(start)
    });
    let words = start_at_once(&store, starts.collect::<Result<_>>()?).await;
    assert!(store.writer_statistics().largest_batch > 4);
    for (name, word) in (0..AT_ONCE).zip(words) {
        let expected = ["started", "error", "started", "limited"][name as usize % 4];
        assert_eq!(word, expected, "{name}");
        let started = expected == "started";
        assert_eq!(store.find(id(name)).await?.is_some(), started, "{name}");
        let arrivals = store.limits(&[limit_key(100 + name)]).await?;
        assert_eq!(arrivals[0][0].is_some(), started, "{name}");
    }
    Ok(())
}
