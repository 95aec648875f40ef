//! What a known subject uses is its own: no stranger can use it up, and nobody else's is used.

use crate::fixtures::*;
use phone_verify::store::{CheckAttempt, LimitKey, NewVerification, StartOutcome, Store};
use phone_verify_domain::{CheckPolicy, Status};

const SUBJECT: u32 = 50;

fn of_subject(name: u32) -> Result<NewVerification> {
    Ok(NewVerification {
        known_subject: Some(limit_key(SUBJECT)),
        ..new(name)?
    })
}

fn once_a_day(name: u32) -> Result<CheckAttempt> {
    Ok(CheckAttempt {
        policy: CheckPolicy {
            per_number_per_day: 1,
            ..FREE
        },
        ..check(name, WRONG)?
    })
}

pub async fn a_known_subject_is_kept_with_its_verification(store: &dyn Store) -> Result {
    let is_subject = |known: Option<LimitKey>| known == Some(limit_key(SUBJECT));
    assert!(is_subject(started(store, of_subject(1)?).await?.known_subject));
    assert!(is_subject(found(store, 1).await?.known_subject));
    assert!(started(store, new(2)?).await?.known_subject.is_none());
    Ok(())
}

pub async fn a_known_subject_s_day_of_checks_and_the_number_s_are_two(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    started(store, of_subject(2)?).await?;
    assert_eq!(checked(store, once_a_day(1)?).await?, "wrong");
    assert_eq!(checked(store, once_a_day(1)?).await?, "day spent");
    assert_eq!(found(store, 2).await?.day.used, 0);
    assert_eq!(checked(store, once_a_day(2)?).await?, "wrong");
    assert_eq!(checked(store, once_a_day(2)?).await?, "day spent");
    assert_eq!(
        (found(store, 1).await?.day.used, found(store, 2).await?.day.used),
        (1, 1)
    );
    assert_eq!(found(store, 2).await?.facts.attempts_used, 1);
    Ok(())
}

pub async fn a_known_subject_has_one_day_over_all_its_verifications(store: &dyn Store) -> Result {
    started(store, of_subject(1)?).await?;
    let mut another_number = of_subject(2)?;
    another_number.number = number(9);
    started(store, another_number).await?;
    assert_eq!(checked(store, once_a_day(1)?).await?, "wrong");
    assert_eq!(checked(store, once_a_day(2)?).await?, "day spent");
    Ok(())
}

/// Of a number's live verifications strangers' end first.
pub async fn no_stranger_s_start_ends_a_known_subject_s_verification(store: &dyn Store) -> Result {
    started(store, of_subject(1)?).await?;
    for name in 2..6 {
        let mut start = new(name)?;
        start.pending_max = 2;
        match store.start(start).await? {
            StartOutcome::Started(..) => {}
            other => return Err(word_of_start(&other).into()),
        }
    }
    let mut live = Vec::new();
    for name in 1..6 {
        if found(store, name).await?.facts.status == Status::Pending {
            live.push(name);
        }
    }
    assert_eq!(live.len(), 2);
    assert!(live.contains(&1), "{live:?}");
    Ok(())
}

pub async fn a_check_that_does_not_count_leaves_every_day_as_it_was(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    let uncounted = CheckAttempt {
        counts_in_day: false,
        ..once_a_day(1)?
    };
    for _ in 0..3 {
        assert_eq!(checked(store, uncounted.clone()).await?, "wrong");
    }
    assert_eq!(found(store, 1).await?.day.used, 0);
    assert_eq!(found(store, 1).await?.facts.attempts_used, 3);
    Ok(())
}
