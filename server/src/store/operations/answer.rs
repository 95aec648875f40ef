use super::check::{announce_end, approved_by, insert_token, take};
use super::{Connection, Result, breaker, limits, read, row};
use crate::store::{AnswerOutcome, CheckAnswer, CheckAttempt, Limited, Listeners, Record, sql};
use phone_verify_domain::{Status, VerificationId};
use sqlx::Connection as _;

/// Writes what the provider answered to a check that is spent.
pub(in super::super) async fn answer_check(
    connection: &mut Connection,
    attempt: &CheckAttempt,
    answer: CheckAnswer,
    listeners: &Listeners,
) -> Result<AnswerOutcome> {
    let mut transaction = connection.begin().await?;
    let moved = match answer {
        CheckAnswer::Right => approve(&mut transaction, attempt).await?,
        CheckAnswer::Wrong | CheckAnswer::Lost => dismiss(&mut transaction, attempt).await?,
        CheckAnswer::Gone { ends, at_once } => end(&mut transaction, attempt, ends, at_once).await?,
    };
    if !moved {
        transaction.rollback().await?;
        return ended_meanwhile(connection, attempt, answer).await;
    }
    let record = read::written(&mut transaction, attempt.id).await?;
    let too_many = match answer {
        CheckAnswer::Wrong => count_failure(&mut transaction, attempt, &record).await?,
        _ => None,
    };
    announce_end(&mut transaction, listeners, attempt, &record).await?;
    if answer == CheckAnswer::Right {
        let counted = breaker::counted(&mut transaction, attempt.id).await?;
        limits::give_back(&mut transaction, &attempt.gives_back).await?;
        breaker::approved(&mut transaction, counted, attempt.now).await?;
    }
    transaction.commit().await?;
    Ok(match (answer, record.facts.status) {
        (CheckAnswer::Right, _) => AnswerOutcome::Approved(record),
        (CheckAnswer::Gone { .. }, Status::Pending) => AnswerOutcome::Unanswered(record),
        _ => AnswerOutcome::Stands(record, too_many),
    })
}

async fn approve(connection: &mut Connection, attempt: &CheckAttempt) -> Result<bool> {
    let approved = sqlx::query(sql::APPROVE_ANSWERED)
        .bind(id(&attempt.id))
        .bind(attempt.now.as_millis())
        .bind(attempt.code_mac.0.as_slice())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = approved else {
        return Ok(false);
    };
    if attempt.counts_in_day {
        let day_of: [u8; 32] = row::bytes(&row, "day_of")?;
        sqlx::query(sql::FORGIVE_FAILURES)
            .bind(attempt.site.as_str())
            .bind(day_of.as_slice())
            .execute(&mut *connection)
            .await?;
    }
    insert_token(connection, attempt).await?;
    Ok(true)
}

async fn dismiss(connection: &mut Connection, attempt: &CheckAttempt) -> Result<bool> {
    let dismissed = sqlx::query(sql::DISMISS_ANSWERED)
        .bind(id(&attempt.id))
        .bind(attempt.now.as_millis())
        .fetch_optional(connection)
        .await?;
    Ok(dismissed.is_some())
}

async fn end(
    connection: &mut Connection,
    attempt: &CheckAttempt,
    ends: Status,
    at_once: bool,
) -> Result<bool> {
    let ended = sqlx::query(sql::END_ANSWERED)
        .bind(id(&attempt.id))
        .bind(attempt.now.as_millis())
        .bind(ends.as_str())
        .bind(if at_once { i64::MAX } else { 1 })
        .fetch_optional(connection)
        .await?;
    Ok(ended.is_some())
}

/// A wrong code uses its limit, and locks the number once its day is used up.
async fn count_failure(
    connection: &mut Connection,
    attempt: &CheckAttempt,
    record: &Record,
) -> Result<Option<Limited>> {
    let day = record.day;
    let is_used_up = day.used >= attempt.policy.a_day_after(day.consecutive_failures);
    if attempt.counts_in_day && day.day >= attempt.now.utc_day() && is_used_up {
        take(connection, attempt.lock.as_ref(), attempt.now).await?;
    }
    take(connection, attempt.failures.as_ref(), attempt.now).await
}

/// The verification ended between the check and its answer.
async fn ended_meanwhile(
    connection: &mut Connection,
    attempt: &CheckAttempt,
    answer: CheckAnswer,
) -> Result<AnswerOutcome> {
    let Some(record) = read::record(connection, attempt.id).await? else {
        return Ok(AnswerOutcome::NotFound);
    };
    let may_be_right = !matches!(answer, CheckAnswer::Wrong | CheckAnswer::Lost);
    if may_be_right && approved_by(connection, attempt).await? {
        return Ok(AnswerOutcome::ApprovedBefore(record));
    }
    Ok(AnswerOutcome::EndedBefore(record))
}

fn id(id: &VerificationId) -> &[u8] {
    id.as_bytes().as_slice()
}
