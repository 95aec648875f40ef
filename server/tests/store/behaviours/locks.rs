//! Once a number's day is used up, its lock stands until its time is over.

use crate::fixtures::*;
use phone_verify::store::{CheckAttempt, LimitUse, NewVerification, StartOutcome, Store};
use phone_verify_domain::{CheckPolicy, Timestamp, Window};
use std::time::Duration;

const WEEK: Duration = Duration::from_hours(24 * 7);

fn lock() -> LimitUse {
    limit("lock_days", 60, windows(1, WEEK))
}

/// One a minute, two a day.
fn locking_at(name: u32, now: Timestamp) -> Result<NewVerification> {
    let window = |count, period| Some(Window { count, period });
    let mut start = new_at(name, now)?;
    start.limits = vec![
        limit(
            "number",
            61,
            [window(1, Duration::from_mins(1)), window(2, DAY), None],
        ),
        limit("address", 62, windows(1_000, DAY)),
    ];
    start.lock = Some(lock());
    Ok(start)
}

async fn refused(store: &dyn Store, start: NewVerification) -> Result<(&'static str, Timestamp)> {
    match store.start(start).await? {
        StartOutcome::Limited(limited) => Ok((limited.name, limited.retry_at)),
        other => Err(word_of_start(&other).into()),
    }
}

pub async fn the_send_that_uses_up_the_day_locks_the_number(store: &dyn Store) -> Result {
    let minute = Duration::from_mins(1);
    started(store, locking_at(1, NOON)?).await?;
    assert_eq!(
        store.limits(&[lock().key]).await?,
        [[None; 3]],
        "one is left of the day"
    );
    started(store, locking_at(2, NOON + minute)?).await?;
    let until = NOON + minute + WEEK;
    for day in 1..7 {
        let start = locking_at(2 + day, NOON + DAY * day)?;
        assert_eq!(refused(store, start).await?, ("lock_days", until));
    }
    let mut resend = new_delivery(1, 9, NOON + minute * 2)?;
    resend.lock = Some(lock());
    assert_eq!(word_of_resend(&store.resend(resend).await?), "limited");
    assert_eq!(
        checked(store, check_at(2, RIGHT, NOON + minute * 2)?).await?,
        "approved",
        "what was sent is good"
    );
    started(store, locking_at(20, until)?).await?;
    Ok(())
}

pub async fn a_locked_number_s_start_uses_nothing(store: &dyn Store) -> Result {
    for (name, at) in [(1, NOON), (2, NOON + Duration::from_mins(1))] {
        started(store, locking_at(name, at)?).await?;
    }
    let keys = [limit_key(61), limit_key(62), lock().key];
    let stood = store.limits(&keys).await?;
    refused(store, locking_at(3, NOON + DAY * 3)?).await?;
    assert_eq!(store.limits(&keys).await?, stood);
    Ok(())
}

pub async fn the_wrong_code_that_uses_up_the_day_locks_the_number(store: &dyn Store) -> Result {
    started(store, locking_at(1, NOON)?).await?;
    let attempt = CheckAttempt {
        policy: CheckPolicy {
            per_number_per_day: 2,
            ..FREE
        },
        lock: Some(lock()),
        ..check(1, WRONG)?
    };
    assert_eq!(checked(store, attempt.clone()).await?, "wrong");
    assert_eq!(store.limits(&[lock().key]).await?, [[None; 3]]);
    assert_eq!(checked(store, attempt).await?, "wrong");
    assert_eq!(
        refused(store, locking_at(2, NOON + DAY)?).await?,
        ("lock_days", NOON + WEEK)
    );
    Ok(())
}

pub async fn a_right_code_locks_nothing(store: &dyn Store) -> Result {
    started(store, locking_at(1, NOON)?).await?;
    let attempt = CheckAttempt {
        policy: CheckPolicy {
            per_number_per_day: 1,
            ..FREE
        },
        lock: Some(lock()),
        ..check(1, RIGHT)?
    };
    assert_eq!(checked(store, attempt).await?, "approved");
    assert_eq!(store.limits(&[lock().key]).await?, [[None; 3]]);
    Ok(())
}

pub async fn a_send_that_never_left_unlocks_what_it_locked(store: &dyn Store) -> Result {
    let minute = Duration::from_mins(1);
    started(store, locking_at(1, NOON)?).await?;
    let last = locking_at(2, NOON + minute)?;
    let used = last.limits.iter().cloned().chain(last.lock.clone()).collect();
    started(store, last).await?;
    let mut settle = accepted(2, 2, NOON + minute);
    settle.give_back = Some(used);
    store.settle(settle).await?;
    started(store, locking_at(3, NOON + minute)?).await?;
    Ok(())
}
