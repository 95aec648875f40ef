//! Every check that is evaluated is spent, and nothing else is.

use crate::fixtures::*;
use phone_verify::store::{CheckOutcome, Store};
use phone_verify_domain::{CheckPolicy, Status, Timestamp};
use std::time::Duration;

pub async fn a_wrong_code_spends_one_check(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let CheckOutcome::Wrong(record, _) = store.check(check(1, WRONG)?).await? else {
        return Err("not wrong".into());
    };
    assert_eq!(record.facts.attempts_used, 1);
    assert_eq!(record.facts.status, Status::Pending);
    assert_eq!((record.day.day, record.day.used), (NOON.utc_day(), 1));
    assert_eq!(record.day.consecutive_failures, 1);
    assert!(record.token.is_none() && record.sealed.is_some());
    Ok(())
}

pub async fn the_right_code_approves_and_writes_the_token(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let attempt = check(1, RIGHT)?;
    let CheckOutcome::Approved(record) = store.check(attempt.clone()).await? else {
        return Err("not approved".into());
    };
    assert_eq!(record.facts.status, Status::Approved);
    assert_eq!(record.facts.attempts_used, 1);
    assert_eq!((record.day.used, record.day.consecutive_failures), (1, 0));
    let token = record.token.ok_or("no token")?;
    assert_eq!(token.jti, attempt.jti);
    assert_eq!(
        (token.issued_at, token.expires_at),
        (NOON, attempt.token_expires_at)
    );
    Ok(())
}

pub async fn the_last_wrong_code_exhausts(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    for used in 1..=4 {
        assert_eq!(checked(store, check(1, WRONG)?).await?, "wrong");
        assert_eq!(found(store, 1).await?.facts.attempts_used, used);
    }
    let CheckOutcome::Wrong(record, _) = store.check(check(1, WRONG)?).await? else {
        return Err("not wrong".into());
    };
    assert_eq!(
        (record.facts.attempts_used, record.facts.status),
        (5, Status::Exhausted)
    );
    assert_eq!(checked(store, check(1, RIGHT)?).await?, "ended");
    Ok(())
}

pub async fn the_right_code_approves_on_the_last_check(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    for _ in 0..4 {
        checked(store, check(1, WRONG)?).await?;
    }
    assert_eq!(checked(store, check(1, RIGHT)?).await?, "approved");
    Ok(())
}

pub async fn an_ended_verification_evaluates_nothing(store: &dyn Store) -> Result {
    for (name, status) in [
        (1, Status::Canceled),
        (2, Status::Expired),
        (3, Status::Exhausted),
    ] {
        let mut start = new(name)?;
        start.number = number(name);
        start.attempts_max = 1;
        started(store, start).await?;
        let mut now = NOON;
        match status {
            Status::Canceled => drop(store.cancel(id(name), NOON).await?),
            Status::Expired => now = NOON + TTL,
            _ => drop(store.check(check(name, WRONG)?).await?),
        }
        let spent = found(store, name).await?;
        let CheckOutcome::Ended(record) = store.check(check_at(name, RIGHT, now)?).await? else {
            return Err(format!("{status}: evaluated").into());
        };
        assert_eq!(record.facts.status_at(now), status);
        assert_eq!(record.facts.attempts_used, spent.facts.attempts_used);
        assert_eq!(record.day.used, spent.day.used);
    }
    Ok(())
}

pub async fn a_verification_is_checked_until_the_moment_it_expires(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let last = before(NOON + TTL, Duration::from_millis(1));
    assert_eq!(checked(store, check_at(1, WRONG, NOON + TTL)?).await?, "ended");
    assert_eq!(checked(store, check_at(1, WRONG, last)?).await?, "wrong");
    Ok(())
}

pub async fn another_site_s_or_no_verification_is_not_found(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    assert_eq!(checked(store, check(9, RIGHT)?).await?, "not found");
    let mut attempt = check(1, RIGHT)?;
    attempt.site = other_site()?;
    assert_eq!(checked(store, attempt.clone()).await?, "not found");
    assert_eq!(found(store, 1).await?.facts.attempts_used, 0);
    assert_eq!(checked(store, check(1, RIGHT)?).await?, "approved");
    assert_eq!(checked(store, attempt).await?, "not found");
    Ok(())
}

pub async fn the_waits_between_checks_are_those_of_the_policy(store: &dyn Store) -> Result {
    let policy = CheckPolicy {
        per_verification: 8,
        pacing_factor: Duration::from_secs(15),
        ..FREE
    };
    let mut start = new(1)?;
    start.attempts_max = policy.per_verification;
    start.expires_at = NOON + DAY;
    started(store, start).await?;
    let mut now = NOON;
    for spent in 0..policy.per_verification {
        let wait = policy.pacing_after(spent);
        let mut attempt = check_at(1, WRONG, now + wait)?;
        attempt.policy = policy;
        if !wait.is_zero() {
            let mut early = attempt.clone();
            early.now = before(attempt.now, Duration::from_millis(1));
            let CheckOutcome::TooEarly(record) = store.check(early).await? else {
                return Err("evaluated too early".into());
            };
            assert_eq!(record.facts.next_check_at, attempt.now);
            assert_eq!((record.facts.attempts_used, record.day.used), (spent, spent));
        }
        now = attempt.now;
        assert_eq!(checked(store, attempt).await?, "wrong", "check {}", spent + 1);
    }
    Ok(())
}

