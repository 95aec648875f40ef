//! Events are written with what happens, and sent from there until they are taken.

use crate::fixtures::{
    NOON, RETENTION, RIGHT, Result, TTL, WRONG, accepted, check, id, limit, new, number, started, told,
    windows,
};
use phone_verify::hooks::EventKind;
use phone_verify::store::{
    AfterAttempt, CheckAttempt, Claim, Conflict, DeliveryNews, DueWebhook, NewVerification, Replay, Sealed,
    Settle, StartOutcome, Store, WebhookAttempt, WebhookState,
};
use phone_verify_domain::{DeliveryReason, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;

const LEASE: Duration = Duration::from_secs(25);

/// A verification of the site that is told.
fn new_told(name: u32) -> Result<NewVerification> {
    Ok(NewVerification {
        site: told()?,
        number: number(name),
        ..new(name)?
    })
}

fn check_told(name: u32, code_mac: phone_verify::store::CodeMac) -> Result<CheckAttempt> {
    Ok(CheckAttempt {
        site: told()?,
        ..check(name, code_mac)?
    })
}

async fn take(store: &dyn Store, now: Timestamp) -> Result<Vec<DueWebhook>> {
    Ok(store.take_webhooks(&told()?, now, now + LEASE, 100).await?)
}

async fn kinds(store: &dyn Store, now: Timestamp) -> Result<BTreeSet<EventKind>> {
    Ok(take(store, now).await?.into_iter().map(|due| due.kind).collect())
}

fn tried(due: &DueWebhook, now: Timestamp, next: AfterAttempt) -> WebhookAttempt {
    WebhookAttempt {
        id: due.id.clone(),
        lease_until: due.lease_until,
        now,
        answer: Some(if next == AfterAttempt::Taken { 204 } else { 503 }),
        next,
    }
}

pub async fn each_event_is_written_with_what_happens_and_nothing_else_is(store: &dyn Store) -> Result {
    // Another site hears of nothing.
    started(store, new(9)?).await?;
    assert!(kinds(store, NOON).await?.is_empty());
    // A start that a limit refuses is no event.
    let mut limited = new_told(1)?;
    limited.limits = vec![limit("number", 1, windows(1, TTL))];
    started(store, limited.clone()).await?;
    limited.id = id(2);
    assert!(matches!(store.start(limited).await?, StartOutcome::Limited(_)));
    let due = take(store, NOON).await?;
    assert_eq!(due.len(), 1);
    assert_eq!(
        (due[0].kind, due[0].attempts),
        (EventKind::VerificationStarted, 0)
    );
    assert!(due[0].body.contains(&id(1).to_string()) && due[0].number.is_none());

    let settle = Settle {
        news: Some(DeliveryNews::Failed(Some(DeliveryReason::NotTextable))),
        ..accepted(1, 1, NOON)
    };
    store.settle(settle.clone()).await?;
    store.settle(settle).await?;
    let due = take(store, NOON).await?;
    assert_eq!(due.len(), 1, "the second answer came too late");
    assert_eq!(due[0].kind, EventKind::DeliveryFailed);
    assert!(
        due[0].body.contains("\"reason\":\"not_textable\""),
        "{}",
        due[0].body
    );

    store.check(check_told(1, WRONG)?).await?;
    assert!(kinds(store, NOON).await?.is_empty(), "a wrong code is no event");
    let sealed = Sealed {
        key_id: 1,
        bytes: vec![1, 2, 3],
    };
    let attempt = CheckAttempt {
        number_to_tell: Some(sealed),
        ..check_told(1, RIGHT)?
    };
    store.check(attempt.clone()).await?;
    let due = take(store, NOON).await?;
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].kind, EventKind::VerificationApproved);
    let (index, sealed) = due[0].number.clone().ok_or("the number")?;
    assert_eq!((index, sealed.bytes), (number(1), vec![1, 2, 3]));

    let claim = Claim {
        site: told()?,
        subject: "alice".to_owned(),
        jti: attempt.jti,
        now: NOON,
        subjects_per_number: 1,
        conflict: Conflict::Reject,
        proved_too_long_ago: None,
    };
    store.claim_number(claim.clone()).await?;
    store.claim_number(claim).await?;
    assert_eq!(
        kinds(store, NOON).await?,
        BTreeSet::from([EventKind::NumberClaimed])
    );
    store.release_number(&told()?, "alice", NOON).await?;
    store.release_number(&told()?, "alice", NOON).await?;
    assert_eq!(
        kinds(store, NOON).await?,
        BTreeSet::from([EventKind::NumberReleased])
    );
    Ok(())
}

