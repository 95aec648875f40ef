//! A call with a name is carried out once.

use crate::fixtures::*;
use phone_verify::store::{Repeat, ResendOutcome, StartOutcome, Store};
use std::time::Duration;

fn word_of_repeat(repeat: &Repeat) -> &'static str {
    match repeat {
        Repeat::New => "new",
        Repeat::Same(_) => "same",
        Repeat::Mismatch => "mismatch",
    }
}

pub async fn a_repeated_start_gets_the_first_one_s_verification(store: &dyn Store) -> Result {
    let key = idempotency("a-key", 1, NOON)?;
    let hour = Duration::from_hours(1);
    for name in 1..=3 {
        let mut start = new(name)?;
        start.idempotency = Some(key.clone());
        start.pending_max = 1;
        start.limits = vec![limit("number", 20, windows(1, hour))];
        match store.start(start).await? {
            StartOutcome::Started(started) if name == 1 => assert_eq!(started.record.facts.id, id(1)),
            StartOutcome::Repeated(record) if name > 1 => assert_eq!(record.facts.id, id(1)),
            other => return Err(word_of_start(&other).into()),
        }
    }
    assert!(store.find(id(2)).await?.is_none());
    let Repeat::Same(record) = store.repeated(&site()?, &key).await? else {
        return Err("not the same".into());
    };
    assert_eq!(record.facts.id, id(1));
    Ok(())
}

pub async fn a_repeated_resend_gets_the_verification_as_it_stands(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let mut resend = new_delivery(1, 2, NOON)?;
    resend.idempotency = Some(idempotency("a-key", 1, NOON)?);
    resent(store, resend.clone()).await?;
    store.settle(accepted(1, 2, NOON)).await?;
    resend.intent = intent(3, NOON);
    let ResendOutcome::Repeated(record) = store.resend(resend).await? else {
        return Err("not repeated".into());
    };
    assert_eq!(
        (record.facts.sends_used, record.delivery_id.as_str()),
        (2, "delivery-2")
    );
    Ok(())
}

pub async fn another_request_under_the_same_key_is_a_mismatch(store: &dyn Store) -> Result {
    let mut start = new(1)?;
    start.idempotency = Some(idempotency("a-key", 1, NOON)?);
    started(store, start).await?;
    let other = idempotency("a-key", 2, NOON)?;
    let mut start = new(2)?;
    start.idempotency = Some(other.clone());
    assert_eq!(word_of_start(&store.start(start).await?), "mismatch");
    let mut resend = new_delivery(1, 3, NOON)?;
    resend.idempotency = Some(other.clone());
    assert_eq!(word_of_resend(&store.resend(resend).await?), "mismatch");
    assert_eq!(
        word_of_repeat(&store.repeated(&site()?, &other).await?),
        "mismatch"
    );
    assert!(store.find(id(2)).await?.is_none());
    assert_eq!(found(store, 1).await?.facts.sends_used, 1);
    Ok(())
}

pub async fn keys_are_each_site_s_own(store: &dyn Store) -> Result {
    let key = idempotency("a-key", 1, NOON)?;
    let mut start = new(1)?;
    start.idempotency = Some(key.clone());
    started(store, start).await?;
    assert_eq!(
        word_of_repeat(&store.repeated(&other_site()?, &key).await?),
        "new"
    );
    let mut start = new(2)?;
    start.site = other_site()?;
    start.idempotency = Some(key);
    started(store, start).await?;
    Ok(())
}

pub async fn a_key_whose_time_is_over_is_new_swept_or_not(store: &dyn Store) -> Result {
    let mut start = new(1)?;
    start.idempotency = Some(idempotency("a-key", 1, NOON)?);
    started(store, start).await?;
    let last = before(NOON + DAY, Duration::from_millis(1));
    let repeat = store.repeated(&site()?, &idempotency("a-key", 1, last)?).await?;
    assert_eq!(word_of_repeat(&repeat), "same");
    let later = NOON + DAY;
    let key = idempotency("a-key", 2, later)?;
    assert_eq!(word_of_repeat(&store.repeated(&site()?, &key).await?), "new");
    let mut start = new_at(2, later)?;
    start.idempotency = Some(key.clone());
    started(store, start).await?;
    assert_eq!(word_of_repeat(&store.repeated(&site()?, &key).await?), "same");
    Ok(())
}

pub async fn a_key_whose_verification_is_gone_is_new(store: &dyn Store) -> Result {
    let mut start = new(1)?;
    let mut key = idempotency("a-key", 1, NOON)?;
    key.expires_at = NOON + DAY * 10;
    start.idempotency = Some(key.clone());
    started(store, start).await?;
    let later = NOON + DAY * 2;
    for _ in 0..2 {
        store.sweep(later, RETENTION).await?;
    }
    assert!(store.find(id(1)).await?.is_none());
    key.asked_at = later;
    assert_eq!(word_of_repeat(&store.repeated(&site()?, &key).await?), "new");
    for (name, expected) in [(2, "started"), (3, "repeated")] {
        let mut start = new_at(name, later)?;
        start.idempotency = Some(key.clone());
        assert_eq!(word_of_start(&store.start(start).await?), expected);
    }
    Ok(())
}
