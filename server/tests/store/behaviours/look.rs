//! When providers are asked what became of deliveries.

use crate::fixtures::{NOON, RETENTION, Result, TTL, accepted, id, new, new_at, number, started};
use phone_verify::store::{DeliveryReport, OpenDelivery, Settle, Store};
use phone_verify_domain::{Channel, DeliveryState, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(2);

/// The verification called `name`, of a number of its own, whose delivery is to be asked about after two seconds.
async fn followed(store: &dyn Store, name: u32, channel: Channel) -> Result {
    let mut start = new(name)?;
    start.number = number(name);
    start.intent.channel = channel;
    started(store, start).await?;
    let settle = Settle {
        look_after: Some(PAUSE),
        ..accepted(name, name, NOON)
    };
    store.settle(settle).await?;
    Ok(())
}

fn after(seconds: u64) -> Timestamp {
    NOON + Duration::from_secs(seconds)
}

async fn taken(store: &dyn Store, now: Timestamp) -> Result<Vec<OpenDelivery>> {
    Ok(store.take_looks(now, 100).await?)
}

pub async fn a_delivery_is_due_after_its_pause_and_then_after_twice_that(store: &dyn Store) -> Result {
    followed(store, 1, Channel::Sms).await?;
    // One that nobody can be asked about is never due.
    let mut start = new_at(2, NOON)?;
    start.number = number(2);
    started(store, start).await?;
    store.settle(accepted(2, 2, NOON)).await?;
    let mut due = Vec::new();
    for second in 0..60 {
        for delivery in taken(store, after(second)).await? {
            assert_eq!(delivery.id, id(1));
            assert_eq!(delivery.delivery_id, "delivery-1");
            assert_eq!(delivery.sender_reference.as_deref(), Some("reference"));
            assert!(delivery.is_followed);
            due.push(second);
        }
    }
    assert_eq!(due, [2, 6, 14, 30]);
    Ok(())
}

pub async fn of_many_who_ask_at_once_one_gets_each_delivery(store: &dyn Store) -> Result {
    for name in 1..=20 {
        followed(store, name, Channel::Sms).await?;
    }
    let asked = (0..8).map(|_| store.take_looks(after(2), 5));
    let mut names = BTreeSet::new();
    let mut count = 0;
    for taken in futures::future::join_all(asked).await {
        let taken = taken?;
        assert!(taken.len() <= 5, "{}", taken.len());
        count += taken.len();
        names.extend(taken.into_iter().map(|delivery| delivery.delivery_id));
    }
    loop {
        let more = taken(store, after(2)).await?;
        if more.is_empty() {
            break;
        }
        count += more.len();
        names.extend(more.into_iter().map(|delivery| delivery.delivery_id));
    }
    assert_eq!((names.len(), count), (20, 20));
    Ok(())
}

pub async fn after_the_end_a_delivery_is_due_once_and_never_again(store: &dyn Store) -> Result {
    followed(store, 1, Channel::Call).await?;
    followed(store, 2, Channel::Call).await?;
    store.cancel(id(1), after(1)).await?;
    let due = taken(store, after(2)).await?;
    assert_eq!(due.len(), 2);
    for delivery in due {
        assert_eq!(delivery.is_followed, delivery.id == id(2));
        assert_eq!(delivery.channel, Channel::Call);
    }
    // The other one's time is over, whether or not it was swept.
    let late = NOON + TTL;
    let due = taken(store, late).await?;
    assert_eq!(due.len(), 1);
    assert!(!due[0].is_followed && due[0].id == id(2));
    store.sweep(late, RETENTION).await?;
    assert_eq!(taken(store, late + TTL).await?.len(), 0);
    Ok(())
}

pub async fn what_has_arrived_is_not_asked_about(store: &dyn Store) -> Result {
    followed(store, 1, Channel::Call).await?;
    assert_eq!(store.open_calls(id(1)).await?.len(), 1);
    let report = DeliveryReport {
        id: id(1),
        delivery_id: "delivery-1".to_owned(),
        sender_reference: "reference".to_owned(),
        state: DeliveryState::Delivered,
        reason: None,
        now: NOON,
    };
    store.delivery_report(report).await?;
    assert_eq!(taken(store, after(60)).await?.len(), 0);
    assert_eq!(store.open_calls(id(1)).await?.len(), 0);
    Ok(())
}

pub async fn calls_that_may_still_ring_are_found_and_no_messages(store: &dyn Store) -> Result {
    followed(store, 1, Channel::Call).await?;
    followed(store, 2, Channel::Sms).await?;
    let calls = store.open_calls(id(1)).await?;
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].delivery_id, "delivery-1");
    assert_eq!(store.open_calls(id(2)).await?.len(), 0);
    assert_eq!(store.open_calls(id(3)).await?.len(), 0);
    Ok(())
}
