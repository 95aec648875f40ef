//! A send tells how the limits stand that its answer speaks of, so that nobody has to read them again.

use crate::fixtures::*;
use phone_verify::store::{KeyedArrivals, LimitKey, LimitUse, ResendOutcome, StartOutcome, Store};
use phone_verify_domain::{Timestamp, Window};
use std::time::Duration;

const WEEK: Duration = Duration::from_hours(24 * 7);

/// Of which a check takes something, and a send nothing.
const OF_CHECKS: u32 = 43;
const NEVER_USED: u32 = 44;

/// A number whose day has three places, and what it shares with others.
fn uses() -> Vec<LimitUse> {
    let window = |count, period| Some(Window { count, period });
    vec![
        LimitUse {
            places: (200..203).map(limit_key).collect(),
            ..limit(
                "number",
                40,
                [
                    window(1, Duration::from_mins(1)),
                    window(9, Duration::from_hours(1)),
                    window(1, DAY),
                ],
            )
        },
        limit("address", 41, [window(7, DAY), None, window(30, DAY * 2)]),
        limit("site", 42, windows(1_000, DAY)),
    ]
}

fn lock() -> LimitUse {
    limit("lock_days", 60, windows(1, WEEK))
}

fn told() -> Vec<LimitKey> {
    vec![limit_key(OF_CHECKS), limit_key(NEVER_USED)]
}

async fn sent(store: &dyn Store, name: u32, with_lock: bool, now: Timestamp) -> Result<KeyedArrivals> {
    let lock = with_lock.then(lock);
    if name == 1 {
        let mut start = new_at(1, now)?;
        (start.limits, start.lock, start.told) = (uses(), lock, told());
        return match store.start(start).await? {
            StartOutcome::Started(started) => Ok(started.stands),
            other => Err(word_of_start(&other).into()),
        };
    }
    let mut resend = new_delivery(1, name, now)?;
    (resend.limits, resend.lock, resend.told) = (uses(), lock, told());
    match store.resend(resend).await? {
        ResendOutcome::Sending(begun) => Ok(begun.stands),
        other => Err(word_of_resend(&other).into()),
    }
}

/// The lock last: the third send uses up the number's day.
pub async fn a_send_tells_how_its_limits_stand(store: &dyn Store) -> Result {
    let mut other = new(9)?;
    other.limits = vec![limit("checks", OF_CHECKS, windows(5, DAY))];
    started(store, other).await?;
    let mut keys: Vec<LimitKey> = uses().iter().map(|limit| limit.key).collect();
    keys.push(lock().key);
    keys.extend(told());
    let mut before = Vec::new();
    for (name, with_lock) in [(1, true), (2, false), (3, true)] {
        let now = NOON + Duration::from_mins(2) * (name - 1);
        let stands = sent(store, name, with_lock, now).await?;
        let told: Vec<_> = keys
            .iter()
            .map(|key| stands.get(key).copied().unwrap_or_default())
            .collect();
        let kept = store.limits(&keys).await?;
        assert_eq!(told, kept, "send {name}");
        assert_ne!(kept, before, "send {name}");
        before = kept;
    }
    let [number, .., lock, of_checks, never_used] = before.as_slice() else {
        return Err("six limits".into());
    };
    assert_eq!(number[2], Some(NOON + DAY), "the first place is free first");
    assert_eq!(lock[0], Some(NOON + Duration::from_mins(4) + WEEK));
    assert!(of_checks[0].is_some());
    assert_eq!(*never_used, [None; 3]);
    Ok(())
}
