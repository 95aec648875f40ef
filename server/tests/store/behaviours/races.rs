//! What holds however many come at once.

use crate::fixtures::*;
use phone_verify::store::{CheckAttempt, CheckOutcome, NewVerification, Redeemed, Store};
use phone_verify_domain::{CheckPolicy, Status, VerificationId};
use std::collections::HashSet;
use std::time::Duration;

const AT_ONCE: u32 = 64;

/// How many of the outcomes of all attempts were `word`.
async fn checked_at_once(store: &dyn Store, attempts: Vec<CheckAttempt>) -> Result<Vec<CheckOutcome>> {
    let checks = attempts.into_iter().map(|attempt| store.check(attempt));
    Ok(futures::future::try_join_all(checks).await?)
}

fn count(outcomes: &[CheckOutcome], word: &str) -> usize {
    let words = outcomes.iter().map(word_of_check);
    words.filter(|outcome| *outcome == word).count()
}

/// Attempts with a token's name each.
fn attempts(name: u32, mac: phone_verify::store::CodeMac, policy: CheckPolicy) -> Result<Vec<CheckAttempt>> {
    let each = |attempt| -> Result<_> {
        Ok(CheckAttempt {
            jti: format!("jti-{name}-{attempt}"),
            policy,
            ..check(name, mac)?
        })
    };
    (0..AT_ONCE).map(each).collect()
}

fn of_own_number(name: u32) -> Result<NewVerification> {
    let mut start = new(name)?;
    start.number = number(name);
    Ok(start)
}

pub async fn of_many_wrong_codes_exactly_the_checks_of_the_verification_are_evaluated(
    store: &dyn Store,
) -> Result {
    for round in 1..=rounds() {
        started(store, of_own_number(round)?).await?;
        let outcomes = checked_at_once(store, attempts(round, WRONG, FREE)?).await?;
        assert_eq!(count(&outcomes, "wrong"), 5);
        assert_eq!(count(&outcomes, "ended"), AT_ONCE as usize - 5);
        let record = found(store, round).await?;
        assert_eq!(
            (record.facts.attempts_used, record.facts.status),
            (5, Status::Exhausted)
        );
        assert_eq!((record.day.used, record.day.consecutive_failures), (5, 5));
    }
    Ok(())
}

pub async fn of_many_wrong_codes_exactly_those_free_of_waiting_are_evaluated(store: &dyn Store) -> Result {
    let policy = CheckPolicy {
        pacing_factor: Duration::from_secs(15),
        ..FREE
    };
    for round in 1..=rounds() {
        started(store, of_own_number(round)?).await?;
        let outcomes = checked_at_once(store, attempts(round, WRONG, policy)?).await?;
        assert_eq!(count(&outcomes, "wrong"), 3);
        assert_eq!(count(&outcomes, "too early"), AT_ONCE as usize - 3);
        let record = found(store, round).await?;
        assert_eq!((record.facts.attempts_used, record.day.used), (3, 3));
    }
    Ok(())
}

pub async fn of_many_right_codes_one_approves_and_all_get_its_token(store: &dyn Store) -> Result {
    for round in 1..=rounds() {
        started(store, of_own_number(round)?).await?;
        let outcomes = checked_at_once(store, attempts(round, RIGHT, FREE)?).await?;
        assert_eq!(count(&outcomes, "approved"), 1);
        assert_eq!(count(&outcomes, "approved before"), AT_ONCE as usize - 1);
        let tokens: HashSet<String> = outcomes
            .into_iter()
            .filter_map(|outcome| match outcome {
                CheckOutcome::Approved(record) | CheckOutcome::ApprovedBefore(record) => record.token,
                _ => None,
            })
            .map(|token| token.jti)
            .collect();
        assert_eq!(tokens.len(), 1);
        let record = found(store, round).await?;
        assert_eq!((record.facts.attempts_used, record.day.used), (1, 1));
    }
    Ok(())
}

pub async fn of_many_checks_on_many_verifications_exactly_the_number_s_day_is_evaluated(
    store: &dyn Store,
) -> Result {
    let verifications = 8;
    let policy = CheckPolicy {
        per_number_per_day: 10,
        ..FREE
    };
    for round in 1..=rounds() {
        let mut all = Vec::new();
        for name in 0..verifications {
            let name = round * verifications + name;
            let mut start = new(name)?;
            start.number = number(round);
            start.attempts_max = 100;
            started(store, start).await?;
            all.extend(attempts(name, WRONG, policy)?);
        }
        let outcomes = checked_at_once(store, all).await?;
        assert_eq!(count(&outcomes, "wrong"), 10);
        assert_eq!(count(&outcomes, "day spent"), outcomes.len() - 10);
        let mut spent = 0;
        for name in 0..verifications {
            let record = found(store, round * verifications + name).await?;
            spent += record.facts.attempts_used;
            assert_eq!(record.day.used, 10);
        }
        assert_eq!(spent, 10);
    }
    Ok(())
}

