//! What the provider answered is written once, by who asked it.

use crate::fixtures::*;
use phone_verify::store::{Repeat, Settle, Store};
use phone_verify_domain::{DeliveryReason, DeliveryState, Status};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

fn not_sent(name: u32, delivery: u32) -> Settle {
    Settle {
        state: DeliveryState::NotSent,
        reason: Some(DeliveryReason::Sender),
        sender_reference: None,
        ..accepted(name, delivery, NOON)
    }
}

pub async fn the_answer_is_written(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let record = store.settle(accepted(1, 1, NOON)).await?.ok_or("gone")?.record;
    assert_eq!(record.facts.delivery_state, DeliveryState::Accepted);
    let mut start = new(2)?;
    start.number = number(2);
    started(store, start).await?;
    let rejected = Settle {
        state: DeliveryState::Rejected,
        reason: Some(DeliveryReason::NotTextable),
        ..accepted(2, 2, NOON)
    };
    store.settle(rejected).await?;
    let facts = found(store, 2).await?.facts;
    assert_eq!(facts.delivery_state, DeliveryState::Rejected);
    assert_eq!(facts.delivery_reason, Some(DeliveryReason::NotTextable));
    assert_eq!(facts.status, Status::Pending);
    Ok(())
}

pub async fn only_the_owner_s_first_answer_counts(store: &dyn Store) -> Result {
    let mut start = new(1)?;
    start.limits = vec![limit("number", 20, windows(3, HOUR))];
    started(store, start.clone()).await?;
    let stood = store.limits(&[limit_key(20)]).await?;
    let thief = Settle {
        owner: "another process".to_owned(),
        give_back: Some(start.limits.clone()),
        cancel: true,
        ..not_sent(1, 1)
    };
    let record = store.settle(thief.clone()).await?.ok_or("gone")?.record;
    assert_eq!(record.facts.delivery_state, DeliveryState::Sending);
    store.settle(accepted(1, 1, NOON)).await?;
    let again = Settle {
        owner: "process".to_owned(),
        ..thief
    };
    let record = store.settle(again).await?.ok_or("gone")?.record;
    assert_eq!(record.facts.delivery_state, DeliveryState::Accepted);
    assert_eq!(
        (record.facts.status, record.facts.sends_used),
        (Status::Pending, 1)
    );
    assert_eq!(store.limits(&[limit_key(20)]).await?, stood);
    Ok(())
}

pub async fn an_earlier_delivery_s_answer_leaves_the_last_one_alone(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    resent(store, new_delivery(1, 2, NOON)?).await?;
    let record = store.settle(accepted(1, 1, NOON)).await?.ok_or("gone")?.record;
    assert_eq!(record.delivery_id, "delivery-2");
    assert_eq!(record.facts.delivery_state, DeliveryState::Sending);
    let record = store.settle(accepted(1, 2, NOON)).await?.ok_or("gone")?.record;
    assert_eq!(record.facts.delivery_state, DeliveryState::Accepted);
    Ok(())
}

pub async fn a_late_answer_corrects_an_unknown(store: &dyn Store) -> Result {
    for name in 1..=3 {
        let mut start = new(name)?;
        start.number = number(name);
        started(store, start).await?;
    }
    let later = NOON + LEASE;
    store.sweep(later, RETENTION).await?;
    for (name, state) in [
        (1, DeliveryState::Accepted),
        (2, DeliveryState::Rejected),
        (3, DeliveryState::NotSent),
    ] {
        assert_eq!(
            found(store, name).await?.facts.delivery_state,
            DeliveryState::Unknown
        );
        let settle = Settle {
            state,
            ..accepted(name, name, later)
        };
        store.settle(settle).await?;
        assert_eq!(found(store, name).await?.facts.delivery_state, state);
    }
    Ok(())
}

pub async fn what_never_left_is_given_back_once(store: &dyn Store) -> Result {
    let limits = vec![
        limit("number", 20, windows(3, HOUR)),
        limit("address", 21, [windows(2, HOUR)[0], None, windows(9, DAY)[0]]),
    ];
    let keys = [limit_key(20), limit_key(21)];
    let mut start = new(1)?;
    start.limits.clone_from(&limits);
    started(store, start).await?;
    let stood = store.limits(&keys).await?;
    let mut resend = new_delivery(1, 2, NOON)?;
    resend.limits.clone_from(&limits);
    resent(store, resend).await?;
    assert_ne!(store.limits(&keys).await?, stood);
    let settle = Settle {
        give_back: Some(limits.clone()),
        ..not_sent(1, 2)
    };
    for _ in 0..2 {
        let record = store.settle(settle.clone()).await?.ok_or("gone")?.record;
        assert_eq!(record.facts.delivery_state, DeliveryState::NotSent);
        assert_eq!(
            (record.facts.sends_used, record.facts.status),
            (1, Status::Pending)
        );
        assert_eq!(store.limits(&keys).await?, stood);
    }
    Ok(())
}

pub async fn a_given_back_use_may_be_used_again(store: &dyn Store) -> Result {
    let limits = vec![limit("number", 20, windows(1, HOUR))];
    let mut start = new(1)?;
    start.limits.clone_from(&limits);
    started(store, start).await?;
    let mut next = new(2)?;
    next.limits.clone_from(&limits);
    assert_eq!(word_of_start(&store.start(next.clone()).await?), "limited");
    let settle = Settle {
        give_back: Some(limits),
        cancel: true,
        ..not_sent(1, 1)
    };
    let record = store.settle(settle).await?.ok_or("gone")?.record;
    assert_eq!(
        (record.facts.status, record.facts.sends_used),
        (Status::Canceled, 0)
    );
    assert!(record.sealed.is_none());
    started(store, next).await?;
    Ok(())
}

pub async fn a_refused_call_s_key_is_forgotten_and_no_other(store: &dyn Store) -> Result {
    let (of_start, of_resend) = (
        idempotency("of-start", 1, NOON)?,
        idempotency("of-resend", 2, NOON)?,
    );
    let mut start = new(1)?;
    start.idempotency = Some(of_start.clone());
    started(store, start).await?;
    let mut resend = new_delivery(1, 2, NOON)?;
    resend.idempotency = Some(of_resend.clone());
    resent(store, resend.clone()).await?;
    let settle = Settle {
        forget: Some(of_resend.key.clone()),
        ..not_sent(1, 2)
    };
    store.settle(settle).await?;
    let site = site()?;
    assert!(matches!(store.repeated(&site, &of_resend).await?, Repeat::New));
    assert!(matches!(store.repeated(&site, &of_start).await?, Repeat::Same(_)));
    resend.intent = intent(3, NOON);
    resent(store, resend).await?;
    Ok(())
}

pub async fn a_key_that_led_elsewhere_is_not_forgotten(store: &dyn Store) -> Result {
    let key = idempotency("a-key", 1, NOON)?;
    let mut start = new(1)?;
    start.idempotency = Some(key.clone());
    started(store, start).await?;
    started(store, new(2)?).await?;
    let settle = Settle {
        forget: Some(key.key.clone()),
        ..not_sent(2, 2)
    };
    store.settle(settle).await?;
    assert!(matches!(store.repeated(&site()?, &key).await?, Repeat::Same(_)));
    Ok(())
}

pub async fn no_verification_is_none(store: &dyn Store) -> Result {
    assert!(store.settle(accepted(9, 9, NOON)).await?.is_none());
    Ok(())
}
