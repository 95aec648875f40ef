//! Limits stand in the database as the domain's rules say.

use crate::fixtures::*;
use phone_verify::store::{
    Arrivals, CheckAttempt, CheckOutcome, LimitUse, NewVerification, Settle, StartOutcome, Store,
};
use phone_verify_domain::{DeliveryState, LimitWindows, Timestamp, Window};
use std::time::Duration;

pub async fn limits_are_told_in_the_order_asked_and_nothing_is_taken(store: &dyn Store) -> Result {
    let hour = Duration::from_hours(1);
    let mut start = new(1)?;
    start.limits = vec![
        limit("first", 9, windows(2, hour)),
        limit("second", 3, windows(4, hour)),
    ];
    started(store, start).await?;
    let (half, quarter) = (NOON + hour / 2, NOON + hour / 4);
    for _ in 0..2 {
        let arrivals = store
            .limits(&[limit_key(3), limit_key(77), limit_key(9), limit_key(3)])
            .await?;
        let one = |arrival| [Some(arrival), None, None];
        assert_eq!(arrivals, [one(quarter), [None; 3], one(half), one(quarter)]);
    }
    assert!(store.limits(&[]).await?.is_empty());
    Ok(())
}

/// A use at each of many moments, allowed or refused exactly as the domain says, in all windows at once.
pub async fn limits_allow_what_the_domain_allows(store: &dyn Store) -> Result {
    let minutes = |count, minutes| {
        Some(Window {
            count,
            period: Duration::from_mins(minutes),
        })
    };
    let uses = [
        limit("number", 20, [minutes(1, 1), minutes(3, 60), minutes(5, 1440)]),
        limit("address", 21, [minutes(7, 10), None, minutes(30, 60)]),
        limit("site", 22, [None, minutes(9, 25), None]),
    ];
    let mut model: [Arrivals; 3] = [[None; 3]; 3];
    let mut now = NOON;
    let (mut allowed, mut refused) = (0, 0);
    for step in 0..120u32 {
        // Steps of nothing to six minutes, in no order.
        now = now + Duration::from_millis(u64::from(step * step % 1_000) * 7919 % 360_000);
        // Once the clock is set back by an hour, and once by a month.
        now = match step {
            50 => before(now, Duration::from_hours(1)),
            90 => before(now, DAY * 30),
            _ => now,
        };
        let mut start = new_at(1, now)?;
        start.id = pair(2, step);
        start.limits = uses.to_vec();
        match store.start(start).await? {
            StartOutcome::Started(..) => {
                allowed += 1;
                assert_eq!(wait(&uses, &model, now), Duration::ZERO, "step {step}");
                use_all(&uses, &mut model, now);
            }
            StartOutcome::Limited(limited) => {
                refused += 1;
                assert_eq!(limited.retry_at, now + wait(&uses, &model, now), "step {step}");
                assert!(limited.retry_at > now, "step {step}");
            }
            other => return Err(word_of_start(&other).into()),
        }
        let keys = uses.each_ref().map(|limit| limit.key);
        assert_eq!(store.limits(&keys).await?, model, "step {step}");
    }
    assert!(
        allowed > 5 && refused > 50,
        "{allowed} allowed, {refused} refused"
    );
    Ok(())
}

pub async fn a_window_that_is_taken_out_and_put_back_stands_where_it_stood(store: &dyn Store) -> Result {
    let hour = Duration::from_hours(1);
    let with: LimitWindows = [windows(2, hour)[0], windows(2, DAY)[0], None];
    let without: LimitWindows = [windows(2, hour)[0], None, None];
    for (name, windows) in [(1, with), (2, without)] {
        let mut start = new(name)?;
        start.limits = vec![limit("number", 20, windows)];
        started(store, start).await?;
    }
    let arrivals = store.limits(&[limit_key(20)]).await?;
    assert_eq!(arrivals, [[Some(NOON + hour), Some(NOON + DAY / 2), None]]);
    Ok(())
}

fn wait(uses: &[LimitUse], model: &[Arrivals], now: Timestamp) -> Duration {
    let windows = uses.iter().zip(model).flat_map(|(limit, arrivals)| {
        let windows = limit.windows.into_iter().zip(*arrivals);
        windows.filter_map(move |(window, arrival)| Some(window?.wait(arrival, now)))
    });
    windows.max().unwrap_or_default()
}

fn use_all(uses: &[LimitUse], model: &mut [Arrivals], now: Timestamp) {
    for (limit, arrivals) in uses.iter().zip(model) {
        for (window, arrival) in limit.windows.into_iter().zip(arrivals) {
            if let Some(window) = window {
                *arrival = Some(window.after_use(*arrival, now));
            }
        }
    }
}

pub async fn wrong_codes_beyond_their_limit_are_told_and_nothing_is_refused(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let minute = Duration::from_mins(1);
    let attempt = CheckAttempt {
        failures: Some(limit("failed_checks", 30, windows(2, minute))),
        ..check(1, WRONG)?
    };
    let mut told = Vec::new();
    for _ in 0..4 {
        match store.check(attempt.clone()).await? {
            CheckOutcome::Wrong(_, limited) => told.push(limited.map(|limited| limited.retry_at)),
            other => return Err(word_of_check(&other).into()),
        }
    }
    let then = Some(NOON + minute / 2);
    assert_eq!(told, [None, None, then, then]);
    let stood = store.limits(&[limit_key(30)]).await?;
    let right = CheckAttempt {
        code_mac: RIGHT,
        ..attempt
    };
    assert_eq!(checked(store, right).await?, "approved");
    assert_eq!(
        store.limits(&[limit_key(30)]).await?,
        stood,
        "a right code is none of them"
    );
    Ok(())
}