pub async fn of_many_starts_exactly_those_the_limit_allows_are_written(store: &dyn Store) -> Result {
    for round in 1..=rounds() {
        let starts = (0..AT_ONCE).map(|start| -> Result<_> {
            let mut new = new(0)?;
            new.id = pair(round, start);
            new.number = number(start);
            new.limits = vec![
                limit("number", round, windows(3, Duration::from_hours(1))),
                limit("site", 1_000_000 + round, windows(1_000, Duration::from_hours(1))),
            ];
            Ok(new)
        });
        let starts: Vec<NewVerification> = starts.collect::<Result<_>>()?;
        let ids: Vec<VerificationId> = starts.iter().map(|start| start.id).collect();
        let outcomes =
            futures::future::try_join_all(starts.into_iter().map(|start| store.start(start))).await?;
        let words: Vec<&str> = outcomes.iter().map(word_of_start).collect();
        assert_eq!(words.iter().filter(|word| **word == "started").count(), 3);
        assert_eq!(
            words.iter().filter(|word| **word == "limited").count(),
            AT_ONCE as usize - 3
        );
        for (id, word) in ids.into_iter().zip(words) {
            assert_eq!(store.find(id).await?.is_some(), word == "started");
        }
        let arrivals = store.limits(&[limit_key(1_000_000 + round)]).await?;
        let used = Duration::from_hours(1) / 1_000 * 3;
        assert_eq!(
            arrivals,
            [[Some(NOON + used), None, None]],
            "refused starts take nothing of any limit"
        );
    }
    Ok(())
}

pub async fn of_many_numbers_starts_exactly_those_their_shared_limit_allows_are_written(
    store: &dyn Store,
) -> Result {
    let hour = Duration::from_hours(1);
    for round in 1..=rounds() {
        let own = |start| 1_000 * round + start;
        let starts = (0..AT_ONCE).map(|start| -> Result<_> {
            let mut new = new(0)?;
            new.id = pair(round, start);
            new.number = number(own(start));
            new.limits = vec![
                limit("number", own(start), windows(5, hour)),
                limit("site", 1_000_000 + round, windows(3, hour)),
            ];
            Ok(new)
        });
        let starts: Vec<NewVerification> = starts.collect::<Result<_>>()?;
        let outcomes =
            futures::future::try_join_all(starts.into_iter().map(|start| store.start(start))).await?;
        let mut written = 0;
        for (start, outcome) in (0..AT_ONCE).zip(&outcomes) {
            let is_started = word_of_start(outcome) == "started";
            written += u32::from(is_started);
            assert_eq!(store.find(pair(round, start)).await?.is_some(), is_started);
            let used = is_started.then(|| NOON + hour / 5);
            assert_eq!(
                store.limits(&[limit_key(own(start))]).await?,
                [[used, None, None]]
            );
        }
        assert_eq!(written, 3);
        let stands = store.limits(&[limit_key(1_000_000 + round)]).await?;
        assert_eq!(stands, [[Some(NOON + hour), None, None]]);
    }
    Ok(())
}

pub async fn of_many_starts_of_one_number_no_more_stay_than_may_be_pending(store: &dyn Store) -> Result {
    let mut pending = 0;
    let starts: Vec<NewVerification> = (0..AT_ONCE)
        .map(|name| {
            let mut start = new(name)?;
            start.pending_max = 5;
            start.limits = vec![limit("number", 20, windows(1_000, DAY))];
            Ok(start)
        })
        .collect::<Result<_>>()?;
    let outcomes = futures::future::try_join_all(starts.into_iter().map(|start| store.start(start))).await?;
    assert!(outcomes.iter().all(|outcome| word_of_start(outcome) == "started"));
    for name in 0..AT_ONCE {
        if found(store, name).await?.facts.status == Status::Pending {
            pending += 1;
        }
    }
    assert_eq!(pending, 5);
    Ok(())
}

