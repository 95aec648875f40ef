//! Codes that a provider keeps: a check is spent first, and its answer moves the verification later.

use crate::fixtures::*;
use phone_verify::store::{
    AnswerOutcome, CheckAnswer, CheckAttempt, KeptCode, NewVerification, Record, Settle, Store,
};
use phone_verify_domain::{Status, Timestamp};
use std::time::Duration;

const LATER: Timestamp = Timestamp::from_millis(NOON.as_millis() + 2_000);

const FORGOTTEN: CheckAnswer = CheckAnswer::Gone {
    ends: Status::Expired,
    at_once: false,
};

fn provided() -> Result<NewVerification> {
    Ok(NewVerification {
        code: KeptCode::Providers,
        ..new(1)?
    })
}

async fn ask(store: &dyn Store) -> Result<&'static str> {
    checked(store, check(1, WRONG)?).await
}

/// Answers a check of the right code, or of a wrong one.
async fn answer(store: &dyn Store, answer: CheckAnswer) -> Result<(&'static str, Record)> {
    let code = match answer {
        CheckAnswer::Wrong => WRONG,
        _ => RIGHT,
    };
    Ok(
        match store.answer_check(check_at(1, code, LATER)?, answer).await? {
            AnswerOutcome::Approved(record) => ("approved", record),
            AnswerOutcome::ApprovedBefore(record) => ("approved before", record),
            AnswerOutcome::Stands(record, _) => ("stands", record),
            AnswerOutcome::EndedBefore(record) => ("ended before", record),
            AnswerOutcome::Unanswered(record) => ("unanswered", record),
            AnswerOutcome::NotFound => return Err("not found".into()),
        },
    )
}

pub async fn a_check_is_spent_before_the_answer_and_approves_nothing(store: &dyn Store) -> Result {
    started(store, provided()?).await?;
    assert_eq!(checked(store, check(1, RIGHT)?).await?, "ask");
    let record = found(store, 1).await?;
    assert_eq!(
        (record.facts.attempts_used, record.facts.status),
        (1, Status::Pending)
    );
    assert_eq!((record.day.used, record.day.consecutive_failures), (1, 1));
    assert!(record.token.is_none() && record.sealed.is_some());
    Ok(())
}

pub async fn a_right_answer_gives_back_a_send_of_the_address(store: &dyn Store) -> Result {
    let address = || limit("address", 31, windows(1, DAY));
    let mut start = provided()?;
    start.limits = vec![address()];
    started(store, start).await?;
    ask(store).await?;
    let attempt = |code| -> Result<CheckAttempt> {
        Ok(CheckAttempt {
            gives_back: vec![address()],
            ..check_at(1, code, LATER)?
        })
    };
    let used = store.limits(&[address().key]).await?;
    store.answer_check(attempt(WRONG)?, CheckAnswer::Wrong).await?;
    assert_eq!(store.limits(&[address().key]).await?, used);
    ask(store).await?;
    store.answer_check(attempt(RIGHT)?, CheckAnswer::Right).await?;
    assert_eq!(store.limits(&[address().key]).await?, [[Some(NOON), None, None]]);
    Ok(())
}

pub async fn the_right_answer_approves_and_its_code_repeats(store: &dyn Store) -> Result {
    started(store, provided()?).await?;
    ask(store).await?;
    let (word, record) = answer(store, CheckAnswer::Right).await?;
    assert_eq!((word, record.facts.status), ("approved", Status::Approved));
    assert!(record.token.is_some() && record.sealed.is_none());
    assert_eq!((record.day.used, record.day.consecutive_failures), (1, 0));
    assert_eq!(
        checked(store, check_at(1, RIGHT, LATER)?).await?,
        "approved before"
    );
    assert_eq!(checked(store, check_at(1, WRONG, LATER)?).await?, "ended");
    Ok(())
}

pub async fn of_answers_to_checks_under_way_one_approves(store: &dyn Store) -> Result {
    started(store, provided()?).await?;
    for _ in 0..3 {
        ask(store).await?;
    }
    assert_eq!(answer(store, CheckAnswer::Right).await?.0, "approved");
    assert_eq!(answer(store, CheckAnswer::Right).await?.0, "approved before");
    assert_eq!(answer(store, FORGOTTEN).await?.0, "approved before");
    assert_eq!(found(store, 1).await?.facts.status, Status::Approved);
    Ok(())
}