pub async fn an_approval_gives_back_one_send_of_the_address_and_never_more_than_was_used(
    store: &dyn Store,
) -> Result {
    let address = || limit("address", 31, windows(2, DAY));
    let start = |name| -> Result<NewVerification> {
        Ok(NewVerification {
            number: number(name),
            limits: vec![address()],
            ..new(name)?
        })
    };
    let typed = |name, code_mac| -> Result<CheckAttempt> {
        Ok(CheckAttempt {
            gives_back: vec![address()],
            ..check(name, code_mac)?
        })
    };
    started(store, start(1)?).await?;
    started(store, start(2)?).await?;
    assert_eq!(checked(store, typed(1, WRONG)?).await?, "wrong");
    assert_eq!(word_of_start(&store.start(start(3)?).await?), "limited");
    for word in ["approved", "approved before"] {
        assert_eq!(checked(store, typed(1, RIGHT)?).await?, word);
    }
    started(store, start(4)?).await?;
    assert_eq!(
        word_of_start(&store.start(start(5)?).await?),
        "limited",
        "one, once"
    );
    for name in [2, 4] {
        checked(store, typed(name, RIGHT)?).await?;
    }
    // Asked for elsewhere, typed here: nothing was used that could be given back.
    started(
        store,
        NewVerification {
            number: number(6),
            ..new(6)?
        },
    )
    .await?;
    checked(store, typed(6, RIGHT)?).await?;
    for name in [7, 8] {
        started(store, start(name)?).await?;
    }
    assert_eq!(word_of_start(&store.start(start(9)?).await?), "limited");
    Ok(())
}

/// Three places of a day.
fn three_places() -> LimitUse {
    let day = Window {
        count: 1,
        period: DAY,
    };
    LimitUse {
        places: (200..203).map(limit_key).collect(),
        ..limit("number", 20, [None, None, Some(day)])
    }
}

fn of_places(name: u32, now: Timestamp) -> Result<NewVerification> {
    let mut start = new_at(1, now)?;
    start.id = pair(3, name);
    start.limits = vec![three_places(), limit("address", 21, windows(1_000_000, DAY))];
    Ok(start)
}

pub async fn no_day_has_more_uses_than_places_whenever_it_begins(store: &dyn Store) -> Result {
    let mut now = NOON;
    let mut uses: Vec<Timestamp> = Vec::new();
    let mut refused = 0;
    for step in 0..150u32 {
        // Steps of nothing to eleven hours, in no order.
        now = now + Duration::from_secs(u64::from(step * step % 1_000) * 7919 % 39_600);
        store.sweep(now, RETENTION).await?;
        let third_last = uses.len().checked_sub(3).map(|third_last| uses[third_last]);
        let free_at = third_last.map(|used| used + DAY).filter(|end| now < *end);
        match store.start(of_places(step, now)?).await? {
            StartOutcome::Started(..) => {
                assert_eq!(free_at, None, "step {step}");
                uses.push(now);
            }
            StartOutcome::Limited(limited) => {
                refused += 1;
                assert_eq!(
                    (limited.name, Some(limited.retry_at)),
                    ("number", free_at),
                    "step {step}"
                );
            }
            other => return Err(word_of_start(&other).into()),
        }
    }
    assert!(
        uses.len() > 30 && refused > 30,
        "{} used, {refused} refused",
        uses.len()
    );
    Ok(())
}

pub async fn a_free_place_is_taken_also_by_a_clock_that_is_a_little_behind(store: &dyn Store) -> Result {
    started(store, of_places(1, NOON)?).await?;
    let behind = Timestamp::from_millis(NOON.as_millis() - 5);
    started(store, of_places(2, behind)?).await?;
    started(store, of_places(3, NOON)?).await?;
    assert_eq!(
        word_of_start(&store.start(of_places(4, behind)?).await?),
        "limited"
    );
    Ok(())
}

pub async fn a_place_that_was_not_needed_is_free_again(store: &dyn Store) -> Result {
    for name in 1..=3 {
        let mut start = of_places(name, NOON + Duration::from_hours(1) * name)?;
        start.intent = intent(name, NOON);
        started(store, start).await?;
    }
    let now = NOON + Duration::from_hours(4);
    assert_eq!(word_of_start(&store.start(of_places(4, now)?).await?), "limited");
    let not_sent = Settle {
        id: pair(3, 2),
        state: DeliveryState::NotSent,
        sender_reference: None,
        give_back: Some(vec![three_places()]),
        ..accepted(2, 2, now)
    };
    assert!(store.settle(not_sent).await?.is_some_and(|settled| settled.moved));
    started(store, of_places(5, now)?).await?;
    assert_eq!(word_of_start(&store.start(of_places(6, now)?).await?), "limited");
    Ok(())
}

pub async fn of_many_starts_at_once_as_many_as_there_are_places_are_written(store: &dyn Store) -> Result {
    let starts: Vec<NewVerification> = (0..64).map(|name| of_places(name, NOON)).collect::<Result<_>>()?;
    let starts = starts.into_iter().map(|start| store.start(start));
    let outcomes = futures::future::try_join_all(starts).await?;
    let words: Vec<&str> = outcomes.iter().map(word_of_start).collect();
    let count = |of: &str| words.iter().filter(|word| **word == of).count();
    assert_eq!((count("started"), count("limited")), (3, 61));
    Ok(())
}