pub async fn of_many_starts_under_one_key_one_is_carried_out(store: &dyn Store) -> Result {
    for round in 1..=rounds() {
        let starts = (0..AT_ONCE).map(|start| -> Result<_> {
            let mut new = of_own_number(round)?;
            new.id = pair(round, start);
            new.idempotency = Some(idempotency(&format!("key-{round}"), 1, NOON)?);
            new.limits = vec![limit("number", round, windows(1, DAY))];
            Ok(new)
        });
        let starts: Vec<NewVerification> = starts.collect::<Result<_>>()?;
        let outcomes =
            futures::future::try_join_all(starts.into_iter().map(|start| store.start(start))).await?;
        let words: Vec<&str> = outcomes.iter().map(word_of_start).collect();
        assert_eq!(words.iter().filter(|word| **word == "started").count(), 1);
        assert_eq!(
            words.iter().filter(|word| **word == "repeated").count(),
            AT_ONCE as usize - 1
        );
    }
    Ok(())
}

pub async fn of_many_resends_exactly_the_sends_of_the_verification_leave(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let resends: Vec<_> = (0..AT_ONCE)
        .map(|delivery| new_delivery(1, 100 + delivery, NOON))
        .collect::<Result<_>>()?;
    let outcomes =
        futures::future::try_join_all(resends.into_iter().map(|resend| store.resend(resend))).await?;
    let words: Vec<&str> = outcomes.iter().map(word_of_resend).collect();
    assert_eq!(words.iter().filter(|word| **word == "sending").count(), 4);
    assert_eq!(
        words.iter().filter(|word| **word == "refused").count(),
        AT_ONCE as usize - 4
    );
    assert_eq!(found(store, 1).await?.facts.sends_used, 5);
    Ok(())
}

pub async fn of_many_redemptions_one_is_the_first(store: &dyn Store) -> Result {
    for round in 1..=rounds() {
        started(store, of_own_number(round)?).await?;
        let attempt = check(round, RIGHT)?;
        store.check(attempt.clone()).await?;
        let site = site()?;
        let redemptions = (0..AT_ONCE).map(|_| store.redeem(&site, &attempt.jti, NOON));
        let outcomes = futures::future::try_join_all(redemptions).await?;
        assert_eq!(
            outcomes
                .iter()
                .filter(|outcome| **outcome == Redeemed::Now)
                .count(),
            1
        );
        assert!(outcomes.iter().all(|outcome| *outcome != Redeemed::Unknown));
    }
    Ok(())
}

/// Starts that cancel, resends, checks, cancellations and sweeps of one number, all at once: none fails, and the
/// counters add up.
pub async fn everything_at_once_on_one_number_adds_up(store: &dyn Store) -> Result {
    for round in 1..=rounds() {
        let names: Vec<u32> = (0..8).map(|name| round * 8 + name).collect();
        let limits = vec![
            limit("number", round, windows(1_000, DAY)),
            limit("site", 1_000_000, windows(10_000, DAY)),
        ];
        for name in &names {
            let mut start = new(*name)?;
            start.number = number(round);
            start.attempts_max = 4;
            start.limits.clone_from(&limits);
            started(store, start).await?;
        }
        let mut attempts = Vec::new();
        for name in &names {
            for _ in 0..6 {
                attempts.push(check(*name, WRONG)?);
            }
        }
        let mut resends = Vec::new();
        let mut starts = Vec::new();
        for name in &names {
            let mut resend = new_delivery(*name, 200, NOON)?;
            resend.limits.clone_from(&limits);
            resends.push(resend);
            let mut start = new(*name)?;
            start.id = pair(1_000_000, *name);
            start.number = number(round);
            start.pending_max = 6;
            start.limits.clone_from(&limits);
            starts.push(start);
        }
        let (outcomes, _, _, _, _) = futures::try_join!(
            futures::future::try_join_all(attempts.into_iter().map(|attempt| store.check(attempt))),
            futures::future::try_join_all(resends.into_iter().map(|resend| store.resend(resend))),
            futures::future::try_join_all(starts.into_iter().map(|start| store.start(start))),
            futures::future::try_join_all(names.iter().map(|name| store.cancel(id(*name), NOON))),
            futures::future::try_join_all(names.iter().map(|_| store.sweep(NOON, RETENTION))),
        )?;
        let wrong = u32::try_from(count(&outcomes, "wrong"))?;
        let mut spent = 0;
        for name in &names {
            let record = found(store, *name).await?;
            spent += record.facts.attempts_used;
            assert_eq!(record.day.used, wrong);
        }
        assert_eq!(spent, wrong);
    }
    Ok(())
}
