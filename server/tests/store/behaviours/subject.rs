//! A subject holds the number that it proved, as long as the site's rules leave it.

use crate::fixtures::*;
use futures::future::try_join_all;
use phone_verify::store::{Claim, Claimed, Conflict, NewVerification, Redeemed, Sealed, Store};
use phone_verify_domain::{Channel, Timestamp};
use std::time::Duration;

/// The token of a verification called `name`, approved at `now`.
async fn token(store: &dyn Store, start: NewVerification, name: u32, now: Timestamp) -> Result<String> {
    started(store, start).await?;
    let attempt = check_at(name, RIGHT, now)?;
    let word = checked(store, attempt.clone()).await?;
    assert_eq!(word, "approved");
    Ok(attempt.jti)
}

fn claim(subject: &str, jti: &str, now: Timestamp) -> Result<Claim> {
    Ok(Claim {
        site: site()?,
        subject: subject.to_owned(),
        jti: jti.to_owned(),
        now,
        subjects_per_number: 1,
        conflict: Conflict::Reject,
        proved_too_long_ago: None,
    })
}

/// What a claim came to; of one that holds, those that gave way to it.
async fn claimed(store: &dyn Store, claim: Claim) -> Result<String> {
    Ok(match store.claim_number(claim).await? {
        Claimed::Holds(held) | Claimed::Before(held) => {
            format!("holds {}", held.released.join(" ")).trim_end().to_owned()
        }
        Claimed::Taken => "taken".to_owned(),
        Claimed::Redeemed => "redeemed".to_owned(),
        Claimed::Unknown => "unknown".to_owned(),
    })
}

async fn holds(store: &dyn Store, subject: &str) -> Result<bool> {
    Ok(store.subject_number(&site()?, subject).await?.is_some())
}

pub async fn a_claim_redeems_the_token_and_the_subject_holds_its_number(store: &dyn Store) -> Result {
    let start = NewVerification {
        number_sealed: Some(Sealed {
            key_id: 9,
            bytes: b"number".to_vec(),
        }),
        ..new(1)?
    };
    let jti = token(store, start, 1, NOON).await?;
    assert_eq!(claimed(store, claim("a", &jti, NOON)?).await?, "holds");
    let held = store.subject_number(&site()?, "a").await?.ok_or("a number")?;
    assert!(held.number == number(1) && held.verified_at == NOON && held.channel == Channel::Sms);
    assert_eq!(
        (held.mask.as_str(), held.country.as_str()),
        ("+1 ••• ••• ••34", "US")
    );
    let sealed = held.number_sealed.ok_or("the number")?;
    assert_eq!(
        (sealed.key_id, sealed.bytes.as_slice()),
        (9, b"number".as_slice())
    );
    assert_eq!(store.redeem(&site()?, &jti, NOON).await?, Redeemed::Before);
    assert!(!holds(store, "b").await?);
    assert!(store.subject_number(&other_site()?, "a").await?.is_none());
    Ok(())
}

pub async fn the_same_claim_again_is_answered_alike_and_no_other_one_is(store: &dyn Store) -> Result {
    let jti = token(store, new(1)?, 1, NOON).await?;
    for _ in 0..3 {
        assert_eq!(claimed(store, claim("a", &jti, NOON)?).await?, "holds");
    }
    assert_eq!(claimed(store, claim("b", &jti, NOON)?).await?, "redeemed");
    store.release_number(&site()?, "a", NOON).await?;
    assert_eq!(claimed(store, claim("a", &jti, NOON)?).await?, "redeemed");
    assert!(!holds(store, "a").await? && !holds(store, "b").await?);
    Ok(())
}

pub async fn a_token_that_is_redeemed_expired_or_another_site_s_claims_nothing(store: &dyn Store) -> Result {
    let jti = token(store, new(1)?, 1, NOON).await?;
    let expiry = NOON + Duration::from_mins(5);
    assert_eq!(claimed(store, claim("a", &jti, expiry)?).await?, "unknown");
    assert_eq!(claimed(store, claim("a", "another", NOON)?).await?, "unknown");
    let foreign = Claim {
        site: other_site()?,
        ..claim("a", &jti, NOON)?
    };
    assert_eq!(claimed(store, foreign).await?, "unknown");
    assert_eq!(store.redeem(&site()?, &jti, NOON).await?, Redeemed::Now);
    assert_eq!(claimed(store, claim("a", &jti, NOON)?).await?, "redeemed");
    assert!(!holds(store, "a").await?);
    Ok(())
}

pub async fn a_refused_claim_redeems_nothing_and_is_good_after_a_release(store: &dyn Store) -> Result {
    let first = token(store, new(1)?, 1, NOON).await?;
    let second = token(store, new(2)?, 2, NOON).await?;
    assert_eq!(claimed(store, claim("a", &first, NOON)?).await?, "holds");
    assert_eq!(claimed(store, claim("b", &second, NOON)?).await?, "taken");
    assert!(holds(store, "a").await? && !holds(store, "b").await?);
    assert!(store.release_number(&site()?, "a", NOON).await?.is_some());
    assert!(store.release_number(&site()?, "a", NOON).await?.is_none());
    assert_eq!(claimed(store, claim("b", &second, NOON)?).await?, "holds");
    Ok(())
}

