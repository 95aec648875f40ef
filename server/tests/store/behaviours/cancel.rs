//! A pending verification may be given up.

use crate::fixtures::*;
use phone_verify::store::Store;
use phone_verify_domain::Status;

pub async fn a_pending_one_is_canceled(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let record = store.cancel(id(1), NOON).await?.ok_or("gone")?;
    assert_eq!(record.facts.status, Status::Canceled);
    assert_eq!(checked(store, check(1, RIGHT)?).await?, "ended");
    Ok(())
}

pub async fn an_ended_one_stays_as_it_is(store: &dyn Store) -> Result {
    for name in 1..=2 {
        let mut start = new(name)?;
        start.number = number(name);
        started(store, start).await?;
    }
    store.check(check(1, RIGHT)?).await?;
    for (name, now, status) in [(1, NOON, Status::Approved), (2, NOON + TTL, Status::Expired)] {
        let record = store.cancel(id(name), now).await?.ok_or("gone")?;
        assert_eq!(record.facts.status_at(now), status);
    }
    assert_eq!(checked(store, check(1, RIGHT)?).await?, "approved before");
    Ok(())
}

pub async fn no_verification_is_none(store: &dyn Store) -> Result {
    assert!(store.cancel(id(9), NOON).await?.is_none());
    assert!(store.find(id(9)).await?.is_none());
    Ok(())
}
