//! A token is redeemed once.

use crate::fixtures::*;
use phone_verify::store::{Redeemed, Store};
use std::time::Duration;

async fn approved(store: &dyn Store) -> Result<String> {
    started(store, new(1)?).await?;
    let attempt = check(1, RIGHT)?;
    store.check(attempt.clone()).await?;
    Ok(attempt.jti)
}

pub async fn a_token_is_redeemed_once(store: &dyn Store) -> Result {
    let jti = approved(store).await?;
    let later = NOON + Duration::from_secs(1);
    assert_eq!(store.redeem(&site()?, &jti, NOON).await?, Redeemed::Now);
    assert_eq!(store.redeem(&site()?, &jti, NOON).await?, Redeemed::Before);
    assert_eq!(store.redeem(&site()?, &jti, later).await?, Redeemed::Before);
    assert_eq!(checked(store, check(1, RIGHT)?).await?, "approved before");
    Ok(())
}

pub async fn another_site_s_token_is_unknown(store: &dyn Store) -> Result {
    let jti = approved(store).await?;
    assert_eq!(store.redeem(&other_site()?, &jti, NOON).await?, Redeemed::Unknown);
    assert_eq!(store.redeem(&site()?, "another", NOON).await?, Redeemed::Unknown);
    assert_eq!(store.redeem(&site()?, &jti, NOON).await?, Redeemed::Now);
    assert_eq!(store.redeem(&other_site()?, &jti, NOON).await?, Redeemed::Unknown);
    Ok(())
}

pub async fn a_token_is_redeemed_until_the_moment_it_expires(store: &dyn Store) -> Result {
    let jti = approved(store).await?;
    let expiry = NOON + Duration::from_mins(5);
    assert_eq!(store.redeem(&site()?, &jti, expiry).await?, Redeemed::Unknown);
    let last = before(expiry, Duration::from_millis(1));
    assert_eq!(store.redeem(&site()?, &jti, last).await?, Redeemed::Now);
    Ok(())
}

pub async fn a_redeemed_token_stays_redeemed_when_its_verification_is_deleted(store: &dyn Store) -> Result {
    let mut start = new(1)?;
    start.expires_at = NOON + TTL;
    started(store, start).await?;
    let mut attempt = check(1, RIGHT)?;
    attempt.token_expires_at = NOON + DAY * 3;
    store.check(attempt.clone()).await?;
    assert_eq!(store.redeem(&site()?, &attempt.jti, NOON).await?, Redeemed::Now);
    let later = NOON + DAY * 2;
    for _ in 0..2 {
        store.sweep(later, RETENTION).await?;
    }
    assert!(store.find(id(1)).await?.is_none());
    assert_eq!(
        store.redeem(&site()?, &attempt.jti, later).await?,
        Redeemed::Before
    );
    Ok(())
}