pub async fn no_wait_is_too_long_to_be_kept(store: &dyn Store) -> Result {
    for (name, factor) in [(1, u64::MAX), (2, 1)] {
        let mut start = new(name)?;
        start.number = number(name);
        start.attempts_max = 100;
        started(store, start).await?;
        let mut attempt = check(name, WRONG)?;
        attempt.policy.pacing_factor = Duration::from_millis(factor);
        for _ in 0..3 {
            assert_eq!(checked(store, attempt.clone()).await?, "wrong");
        }
        assert_eq!(checked(store, attempt).await?, "too early");
    }
    let mut start = new(3)?;
    start.attempts_max = 100;
    start.expires_at = Timestamp::from_millis(i64::MAX / 2);
    started(store, start).await?;
    for spent in 0..100 {
        let mut attempt = check(3, WRONG)?;
        attempt.policy.pacing_factor = Duration::from_secs(15);
        attempt.now = found(store, 3).await?.facts.next_check_at;
        attempt.now = attempt.now.max(NOON);
        if attempt.now > before(Timestamp::from_millis(i64::MAX / 2), DAY) {
            assert!(spent > 50, "only {spent} checks");
            break;
        }
        assert_eq!(checked(store, attempt).await?, "wrong", "check {}", spent + 1);
    }
    Ok(())
}

pub async fn the_same_right_code_gets_the_same_token_for_two_minutes(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    checked(store, check(1, WRONG)?).await?;
    let CheckOutcome::Approved(approved) = store.check(check(1, RIGHT)?).await? else {
        return Err("not approved".into());
    };
    let jti = approved.token.ok_or("no token")?.jti;
    let last = NOON + CheckPolicy::SAME_TOKEN_FOR;
    for now in [NOON, NOON + Duration::from_secs(1), last] {
        let CheckOutcome::ApprovedBefore(record) = store.check(check_at(1, RIGHT, now)?).await? else {
            return Err("not approved before".into());
        };
        assert_eq!(record.token.ok_or("no token")?.jti, jti);
        assert_eq!((record.facts.attempts_used, record.day.used), (2, 2));
        assert_eq!(checked(store, check_at(1, WRONG, now)?).await?, "ended");
        store.sweep(now, RETENTION).await?;
    }
    let later = last + Duration::from_millis(1);
    assert_eq!(checked(store, check_at(1, RIGHT, later)?).await?, "ended");
    Ok(())
}

pub async fn a_clock_set_back_evaluates_nothing_and_processes_may_differ_by_five_seconds(
    store: &dyn Store,
) -> Result {
    started(store, new(1)?).await?;
    let most = Duration::from_secs(5);
    let earlier = before(NOON, most + Duration::from_millis(1));
    assert_eq!(checked(store, check_at(1, RIGHT, earlier)?).await?, "too early");
    assert_eq!(found(store, 1).await?.facts.attempts_used, 0);
    assert_eq!(
        checked(store, check_at(1, WRONG, before(NOON, most))?).await?,
        "wrong"
    );
    Ok(())
}

pub async fn a_number_s_day_counts_over_all_its_verifications(store: &dyn Store) -> Result {
    let a_day = |name, mac| -> Result<_> {
        let mut attempt = check(name, mac)?;
        attempt.policy.per_number_per_day = 7;
        Ok(attempt)
    };
    started(store, new(1)?).await?;
    started(store, new(2)?).await?;
    for _ in 0..5 {
        assert_eq!(checked(store, a_day(1, WRONG)?).await?, "wrong");
    }
    for _ in 0..2 {
        assert_eq!(checked(store, a_day(2, WRONG)?).await?, "wrong");
    }
    let CheckOutcome::DaySpent(record) = store.check(a_day(2, RIGHT)?).await? else {
        return Err("evaluated beyond the day".into());
    };
    assert_eq!(
        (record.facts.attempts_used, record.facts.status),
        (2, Status::Pending)
    );
    assert_eq!((record.day.used, record.day.consecutive_failures), (7, 7));
    assert!(record.token.is_none() && record.sealed.is_some());

    let mut elsewhere = new(3)?;
    elsewhere.site = other_site()?;
    started(store, elsewhere).await?;
    let mut attempt = a_day(3, WRONG)?;
    attempt.site = other_site()?;
    assert_eq!(
        checked(store, attempt).await?,
        "wrong",
        "another site has its own day"
    );
    let mut other = new(4)?;
    other.number = number(4);
    started(store, other).await?;
    assert_eq!(
        checked(store, a_day(4, WRONG)?).await?,
        "wrong",
        "another number has its own day"
    );
    Ok(())
}