pub async fn the_last_check_exhausts_once_it_is_answered_and_not_before(store: &dyn Store) -> Result {
    started(store, provided()?).await?;
    for _ in 0..5 {
        assert_eq!(ask(store).await?, "ask");
    }
    assert_eq!(ask(store).await?, "unanswered");
    for _ in 0..4 {
        let (_, record) = answer(store, CheckAnswer::Wrong).await?;
        assert_eq!(record.facts.status, Status::Pending);
    }
    let (_, record) = answer(store, CheckAnswer::Lost).await?;
    assert_eq!(
        (record.facts.attempts_used, record.facts.status),
        (5, Status::Exhausted)
    );
    assert_eq!(ask(store).await?, "ended");
    Ok(())
}

pub async fn the_last_check_may_still_be_right(store: &dyn Store) -> Result {
    started(store, provided()?).await?;
    for _ in 0..5 {
        ask(store).await?;
    }
    answer(store, CheckAnswer::Wrong).await?;
    assert_eq!(answer(store, CheckAnswer::Right).await?.0, "approved");
    assert_eq!(
        answer(store, CheckAnswer::Wrong).await?.1.facts.status,
        Status::Approved
    );
    Ok(())
}

pub async fn what_the_provider_has_forgotten_ends_once_no_check_is_under_way(store: &dyn Store) -> Result {
    started(store, provided()?).await?;
    ask(store).await?;
    ask(store).await?;
    assert_eq!(answer(store, FORGOTTEN).await?.0, "unanswered");
    let (word, record) = answer(store, FORGOTTEN).await?;
    assert_eq!((word, record.facts.status), ("stands", Status::Expired));
    assert!(record.sealed.is_none());

    // One whose process died with a check under way ends when it is told to.
    let other = NewVerification {
        code: KeptCode::Providers,
        ..new(2)?
    };
    started(store, other).await?;
    for _ in 0..2 {
        checked(store, check(2, WRONG)?).await?;
    }
    let at_once = CheckAnswer::Gone {
        ends: Status::Exhausted,
        at_once: true,
    };
    store.answer_check(check_at(2, WRONG, LATER)?, at_once).await?;
    assert_eq!(found(store, 2).await?.facts.status, Status::Exhausted);
    Ok(())
}

pub async fn an_answer_after_the_end_changes_nothing(store: &dyn Store) -> Result {
    started(store, provided()?).await?;
    ask(store).await?;
    store.cancel(id(1), NOON).await?;
    let (word, record) = answer(store, CheckAnswer::Right).await?;
    assert_eq!((word, record.facts.status), ("ended before", Status::Canceled));
    assert!(record.token.is_none());

    let expiring = NewVerification {
        code: KeptCode::Providers,
        ..new(2)?
    };
    started(store, expiring).await?;
    checked(store, check(2, RIGHT)?).await?;
    let too_late = check_at(2, RIGHT, NOON + Duration::from_mins(10))?;
    let outcome = store.answer_check(too_late, CheckAnswer::Right).await?;
    assert!(matches!(outcome, AnswerOutcome::EndedBefore(_)));
    assert!(found(store, 2).await?.token.is_none());
    Ok(())
}

pub async fn a_wrong_answer_counts_and_a_right_one_forgives(store: &dyn Store) -> Result {
    started(store, provided()?).await?;
    for failures in 1..=3 {
        ask(store).await?;
        let (_, record) = answer(store, CheckAnswer::Wrong).await?;
        assert_eq!(
            (record.day.used, record.day.consecutive_failures),
            (failures, failures)
        );
    }
    ask(store).await?;
    let (_, record) = answer(store, CheckAnswer::Right).await?;
    assert_eq!((record.day.used, record.day.consecutive_failures), (4, 0));
    Ok(())
}

pub async fn the_last_reference_of_the_sender_is_found(store: &dyn Store) -> Result {
    started(store, provided()?).await?;
    assert_eq!(store.sender_reference(id(1), "verify").await?, None);
    store
        .settle(Settle {
            sender: "verify".to_owned(),
            sender_reference: Some("VE1".to_owned()),
            ..accepted(1, 1, NOON)
        })
        .await?;
    assert_eq!(
        store.sender_reference(id(1), "verify").await?.as_deref(),
        Some("VE1")
    );
    assert_eq!(store.sender_reference(id(1), "messages").await?, None);
    Ok(())
}
