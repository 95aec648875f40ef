//! What a site knows of a number goes, and what limits it stays.

use crate::fixtures::*;
use phone_verify::store::{Claim, Claimed, Conflict, Redeemed, Repeat, Sealed, StartOutcome, Store};
use phone_verify_domain::CheckPolicy;
use std::collections::BTreeSet;
use std::time::Duration;

pub async fn all_that_knows_the_number_goes_and_nothing_else(store: &dyn Store) -> Result {
    let mut tokens = Vec::new();
    for name in 1..=4 {
        let mut start = new(name)?;
        start.idempotency = Some(idempotency(&format!("key-{name}"), 1, NOON)?);
        if name == 2 {
            start.number = number(2);
        }
        if name == 3 {
            start.site = other_site()?;
        }
        let site = start.site.clone();
        started(store, start).await?;
        if name < 4 {
            let mut attempt = check(name, RIGHT)?;
            attempt.site = site.clone();
            assert_eq!(checked(store, attempt.clone()).await?, "approved");
            let claim = Claim {
                site: site.clone(),
                subject: format!("subject {name}"),
                jti: attempt.jti.clone(),
                now: NOON,
                subjects_per_number: 1,
                conflict: Conflict::Reject,
                proved_too_long_ago: None,
            };
            assert!(matches!(store.claim_number(claim).await?, Claimed::Holds(_)));
            tokens.push((site, attempt.jti));
        }
    }
    // Two verifications, of which one has a token; a key each; one subject.
    assert_eq!(store.erase_number(&site()?, number(1)).await?, 2 + 1 + 2 + 1);
    for (name, stays) in [(1, false), (2, true), (3, true), (4, false)] {
        assert_eq!(store.find(id(name)).await?.is_some(), stays, "{name}");
        let site = if name == 3 { other_site()? } else { site()? };
        let key = idempotency(&format!("key-{name}"), 1, NOON)?;
        let is_new = matches!(store.repeated(&site, &key).await?, Repeat::New);
        assert_eq!(is_new, !stays, "{name}");
        let held = store.subject_number(&site, &format!("subject {name}")).await?;
        assert_eq!(held.is_some(), stays && name < 4, "{name}");
    }
    for ((site, jti), expected) in tokens
        .iter()
        .zip([Redeemed::Unknown, Redeemed::Before, Redeemed::Before])
    {
        assert_eq!(store.redeem(site, jti, NOON).await?, expected);
    }
    assert_eq!(store.erase_number(&site()?, number(1)).await?, 0);
    Ok(())
}

pub async fn its_limits_and_its_day_are_not_refilled(store: &dyn Store) -> Result {
    let limited = |name| -> Result<_> {
        let mut start = new(name)?;
        start.limits = vec![limit("number", 1, windows(1, DAY))];
        Ok(start)
    };
    started(store, limited(1)?).await?;
    let policy = CheckPolicy {
        per_number_per_day: 1,
        ..FREE
    };
    let mut attempt = check(1, WRONG)?;
    attempt.policy = policy;
    assert_eq!(checked(store, attempt).await?, "wrong");
    store.erase_number(&site()?, number(1)).await?;
    assert!(matches!(
        store.start(limited(2)?).await?,
        StartOutcome::Limited(_)
    ));
    started(store, new(3)?).await?;
    let mut attempt = check(3, RIGHT)?;
    attempt.policy = policy;
    assert_eq!(checked(store, attempt).await?, "day spent");
    Ok(())
}

pub async fn what_is_under_way_ends_well(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    store.erase_number(&site()?, number(1)).await?;
    let later = NOON + Duration::from_secs(1);
    assert!(store.settle(accepted(1, 1, later)).await?.is_none());
    assert_eq!(checked(store, check_at(1, RIGHT, later)?).await?, "not found");
    assert!(store.cancel(id(1), later).await?.is_none());
    Ok(())
}

pub async fn the_sites_that_know_something_are_named(store: &dyn Store) -> Result {
    assert!(store.sites().await?.is_empty());
    let mut start = new(2)?;
    start.site = other_site()?;
    started(store, start).await?;
    started(store, new(1)?).await?;
    let sites: BTreeSet<_> = store.sites().await?.into_iter().collect();
    assert_eq!(sites, BTreeSet::from([site()?, other_site()?]));
    Ok(())
}

pub async fn the_sealing_keys_that_are_needed_are_named(store: &dyn Store) -> Result {
    assert!(store.sealing_keys().await?.is_empty());
    let sealed = |key_id| Sealed {
        key_id,
        bytes: vec![1; 40],
    };
    for name in 1..=3 {
        let mut start = new(name)?;
        start.sealed = sealed(name);
        if name == 3 {
            start.number_sealed = Some(sealed(7));
        }
        started(store, start).await?;
    }
    assert_eq!(store.sealing_keys().await?, BTreeSet::from([1, 2, 3, 7]));
    // The code is gone after the end; the number stays, also where a subject holds it.
    for name in [1, 3] {
        assert_eq!(checked(store, check(name, RIGHT)?).await?, "approved");
    }
    assert_eq!(store.sealing_keys().await?, BTreeSet::from([2, 7]));
    let claim = Claim {
        site: site()?,
        subject: "subject".to_owned(),
        jti: check(3, RIGHT)?.jti,
        now: NOON,
        subjects_per_number: 1,
        conflict: Conflict::Reject,
        proved_too_long_ago: None,
    };
    assert!(matches!(store.claim_number(claim).await?, Claimed::Holds(_)));
    let much_later = NOON + DAY * 3;
    while store.sweep(much_later, RETENTION).await?.changed > 0 {}
    assert_eq!(store.sealing_keys().await?, BTreeSet::from([7]));
    store.release_number(&site()?, "subject", NOON).await?;
    assert!(store.sealing_keys().await?.is_empty());
    Ok(())
}