pub async fn moving_takes_the_number_from_the_one_that_proved_it_longest_ago(store: &dyn Store) -> Result {
    for (name, subject) in [(1, "a"), (2, "b"), (3, "c")] {
        let now = NOON + Duration::from_secs(u64::from(name));
        let jti = token(store, new(name)?, name, now).await?;
        let claim = Claim {
            subjects_per_number: 2,
            conflict: Conflict::Move,
            ..claim(subject, &jti, now)?
        };
        let expected = if name == 3 { "holds a" } else { "holds" };
        assert_eq!(claimed(store, claim.clone()).await?, expected);
        // An answer that was lost is given again, with whom it was taken from.
        assert_eq!(claimed(store, claim).await?, expected);
    }
    assert!(!holds(store, "a").await? && holds(store, "b").await? && holds(store, "c").await?);
    Ok(())
}

pub async fn who_proved_it_too_long_ago_gives_way_even_where_conflicts_are_refused(
    store: &dyn Store,
) -> Result {
    let first = token(store, new(1)?, 1, NOON).await?;
    assert_eq!(claimed(store, claim("a", &first, NOON)?).await?, "holds");
    let now = NOON + Duration::from_mins(1);
    let second = token(store, new(2)?, 2, now).await?;
    let claim = |moment| -> Result<_> {
        Ok(Claim {
            proved_too_long_ago: Some(moment),
            ..claim("b", &second, now)?
        })
    };
    let earlier = before(NOON, Duration::from_millis(1));
    assert_eq!(claimed(store, claim(earlier)?).await?, "taken");
    assert_eq!(claimed(store, claim(NOON)?).await?, "holds a");
    assert!(!holds(store, "a").await?);
    Ok(())
}

pub async fn a_subject_s_new_number_leaves_the_old_one_to_others(store: &dyn Store) -> Result {
    let first = token(store, new(1)?, 1, NOON).await?;
    let mut start = new(2)?;
    start.number = number(2);
    let second = token(store, start, 2, NOON).await?;
    let third = token(store, new(3)?, 3, NOON).await?;
    assert_eq!(claimed(store, claim("a", &first, NOON)?).await?, "holds");
    let again = store.claim_number(claim("a", &first, NOON)?).await?;
    assert!(matches!(again, Claimed::Before(held) if held.left.is_none()));
    let changed = store.claim_number(claim("a", &second, NOON)?).await?;
    assert!(matches!(changed, Claimed::Holds(held) if held.left == Some(number(1))));
    let held = store.subject_number(&site()?, "a").await?.ok_or("a number")?;
    assert!(held.number == number(2));
    assert_eq!(claimed(store, claim("b", &third, NOON)?).await?, "holds");
    Ok(())
}

pub async fn of_many_claims_of_one_number_exactly_those_allowed_hold_it(store: &dyn Store) -> Result {
    const AT_ONCE: u32 = 64;
    for round in 1..=rounds() {
        let allowed = 1 + (round - 1) % 3;
        // At once, so that they share commits.
        let tokens = try_join_all((0..AT_ONCE).map(async |member| {
            let name = round * 1_000 + member;
            let start = NewVerification {
                number: number(round),
                ..new(name)?
            };
            token(store, start, name, NOON).await
        }));
        let claims = (0..).zip(tokens.await?).map(|(member, jti)| -> Result<_> {
            Ok(Claim {
                subjects_per_number: allowed,
                ..claim(&format!("{round} {member}"), &jti, NOON)?
            })
        });
        let claims: Vec<Claim> = claims.collect::<Result<_>>()?;
        let outcomes = try_join_all(claims.into_iter().map(|claim| store.claim_number(claim))).await?;
        let count = |wanted: fn(&Claimed) -> bool| outcomes.iter().filter(|outcome| wanted(outcome)).count();
        assert_eq!(
            count(|outcome| matches!(outcome, Claimed::Holds(_))),
            allowed as usize
        );
        assert_eq!(
            count(|outcome| matches!(outcome, Claimed::Taken)),
            (AT_ONCE - allowed) as usize
        );
        let mut holders = 0;
        for member in 0..AT_ONCE {
            holders += u32::from(holds(store, &format!("{round} {member}")).await?);
        }
        assert_eq!(holders, allowed);
    }
    Ok(())
}

pub async fn of_many_moves_of_one_number_one_holds_it_in_the_end(store: &dyn Store) -> Result {
    const AT_ONCE: u32 = 32;
    let tokens = try_join_all((1..=AT_ONCE).map(async |name| token(store, new(name)?, name, NOON).await));
    let claims = (1..)
        .zip(tokens.await?)
        .map(|(name, jti): (u32, String)| -> Result<_> {
            Ok(Claim {
                conflict: Conflict::Move,
                ..claim(&format!("subject {name}"), &jti, NOON)?
            })
        });
    let claims: Vec<Claim> = claims.collect::<Result<_>>()?;
    let outcomes = try_join_all(claims.into_iter().map(|claim| store.claim_number(claim))).await?;
    let mut released = Vec::new();
    for outcome in outcomes {
        match outcome {
            Claimed::Holds(held) => released.extend(held.released),
            other => return Err(format!("not moved: {other:?}").into()),
        }
    }
    let mut holders = Vec::new();
    for name in 1..=AT_ONCE {
        let subject = format!("subject {name}");
        if holds(store, &subject).await? {
            holders.push(subject);
        }
    }
    assert_eq!((holders.len(), released.len()), (1, AT_ONCE as usize - 1));
    released.extend(holders);
    released.sort_unstable();
    released.dedup();
    assert_eq!(
        released.len(),
        AT_ONCE as usize,
        "each gave way once but the last"
    );
    Ok(())
}
