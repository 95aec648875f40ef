//! Numbers that the operator has blocked.

use crate::fixtures::*;
use phone_verify::store::Store;
use phone_verify_domain::Status;

pub async fn a_number_is_blocked_until_it_is_unblocked(store: &dyn Store) -> Result {
    let (one, other, third) = (limit_key(80), limit_key(81), limit_key(82));
    assert!(!store.blocked([one, other]).await?);
    assert!(!store.unblock(one).await?);
    assert!(store.block(one, NOON).await?);
    assert!(!store.block(one, NOON).await?, "it was blocked before");
    for either in [[one, other], [other, one]] {
        assert!(store.blocked(either).await?);
    }
    assert!(!store.blocked([other, third]).await?, "it is one number's own");
    assert!(store.unblock(one).await?);
    assert!(!store.unblock(one).await?);
    assert!(!store.blocked([one, other]).await?);
    Ok(())
}

pub async fn a_block_survives_erasure_and_every_sweep(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    store.block(limit_key(80), NOON).await?;
    store.erase_number(&site()?, number(1)).await?;
    while store.sweep(NOON + DAY * 4_000, RETENTION).await?.changed > 0 {}
    assert!(store.blocked([limit_key(80), limit_key(81)]).await?);
    Ok(())
}

pub async fn only_the_live_verifications_of_the_number_on_the_site_are_canceled(store: &dyn Store) -> Result {
    for name in 1..=5 {
        let mut start = new(name)?;
        match name {
            3 => start.number = number(2),
            4 => start.site = other_site()?,
            _ => {}
        }
        started(store, start).await?;
    }
    assert_eq!(checked(store, check(5, RIGHT)?).await?, "approved");
    assert_eq!(store.cancel_all(&site()?, number(1), NOON).await?, 2);
    assert_eq!(store.cancel_all(&site()?, number(1), NOON).await?, 0);
    for (name, status) in [
        (1, Status::Canceled),
        (2, Status::Canceled),
        (3, Status::Pending),
        (4, Status::Pending),
        (5, Status::Approved),
    ] {
        let record = store.find(id(name)).await?.ok_or("a verification")?;
        assert_eq!(record.facts.status, status, "{name}");
        assert_eq!(record.sealed.is_some(), status == Status::Pending, "{name}");
    }
    Ok(())
}
