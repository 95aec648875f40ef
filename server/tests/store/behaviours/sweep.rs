//! What is over is marked and goes; what is not stays.

use crate::fixtures::*;
use phone_verify::store::{NewVerification, Redeemed, Repeat, Retention, Store};
use phone_verify_domain::{DeliveryState, Status};
use std::time::Duration;

pub async fn expired_ones_are_marked(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let last = before(NOON + TTL, Duration::from_millis(1));
    store.sweep(last, RETENTION).await?;
    assert_eq!(found(store, 1).await?.facts.status, Status::Pending);
    assert_eq!(store.sweep(NOON + TTL, RETENTION).await?.expired, [id(1)]);
    assert!(store.sweep(NOON + TTL, RETENTION).await?.expired.is_empty());
    let record = found(store, 1).await?;
    assert_eq!(record.facts.status, Status::Expired);
    assert!(record.sealed.is_none());
    Ok(())
}

pub async fn a_delivery_is_unknown_once_its_lease_is_over(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    started(store, new(2)?).await?;
    store.settle(accepted(2, 2, NOON)).await?;
    store
        .sweep(before(NOON + LEASE, Duration::from_millis(1)), RETENTION)
        .await?;
    assert_eq!(
        found(store, 1).await?.facts.delivery_state,
        DeliveryState::Sending
    );
    store.sweep(NOON + LEASE, RETENTION).await?;
    assert_eq!(
        found(store, 1).await?.facts.delivery_state,
        DeliveryState::Unknown
    );
    assert_eq!(
        found(store, 2).await?.facts.delivery_state,
        DeliveryState::Accepted
    );
    assert_eq!(
        checked(store, check_at(1, RIGHT, NOON + LEASE)?).await?,
        "approved"
    );
    Ok(())
}

pub async fn ended_ones_are_deleted_after_their_retention(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    store.cancel(id(1), NOON).await?;
    started(store, new(2)?).await?;
    let mut live = new(3)?;
    live.expires_at = NOON + DAY * 9;
    started(store, live).await?;
    let last = before(NOON + DAY, Duration::from_millis(1));
    for _ in 0..2 {
        store.sweep(last, RETENTION).await?;
    }
    assert!(store.find(id(1)).await?.is_some());
    for _ in 0..2 {
        store.sweep(NOON + DAY, RETENTION).await?;
    }
    assert!(store.find(id(1)).await?.is_none());
    assert!(store.find(id(2)).await?.is_some(), "it ended when it expired");
    for _ in 0..2 {
        store.sweep(NOON + DAY + TTL, RETENTION).await?;
    }
    assert!(store.find(id(2)).await?.is_none());
    assert_eq!(found(store, 3).await?.facts.status, Status::Pending);
    Ok(())
}

pub async fn a_token_is_kept_as_long_as_the_right_code_may_ask_for_it(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let mut attempt = check(1, RIGHT)?;
    attempt.token_expires_at = NOON + Duration::from_mins(1);
    store.check(attempt).await?;
    let at_once = Retention {
        verifications: Duration::ZERO,
        tokens: Duration::ZERO,
        failures: Duration::ZERO,
        decisions: Duration::ZERO,
    };
    let last = NOON + Duration::from_mins(2);
    store.sweep(last, at_once).await?;
    assert_eq!(
        checked(store, check_at(1, RIGHT, last)?).await?,
        "approved before"
    );
    assert!(found(store, 1).await?.token.is_some());
    Ok(())
}

pub async fn keys_go_when_their_time_is_over(store: &dyn Store) -> Result {
    let key = idempotency("a-key", 1, NOON)?;
    let mut start = new(1)?;
    start.expires_at = NOON + DAY * 9;
    start.idempotency = Some(key.clone());
    started(store, start).await?;
    store
        .sweep(before(NOON + DAY, Duration::from_millis(1)), RETENTION)
        .await?;
    assert!(matches!(store.repeated(&site()?, &key).await?, Repeat::Same(_)));
    store.sweep(NOON + DAY, RETENTION).await?;
    // Asked as of noon, so that only the row's absence can make it new.
    assert!(matches!(store.repeated(&site()?, &key).await?, Repeat::New));
    Ok(())
}

pub async fn limits_go_when_all_their_windows_are_as_new(store: &dyn Store) -> Result {
    let hour = Duration::from_hours(1);
    let mut start = new(1)?;
    start.limits = vec![
        limit("number", 20, windows(1, hour)),
        limit("address", 21, [windows(1, hour)[0], None, windows(1, DAY)[0]]),
    ];
    started(store, start).await?;
    let keys = [limit_key(20), limit_key(21)];
    let stood = store.limits(&keys).await?;
    store
        .sweep(before(NOON + hour, Duration::from_millis(1)), RETENTION)
        .await?;
    assert_eq!(store.limits(&keys).await?, stood);
    store.sweep(NOON + hour, RETENTION).await?;
    assert_eq!(store.limits(&keys).await?, [[None; 3], stood[1]]);
    store.sweep(NOON + DAY, RETENTION).await?;
    assert_eq!(store.limits(&keys).await?, [[None; 3]; 2]);
    Ok(())
}