pub async fn a_day_begins_anew_at_midnight_utc_and_not_by_setting_the_clock_back(
    store: &dyn Store,
) -> Result {
    let midnight = NOON.next_utc_day();
    let evening = before(midnight, Duration::from_millis(1));
    let at = |now| -> Result<_> {
        let mut attempt = check_at(1, WRONG, now)?;
        attempt.policy.per_number_per_day = 2;
        Ok(attempt)
    };
    let mut start = new_at(1, before(evening, DAY))?;
    start.attempts_max = 100;
    start.expires_at = midnight + DAY;
    started(store, start).await?;
    for _ in 0..2 {
        assert_eq!(checked(store, at(evening)?).await?, "wrong");
    }
    assert_eq!(checked(store, at(evening)?).await?, "day spent");
    for _ in 0..2 {
        assert_eq!(checked(store, at(midnight)?).await?, "wrong");
    }
    assert_eq!(checked(store, at(midnight)?).await?, "day spent");
    assert_eq!(checked(store, at(evening)?).await?, "day spent");
    assert_eq!(found(store, 1).await?.day.day, midnight.utc_day());
    Ok(())
}

pub async fn after_a_hundred_failures_a_day_has_one_check_until_a_success(store: &dyn Store) -> Result {
    let on = |name, mac, days: u32| -> Result<_> {
        let mut attempt = check_at(name, mac, NOON + DAY * days)?;
        attempt.policy.per_number_per_day = 100;
        Ok(attempt)
    };
    for name in [1, 2] {
        let mut start = new(name)?;
        start.attempts_max = 1_000;
        start.expires_at = NOON + DAY * 30;
        started(store, start).await?;
    }
    for _ in 0..CheckPolicy::FAILURES_BEFORE_ONE_A_DAY {
        assert_eq!(checked(store, on(1, WRONG, 0)?).await?, "wrong");
    }
    for days in 1..=2 {
        assert_eq!(checked(store, on(1, WRONG, days)?).await?, "wrong");
        assert_eq!(checked(store, on(1, RIGHT, days)?).await?, "day spent");
    }
    assert_eq!(checked(store, on(1, RIGHT, 3)?).await?, "approved");
    assert_eq!(found(store, 1).await?.day.consecutive_failures, 0);
    assert_eq!(found(store, 1).await?.day.used, 1, "a success refills nothing");
    assert_eq!(checked(store, on(2, WRONG, 3)?).await?, "wrong");
    Ok(())
}

pub async fn a_limited_check_spends_nothing(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let hour = Duration::from_hours(1);
    let mut attempt = check(1, WRONG)?;
    attempt.limits = vec![
        limit("wide", 20, windows(10, hour)),
        limit("narrow", 21, windows(1, hour)),
    ];
    assert_eq!(checked(store, attempt.clone()).await?, "wrong");
    let before = store.limits(&[limit_key(20), limit_key(21)]).await?;
    attempt.code_mac = RIGHT;
    let CheckOutcome::Limited(record, limited) = store.check(attempt.clone()).await? else {
        return Err("not limited".into());
    };
    assert_eq!((limited.name, limited.retry_at), ("narrow", NOON + hour));
    assert_eq!((record.facts.attempts_used, record.day.used), (1, 1));
    assert_eq!(record.facts.status, Status::Pending);
    assert_eq!(store.limits(&[limit_key(20), limit_key(21)]).await?, before);
    attempt.limits.clear();
    assert_eq!(checked(store, attempt).await?, "approved");
    Ok(())
}

pub async fn an_evaluated_check_takes_its_limits(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let mut attempt = check(1, RIGHT)?;
    attempt.limits = vec![limit("address", 20, windows(2, Duration::from_hours(1)))];
    checked(store, attempt).await?;
    let arrivals = store.limits(&[limit_key(20)]).await?;
    assert_eq!(arrivals, [[Some(NOON + Duration::from_mins(30)), None, None]]);
    Ok(())
}

pub async fn what_is_sealed_is_gone_after_every_end(store: &dyn Store) -> Result {
    for name in 1..=4 {
        let mut start = new(name)?;
        start.number = number(name);
        start.attempts_max = 1;
        assert!(started(store, start).await?.sealed.is_some());
    }
    store.check(check(1, RIGHT)?).await?;
    store.check(check(2, WRONG)?).await?;
    store.cancel(id(3), NOON).await?;
    store.sweep(NOON + TTL, RETENTION).await?;
    for (name, status) in [
        (1, Status::Approved),
        (2, Status::Exhausted),
        (3, Status::Canceled),
        (4, Status::Expired),
    ] {
        let record = found(store, name).await?;
        assert_eq!(record.facts.status, status);
        assert!(record.sealed.is_none(), "{status}");
    }
    Ok(())
}