pub async fn what_ends_without_the_right_code_is_told_once(store: &dyn Store) -> Result {
    started(store, new_told(1)?).await?;
    started(store, new_told(2)?).await?;
    take(store, NOON).await?;
    for _ in 0..6 {
        store.check(check_told(1, WRONG)?).await?;
    }
    assert_eq!(
        kinds(store, NOON).await?,
        BTreeSet::from([EventKind::VerificationExhausted])
    );
    for _ in 0..3 {
        store.sweep(NOON + TTL, RETENTION).await?;
    }
    let all = store.webhooks(Some(&told()?), 100).await?;
    let expired = all
        .iter()
        .filter(|kept| kept.kind == EventKind::VerificationExpired);
    assert_eq!(expired.count(), 1);
    Ok(())
}

pub async fn an_event_is_one_caller_s_until_its_lease_is_over(store: &dyn Store) -> Result {
    for name in 1..=20 {
        started(store, new_told(name)?).await?;
    }
    let site = told()?;
    let taking = (0..8).map(|_| store.take_webhooks(&site, NOON, NOON + LEASE, 5));
    let mut taken = Vec::new();
    for one in futures::future::join_all(taking).await {
        taken.extend(one?);
    }
    taken.extend(take(store, NOON).await?);
    let names: BTreeSet<_> = taken.iter().map(|due| due.id.clone()).collect();
    assert_eq!((names.len(), taken.len()), (20, 20));
    assert!(take(store, NOON).await?.is_empty());
    // Nothing was heard of them: whoever took them is gone.
    assert_eq!(take(store, NOON + LEASE).await?.len(), 20);
    Ok(())
}

pub async fn what_is_not_taken_is_due_again_and_what_is_taken_never(store: &dyn Store) -> Result {
    started(store, new_told(1)?).await?;
    let due = take(store, NOON).await?.remove(0);
    let later = NOON + Duration::from_secs(2);
    store
        .webhook_tried(tried(&due, NOON, AfterAttempt::Again(later)))
        .await?;
    assert!(take(store, NOON + Duration::from_secs(1)).await?.is_empty());
    let again = take(store, later).await?.remove(0);
    assert_eq!((&again.id, &again.body, again.attempts), (&due.id, &due.body, 1));
    // What an earlier holder of the lease says of its failure does not count any more.
    store
        .webhook_tried(tried(&due, later, AfterAttempt::GivenUp))
        .await?;
    store
        .webhook_tried(tried(&again, later, AfterAttempt::Taken))
        .await?;
    assert!(take(store, later + TTL).await?.is_empty());
    let kept = store.webhooks(None, 10).await?.remove(0);
    assert_eq!((kept.attempts, kept.last_answer), (2, Some(204)));
    assert_eq!(kept.state, WebhookState::Taken(later));
    Ok(())
}

pub async fn what_was_given_up_is_sent_again_on_request(store: &dyn Store) -> Result {
    started(store, new_told(1)?).await?;
    started(store, new_told(2)?).await?;
    let due = take(store, NOON).await?;
    store
        .webhook_tried(tried(&due[0], NOON, AfterAttempt::GivenUp))
        .await?;
    store
        .webhook_tried(tried(&due[1], NOON, AfterAttempt::Taken))
        .await?;
    assert_eq!(store.replay_webhooks(Replay::GivenUp(None), NOON).await?, 1);
    let again = take(store, NOON).await?;
    assert_eq!((again.len(), &again[0].id, again[0].attempts), (1, &due[0].id, 0));
    let one = Replay::One(due[1].id.clone());
    assert_eq!(store.replay_webhooks(one, NOON).await?, 1);
    assert_eq!(take(store, NOON).await?[0].id, due[1].id);
    assert_eq!(
        store
            .replay_webhooks(Replay::One("msg_0".to_owned()), NOON)
            .await?,
        0
    );
    Ok(())
}

pub async fn an_erasure_takes_the_events_of_the_number_and_no_others(store: &dyn Store) -> Result {
    started(store, new_told(1)?).await?;
    started(store, new_told(2)?).await?;
    store.erase_number(&told()?, number(1)).await?;
    let due = take(store, NOON).await?;
    assert_eq!(due.len(), 1);
    assert!(due[0].body.contains(&id(2).to_string()));
    let week = Duration::from_hours(24 * 7);
    store.sweep(NOON + week, RETENTION).await?;
    let left = store.webhooks(None, 10).await?;
    assert!(
        left.iter()
            .all(|kept| kept.kind == EventKind::VerificationExpired),
        "{left:?}"
    );
    Ok(())
}
