//! A start writes all of it, or nothing.

use crate::fixtures::*;
use phone_verify::store::{StartOutcome, Store};
use phone_verify_domain::{Channel, DeliveryState, Status};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

pub async fn a_start_is_kept_as_it_was_given(store: &dyn Store) -> Result {
    let start = new(1)?;
    let answered = started(store, start.clone()).await?;
    for record in [answered, found(store, 1).await?] {
        let facts = &record.facts;
        assert_eq!((facts.id, facts.status), (start.id, Status::Pending));
        assert_eq!((&facts.mask, facts.code_length), (&start.mask, 6));
        assert_eq!((facts.attempts_used, facts.attempts_max), (0, 5));
        assert_eq!((facts.sends_used, facts.sends_max), (1, 5));
        assert!(facts.next_check_at <= NOON);
        assert_eq!(facts.expires_at, start.expires_at);
        assert_eq!(
            (facts.channel, facts.delivery_state),
            (Channel::Sms, DeliveryState::Sending)
        );
        assert_eq!(
            (facts.delivery_reason, facts.delivery_lease_until),
            (None, NOON + LEASE)
        );
        assert_eq!((&record.site, record.number), (&start.site, start.number));
        assert_eq!(record.country, start.country);
        assert_eq!((&record.purpose, &record.nonce), (&start.purpose, &start.nonce));
        assert_eq!((&record.subject, &record.origin), (&start.subject, &start.origin));
        assert_eq!(record.locale, start.locale);
        let sealed = record.sealed.ok_or("nothing sealed")?;
        assert_eq!((sealed.key_id, sealed.bytes), (7, start.sealed.bytes.clone()));
        assert_eq!(
            (record.delivery_id, record.delivery_owner),
            (start.intent.delivery_id.clone(), start.intent.owner.clone())
        );
        assert!(record.token.is_none());
        assert_eq!((record.day.used, record.day.consecutive_failures), (0, 0));
    }
    Ok(())
}

pub async fn what_is_left_out_stays_left_out(store: &dyn Store) -> Result {
    let mut start = new(1)?;
    (start.purpose, start.nonce, start.subject) = (None, None, None);
    (start.origin, start.locale) = (None, None);
    started(store, start).await?;
    let record = found(store, 1).await?;
    assert_eq!((record.purpose, record.nonce, record.subject), (None, None, None));
    assert_eq!((record.origin, record.locale), (None, None));
    Ok(())
}

pub async fn a_limit_allows_its_count_and_says_when_it_allows_again(store: &dyn Store) -> Result {
    for name in 1..=3 {
        let mut start = new(name)?;
        start.limits = vec![limit("number", 20, windows(3, HOUR))];
        started(store, start).await?;
    }
    let mut start = new(4)?;
    start.limits = vec![limit("number", 20, windows(3, HOUR))];
    let StartOutcome::Limited(limited) = store.start(start.clone()).await? else {
        return Err("not limited".into());
    };
    assert_eq!((limited.name, limited.retry_at), ("number", NOON + HOUR / 3));
    let last = before(limited.retry_at, Duration::from_millis(1));
    (start.created_at, start.expires_at) = (last, last + TTL);
    assert_eq!(word_of_start(&store.start(start.clone()).await?), "limited");
    (start.created_at, start.expires_at) = (limited.retry_at, limited.retry_at + TTL);
    started(store, start).await?;
    Ok(())
}

pub async fn a_limited_start_leaves_nothing_behind(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let mut full = new(2)?;
    full.number = number(2);
    full.limits = vec![limit("site", 30, windows(1, HOUR))];
    started(store, full).await?;

    let keys = [limit_key(20), limit_key(30), limit_key(31)];
    let stood = store.limits(&keys).await?;
    let key = idempotency("a-key", 1, NOON)?;
    let mut start = new(3)?;
    start.limits = vec![
        limit("number", 20, windows(5, HOUR)),
        limit("site", 30, windows(1, HOUR)),
        limit("deployment", 31, windows(5, HOUR)),
    ];
    start.pending_max = 1;
    start.idempotency = Some(key.clone());
    assert_eq!(word_of_start(&store.start(start.clone()).await?), "limited");
    assert_eq!(store.limits(&keys).await?, stood);
    assert!(store.find(start.id).await?.is_none());
    assert_eq!(found(store, 1).await?.facts.status, Status::Pending);

    start.limits.clear();
    started(store, start).await?;
    Ok(())
}

pub async fn of_several_refusing_limits_the_one_that_keeps_longest_is_named(store: &dyn Store) -> Result {
    let limits = vec![
        limit("number", 20, windows(1, HOUR)),
        limit("address", 21, windows(1, DAY)),
        limit("site", 22, windows(1, HOUR * 2)),
        limit("deployment", 23, windows(100, DAY)),
    ];
    let mut start = new(1)?;
    start.limits.clone_from(&limits);
    started(store, start).await?;
    let mut start = new(2)?;
    start.limits = limits;
    let StartOutcome::Limited(limited) = store.start(start).await? else {
        return Err("not limited".into());
    };
    assert_eq!((limited.name, limited.retry_at), ("address", NOON + DAY));
    Ok(())
}

pub async fn a_start_cancels_the_oldest_beyond_the_pending_ones(store: &dyn Store) -> Result {
    let mut now = NOON;
    for name in 1..=4 {
        now = now + Duration::from_secs(1);
        let mut start = new_at(name, now)?;
        start.pending_max = 3;
        started(store, start).await?;
    }
    assert_eq!(found(store, 1).await?.facts.status, Status::Canceled);
    for name in 2..=4 {
        assert_eq!(found(store, name).await?.facts.status, Status::Pending);
    }
    let mut start = new_at(5, now + Duration::from_secs(1))?;
    start.pending_max = 1;
    started(store, start).await?;
    for name in 2..=4 {
        assert_eq!(found(store, name).await?.facts.status, Status::Canceled);
    }
    assert_eq!(found(store, 5).await?.facts.status, Status::Pending);
    Ok(())
}

pub async fn only_live_verifications_of_the_same_number_and_site_count_as_pending(
    store: &dyn Store,
) -> Result {
    let mut elsewhere = new(1)?;
    elsewhere.site = other_site()?;
    started(store, elsewhere).await?;
    let mut other = new(2)?;
    other.number = number(2);
    started(store, other).await?;
    started(store, new_at(3, before(NOON, TTL))?).await?;
    started(store, new(4)?).await?;
    checked(store, check(4, RIGHT)?).await?;
    started(store, new(5)?).await?;
    let mut start = new(6)?;
    start.pending_max = 2;
    started(store, start).await?;
    for (name, status) in [
        (1, Status::Pending),
        (2, Status::Pending),
        (3, Status::Expired),
        (4, Status::Approved),
        (5, Status::Pending),
        (6, Status::Pending),
    ] {
        let record = found(store, name).await?;
        assert_eq!(record.facts.status_at(NOON), status, "{name}");
    }
    Ok(())
}

pub async fn an_id_that_is_taken_is_an_error_and_changes_nothing(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let mut start = new(1)?;
    start.number = number(2);
    start.limits = vec![limit("number", 20, windows(5, HOUR))];
    assert!(store.start(start).await.is_err());
    assert_eq!(found(store, 1).await?.number, number(1));
    assert_eq!(store.limits(&[limit_key(20)]).await?, [[None; 3]]);
    started(store, new(2)?).await?;
    Ok(())
}
