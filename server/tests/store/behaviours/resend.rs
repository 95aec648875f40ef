//! A resend takes one send of its verification, or nothing.

use crate::fixtures::*;
use phone_verify::store::{ResendOutcome, Store};
use phone_verify_domain::{Channel, DeliveryState, Status};
use std::time::Duration;

pub async fn a_resend_is_the_last_delivery_and_takes_a_send(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    store.settle(accepted(1, 1, NOON)).await?;
    let now = NOON + Duration::from_mins(1);
    let mut resend = new_delivery(1, 2, now)?;
    resend.intent.channel = Channel::Call;
    "another process".clone_into(&mut resend.intent.owner);
    let answered = resent(store, resend).await?;
    for record in [answered, found(store, 1).await?] {
        assert_eq!(record.facts.sends_used, 2);
        assert_eq!(record.facts.channel, Channel::Call);
        assert_eq!(record.facts.delivery_state, DeliveryState::Sending);
        assert_eq!(record.facts.delivery_lease_until, now + LEASE);
        assert_eq!(record.delivery_id, "delivery-2");
        assert_eq!(record.delivery_owner, "another process");
        assert!(record.sealed.is_some(), "every sending carries the same code");
    }
    Ok(())
}

pub async fn no_more_than_the_sends_of_the_verification_leave(store: &dyn Store) -> Result {
    let mut start = new(1)?;
    start.sends_max = 3;
    started(store, start).await?;
    resent(store, new_delivery(1, 2, NOON)?).await?;
    resent(store, new_delivery(1, 3, NOON)?).await?;
    let ResendOutcome::Refused(record) = store.resend(new_delivery(1, 4, NOON)?).await? else {
        return Err("not refused".into());
    };
    assert_eq!(
        (record.facts.sends_used, record.facts.status),
        (3, Status::Pending)
    );
    assert_eq!(record.delivery_id, "delivery-3");
    Ok(())
}

pub async fn an_ended_verification_sends_nothing(store: &dyn Store) -> Result {
    for name in 1..=3 {
        let mut start = new(name)?;
        start.number = number(name);
        started(store, start).await?;
    }
    store.cancel(id(1), NOON).await?;
    store.check(check(2, RIGHT)?).await?;
    for (name, now) in [(1, NOON), (2, NOON), (3, NOON + TTL)] {
        let outcome = store.resend(new_delivery(name, 9, now)?).await?;
        assert_eq!(word_of_resend(&outcome), "refused");
        assert_eq!(found(store, name).await?.facts.sends_used, 1);
    }
    Ok(())
}

pub async fn another_site_s_or_no_verification_is_not_found(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let outcome = store.resend(new_delivery(9, 9, NOON)?).await?;
    assert_eq!(word_of_resend(&outcome), "not found");
    let mut resend = new_delivery(1, 2, NOON)?;
    resend.site = other_site()?;
    assert_eq!(word_of_resend(&store.resend(resend).await?), "not found");
    assert_eq!(found(store, 1).await?.facts.sends_used, 1);
    Ok(())
}

pub async fn a_limited_resend_takes_nothing(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let spacing = windows(1, Duration::from_mins(1));
    let mut resend = new_delivery(1, 2, NOON)?;
    resend.limits = vec![limit("number", 20, spacing)];
    resent(store, resend.clone()).await?;
    resend.intent = intent(3, NOON);
    resend.limits.insert(0, limit("address", 19, spacing));
    resend.idempotency = Some(idempotency("a-key", 1, NOON)?);
    let ResendOutcome::Limited(limited) = store.resend(resend.clone()).await? else {
        return Err("not limited".into());
    };
    assert_eq!(
        (limited.name, limited.retry_at),
        ("number", NOON + Duration::from_mins(1))
    );
    let record = found(store, 1).await?;
    assert_eq!(
        (record.facts.sends_used, record.delivery_id.as_str()),
        (2, "delivery-2")
    );
    assert_eq!(store.limits(&[limit_key(19)]).await?, [[None; 3]]);
    resend.now = limited.retry_at;
    resent(store, resend).await?;
    Ok(())
}
