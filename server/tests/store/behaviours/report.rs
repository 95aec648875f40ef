//! What a provider reports of its deliveries.

use crate::fixtures::{
    LEASE, NOON, RETENTION, Result, accepted, found, id, new, new_delivery, resent, started,
};
use phone_verify::store::{DeliveryReport, Reported, Settle, Store};
use phone_verify_domain::{DeliveryReason, DeliveryState};
use std::time::Duration;

/// A report of the delivery called `delivery` of the verification called `name`.
fn report(name: u32, delivery: u32, state: DeliveryState) -> DeliveryReport {
    DeliveryReport {
        id: id(name),
        delivery_id: format!("delivery-{delivery}"),
        sender_reference: "reference".to_owned(),
        state,
        reason: (state == DeliveryState::Undelivered).then_some(DeliveryReason::Unreachable),
        now: NOON,
    }
}

async fn state(store: &dyn Store, name: u32) -> Result<DeliveryState> {
    Ok(found(store, name).await?.facts.delivery_state)
}

pub async fn states_only_go_forward_in_whatever_order_reports_come(store: &dyn Store) -> Result {
    use DeliveryState::{Accepted, Delivered, Undelivered};
    let orders: [(&[DeliveryState], DeliveryState); 7] = [
        (&[Accepted, Accepted, Delivered], Delivered),
        (&[Delivered, Accepted, Delivered, Accepted], Delivered),
        (&[Accepted, Undelivered, Accepted, Undelivered], Undelivered),
        (&[Undelivered, Delivered], Undelivered),
        (&[Delivered, Undelivered], Delivered),
        (&[Accepted], Accepted),
        (&[], Accepted),
    ];
    for (name, (order, last)) in (1..).zip(orders) {
        started(store, new(name)?).await?;
        store.settle(accepted(name, name, NOON)).await?;
        let mut stands = Accepted;
        for &reported in order {
            let moved = store.delivery_report(report(name, name, reported)).await?.moved();
            let now = state(store, name).await?;
            assert_eq!(moved, now != stands, "{order:?}");
            stands = now;
        }
        assert_eq!(stands, last, "{order:?}");
    }
    Ok(())
}

pub async fn a_report_before_the_provider_s_own_answer_counts(store: &dyn Store) -> Result {
    for (name, early) in [(1, DeliveryState::Accepted), (2, DeliveryState::Delivered)] {
        started(store, new(name)?).await?;
        let reported = store.delivery_report(report(name, name, early)).await?;
        assert_eq!(reported, Reported::First);
        let settled = store.settle(accepted(name, name, NOON)).await?;
        let settled = settled.ok_or("the verification")?;
        assert!(!settled.moved, "it came too late");
        let settled = settled.record;
        assert_eq!(settled.facts.delivery_state, early);
        // Its lease does not run out any more.
        store
            .sweep(NOON + LEASE + Duration::from_secs(1), RETENTION)
            .await?;
        assert_eq!(state(store, name).await?, early);
    }
    Ok(())
}

pub async fn what_is_unknown_may_be_learned_and_what_surely_did_not_leave_stays(store: &dyn Store) -> Result {
    for (name, settled, learned) in [
        (1, DeliveryState::Unknown, DeliveryState::Delivered),
        (2, DeliveryState::Rejected, DeliveryState::Rejected),
        (3, DeliveryState::NotSent, DeliveryState::NotSent),
    ] {
        started(store, new(name)?).await?;
        let settle = Settle {
            state: settled,
            sender_reference: None,
            ..accepted(name, name, NOON)
        };
        store.settle(settle).await?;
        store
            .delivery_report(report(name, name, DeliveryState::Delivered))
            .await?;
        assert_eq!(state(store, name).await?, learned);
    }
    Ok(())
}

pub async fn a_report_of_another_message_or_of_no_delivery_moves_nothing(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    store.settle(accepted(1, 1, NOON)).await?;
    let delivered = || report(1, 1, DeliveryState::Delivered);
    for strange in [
        DeliveryReport {
            sender_reference: "another".to_owned(),
            ..delivered()
        },
        DeliveryReport {
            delivery_id: "delivery-2".to_owned(),
            ..delivered()
        },
        DeliveryReport {
            id: id(2),
            ..delivered()
        },
    ] {
        assert!(!store.delivery_report(strange).await?.moved());
    }
    assert_eq!(state(store, 1).await?, DeliveryState::Accepted);
    assert!(store.delivery_report(delivered()).await?.moved());
    Ok(())
}

pub async fn the_view_shows_the_last_delivery_s_state(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    store.settle(accepted(1, 1, NOON)).await?;
    resent(store, new_delivery(1, 2, NOON)?).await?;
    store.settle(accepted(1, 2, NOON)).await?;
    assert!(
        store
            .delivery_report(report(1, 1, DeliveryState::Undelivered))
            .await?
            .moved()
    );
    assert_eq!(state(store, 1).await?, DeliveryState::Accepted);
    assert!(
        store
            .delivery_report(report(1, 2, DeliveryState::Undelivered))
            .await?
            .moved()
    );
    let facts = found(store, 1).await?.facts;
    assert_eq!(facts.delivery_state, DeliveryState::Undelivered);
    assert_eq!(facts.delivery_reason, Some(DeliveryReason::Unreachable));
    Ok(())
}