pub async fn a_number_s_day_goes_when_it_is_over_and_its_failures_stay(store: &dyn Store) -> Result {
    for name in [1, 2] {
        let mut start = new(name)?;
        start.number = number(name);
        start.expires_at = NOON + DAY * 9;
        started(store, start).await?;
    }
    store.check(check(1, RIGHT)?).await?;
    store.check(check(2, WRONG)?).await?;
    let midnight = NOON.next_utc_day();
    store
        .sweep(before(midnight, Duration::from_millis(1)), RETENTION)
        .await?;
    assert_eq!(found(store, 1).await?.day.used, 1);
    store.sweep(midnight, RETENTION).await?;
    assert_eq!(found(store, 1).await?.day.used, 0);
    assert_eq!(found(store, 2).await?.day.consecutive_failures, 1);
    Ok(())
}

/// More of them than one sweep looks at, and more that stay: who looked at the same ones again would not get to the rest.
pub async fn numbers_go_however_many_there_are_and_those_that_are_limited_stay(store: &dyn Store) -> Result {
    let many: u32 = 1_200;
    let names: Vec<u32> = (0..many).collect();
    for names in names.chunks(300) {
        let checked = names.iter().map(|&name| async move {
            let mut start = new(name)?;
            start.number = number(name);
            start.expires_at = NOON + DAY * 9;
            started(store, start).await?;
            let code = if name % 2 == 0 { WRONG } else { RIGHT };
            store.check(check(name, code)?).await?;
            Result::Ok(())
        });
        futures::future::try_join_all(checked).await?;
    }
    // Each of three servers goes its own way through them, in three sweeps.
    for _ in 0..9 {
        store.sweep(NOON.next_utc_day(), RETENTION).await?;
    }
    for name in 0..many {
        let day = found(store, name).await?.day;
        let expected = if name % 2 == 0 { (1, 1) } else { (0, 0) };
        assert_eq!((day.used, day.consecutive_failures), expected, "{name}");
    }
    Ok(())
}

pub async fn failures_are_forgiven_when_nothing_was_heard_for_long_unless_they_limit(
    store: &dyn Store,
) -> Result {
    for name in [1, 2] {
        let mut start = new(name)?;
        start.number = number(name);
        start.attempts_max = 1_000;
        start.expires_at = NOON + DAY * 20;
        started(store, start).await?;
    }
    store.check(check(1, WRONG)?).await?;
    for _ in 0..100 {
        store.check(check(2, WRONG)?).await?;
    }
    let failures = async |name| {
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(found(store, name).await?.day.consecutive_failures)
    };
    store.sweep(NOON + RETENTION.failures, RETENTION).await?;
    assert_eq!((failures(1).await?, failures(2).await?), (1, 100));
    store.sweep(NOON + RETENTION.failures + DAY, RETENTION).await?;
    assert_eq!((failures(1).await?, failures(2).await?), (0, 100));
    Ok(())
}

pub async fn tokens_go_after_their_retention_and_redeemed_ones_with_them(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    store.check(check(1, RIGHT)?).await?;
    let jti = found(store, 1).await?.token.ok_or("a token")?.jti;
    let expired = NOON + Duration::from_mins(5);
    store.redeem(&site()?, &jti, NOON).await?;
    store
        .sweep(before(expired + DAY, Duration::from_millis(1)), RETENTION)
        .await?;
    assert_eq!(store.redeem(&site()?, &jti, NOON).await?, Redeemed::Before);
    store.sweep(expired + DAY, RETENTION).await?;
    assert_eq!(store.redeem(&site()?, &jti, NOON).await?, Redeemed::Unknown);
    Ok(())
}

/// Neither what is kept nor what is over depends on how often the sweeper came by.
pub async fn a_clock_that_jumps_forth_and_back_deletes_once_and_brings_nothing_back(
    store: &dyn Store,
) -> Result {
    started(store, new(1)?).await?;
    let mut late = new_at(2, NOON + DAY * 3)?;
    late.number = number(2);
    started(store, late).await?;
    let far = NOON + DAY * 2;
    for _ in 0..3 {
        store.sweep(far, RETENTION).await?;
    }
    assert!(store.find(id(1)).await?.is_none());
    assert_eq!(
        found(store, 2).await?.facts.status,
        Status::Pending,
        "it is the future's"
    );
    for _ in 0..3 {
        store.sweep(before(NOON, DAY), RETENTION).await?;
    }
    assert!(store.find(id(1)).await?.is_none());
    assert_eq!(found(store, 2).await?.facts.status, Status::Pending);
    Ok(())
}

pub async fn nothing_that_is_over_is_left_in_the_end_and_each_sweep_is_bounded(store: &dyn Store) -> Result {
    let many = 600;
    let starts: Vec<NewVerification> = (0..many)
        .map(|name| {
            let mut start = new(name)?;
            start.number = number(name);
            Ok(start)
        })
        .collect::<Result<_>>()?;
    let starts = starts.into_iter().map(|start| store.start(start));
    futures::future::try_join_all(starts).await?;
    let later = NOON + DAY * 3;
    let mut sweeps = 0;
    let mut changed = 0;
    loop {
        match store.sweep(later, RETENTION).await?.changed {
            0 => break,
            rows => {
                assert!(rows <= 500 * 9, "{rows} rows at once");
                changed += rows;
            }
        }
        sweeps += 1;
        assert!(sweeps < 20, "no end");
    }
    // Each was marked, its code forgotten, and deleted; of some, the delivery was given up before.
    assert!(changed >= u64::from(many) * 3, "{changed} rows");
    assert!(sweeps >= 2, "{sweeps} sweeps");
    for name in 0..many {
        assert!(store.find(id(name)).await?.is_none());
    }
    Ok(())
}
