//! A caller that gives up in the middle: its client went away, or it waited too long.

use crate::cluster::fresh_database;
use crate::fixtures::*;
use phone_verify::store::{PostgresStore, Redeemed, Store};
use std::pin::pin;
use std::task::Poll;

/// Drives a call until it has waited `waits` times, and drops it there. Says whether it came to its end before.
async fn given_up_after<T>(waits: u32, call: impl Future<Output = T>) -> bool {
    let mut call = pin!(call);
    let mut waited = 0;
    std::future::poll_fn(|context| match call.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(true),
        Poll::Pending if waited == waits => Poll::Ready(false),
        Poll::Pending => {
            waited += 1;
            Poll::Pending
        }
    })
    .await
}

/// As many as a process has connections, so that each of them is given up and each is used again.
const AT_ONCE: u32 = 16;

async fn approved(store: &dyn Store, name: u32) -> Result<String> {
    started(store, new(name)?).await?;
    let attempt = check(name, RIGHT)?;
    assert_eq!(checked(store, attempt.clone()).await?, "approved");
    Ok(attempt.jti)
}

/// Were a connection handed on with a transaction still open, what is done on it next would be answered and then be lost.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_gives_up_at_any_moment_leaves_no_transaction_open_for_the_next() -> Result {
    let url = fresh_database().await?;
    let (store, other) = (PostgresStore::open(&url).await?, PostgresStore::open(&url).await?);
    let mut given_up = 0;
    for waits in 0.. {
        let names = waits * AT_ONCE..(waits + 1) * AT_ONCE;
        let tokens = futures::future::try_join_all(names.map(|name| approved(&store, name))).await?;
        let calls = tokens
            .iter()
            .map(|_| given_up_after(waits, store.cancel(id(u32::MAX), NOON)));
        let ended = futures::future::join_all(calls).await;
        for token in &tokens {
            assert_eq!(store.redeem(&site()?, token, NOON).await?, Redeemed::Now);
        }
        for token in &tokens {
            let again = other.redeem(&site()?, token, NOON).await;
            assert!(
                matches!(again, Ok(Redeemed::Before)),
                "answered and lost, after calls were given up at their wait {waits}: {again:?}"
            );
        }
        given_up += ended.iter().filter(|ended| !**ended).count();
        // On a busy machine an answer may be there before it is waited for: the first rounds may see few waits, or none.
        if waits > 2 && ended.iter().all(|ended| *ended) {
            break;
        }
    }
    assert!(given_up > 0, "nothing was given up in its middle");
    Ok(())
}
