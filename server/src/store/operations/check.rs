use super::breaker::{self, Counted};
use super::{Connection, Result, announce, begin, limits, read, row};
use crate::hooks::EventKind;
use crate::store::commit::Commit;
use crate::store::{CheckAttempt, CheckOutcome, CodeHolder, LimitUse, Limited, Listeners, Record, sql};
use phone_verify_domain::{CheckPolicy, Status, Timestamp};
use std::time::Duration;

/// Spends one check and compares, or does nothing. The verification is spent first and the day second, and both or neither:
/// the other order would spend days without evaluating. Rows that others wait for come last.
pub(in super::super) async fn check(
    connection: &mut Connection,
    attempt: &CheckAttempt,
    listeners: &Listeners,
    commit: Commit,
) -> Result<CheckOutcome> {
    let mut transaction = begin(connection, commit).await?;
    let Some(spent) = spend(&mut transaction, attempt).await? else {
        transaction.rollback().await?;
        return not_evaluated(connection, attempt).await;
    };
    let day = spend_day(&mut transaction, attempt, &spent).await?;
    if matches!(day, Day::Spent) {
        transaction.rollback().await?;
        return refused(connection, attempt, CheckOutcome::DaySpent).await;
    }
    match (&spent.verdict, day) {
        (Verdict::Right, _) => insert_token(&mut transaction, attempt).await?,
        (Verdict::Wrong, Day::UsedUp) => {
            take(&mut transaction, attempt.lock.as_ref(), attempt.now).await?;
        }
        _ => {}
    }
    let record = read::written(&mut transaction, attempt.id).await?;
    if !matches!(spent.verdict, Verdict::Provider) {
        announce_end(&mut transaction, listeners, attempt, &record).await?;
    }
    let limited = limits::take(&mut transaction, &attempt.limits, attempt.now).await?;
    if let Some(limited) = limited {
        transaction.rollback().await?;
        return refused(connection, attempt, |record| {
            CheckOutcome::Limited(record, limited)
        })
        .await;
    }
    let outcome = match spent.verdict {
        Verdict::Right => {
            limits::give_back(&mut transaction, &attempt.gives_back).await?;
            breaker::approved(&mut transaction, spent.counted, attempt.now).await?;
            CheckOutcome::Approved(record)
        }
        Verdict::Wrong => {
            let too_many = take(&mut transaction, attempt.failures.as_ref(), attempt.now).await?;
            CheckOutcome::Wrong(record, too_many)
        }
        Verdict::Provider => CheckOutcome::AskProvider(record),
    };
    transaction.commit().await?;
    Ok(outcome)
}

/// Nothing was written: how the verification stands.
async fn refused(
    connection: &mut Connection,
    attempt: &CheckAttempt,
    outcome: impl FnOnce(Record) -> CheckOutcome,
) -> Result<CheckOutcome> {
    let record = read::record(connection, attempt.id).await?;
    Ok(record.map_or(CheckOutcome::NotFound, outcome))
}

/// Writes down how a check, or the answer to one, ended its verification, if it did.
pub(super) async fn announce_end(
    connection: &mut Connection,
    listeners: &Listeners,
    attempt: &CheckAttempt,
    record: &Record,
) -> Result<()> {
    let (kind, number) = match record.facts.status {
        Status::Approved => (EventKind::VerificationApproved, attempt.number_to_tell.as_ref()),
        Status::Exhausted => (EventKind::VerificationExhausted, None),
        Status::Expired => (EventKind::VerificationExpired, None),
        Status::Pending | Status::Canceled => return Ok(()),
    };
    announce::verification(connection, listeners, (kind, attempt.now), record, number).await
}

/// Takes a limit that refuses nothing; where it would, its row stays as it was.
pub(super) async fn take(
    connection: &mut Connection,
    limit: Option<&LimitUse>,
    now: Timestamp,
) -> Result<Option<Limited>> {
    match limit {
        Some(limit) => limits::take(connection, std::slice::from_ref(limit), now).await,
        None => Ok(None),
    }
}

/// What became of the day that a check counts in.
enum Day {
    /// There is some of it left, or it is not counted.
    Goes,
    /// This wrong code was the last that it takes.
    UsedUp,
    /// It was used up before; nothing was written.
    Spent,
}

/// What the code is.
enum Verdict {
    /// It approved the verification.
    Right,
    /// It did not.
    Wrong,
    /// The provider that made the code is asked.
    Provider,
}

/// What spending a check led to.
struct Spent {
    status: Status,
    verdict: Verdict,
    /// Whose day it counts in.
    day_of: [u8; 32],
    /// What breakers have counted of its sends.
    counted: Option<Counted>,
}

async fn spend(connection: &mut Connection, attempt: &CheckAttempt) -> Result<Option<Spent>> {
    let pacing = Pacing::of(&attempt.policy);
    let spent = sqlx::query(sql::SPEND_CHECK)
        .bind(attempt.id.as_bytes().as_slice())
        .bind(attempt.site.as_str())
        .bind(attempt.code_mac.0.as_slice())
        .bind(attempt.now.as_millis())
        .bind(i64::from(CheckPolicy::FREE_OF_WAITING))
        .bind(pacing.factor)
        .bind(pacing.doublings)
        .fetch_optional(connection)
        .await?;
    spent
        .map(|row| {
            let status = row::word(&row, "status", Status::parse)?;
            let is_watched = row::whole::<u32>(&row, "watched_sends")? > 0;
            Ok(Spent {
                status,
                verdict: match (row::code_holder(&row)?, status) {
                    (CodeHolder::Provider { .. }, _) => Verdict::Provider,
                    (_, Status::Approved) => Verdict::Right,
                    _ => Verdict::Wrong,
                },
                day_of: row::bytes(&row, "day_of")?,
                counted: is_watched.then(|| Counted::read_for_approval(&row)).transpose()?,
            })
        })
        .transpose()
}

async fn spend_day(connection: &mut Connection, attempt: &CheckAttempt, check: &Spent) -> Result<Day> {
    if !attempt.counts_in_day {
        return Ok(Day::Goes);
    }
    let spent = sqlx::query(sql::SPEND_DAY)
        .bind(attempt.site.as_str())
        .bind(check.day_of.as_slice())
        .bind(attempt.now.utc_day())
        .bind(i64::from(check.status != Status::Approved))
        .bind(i64::from(attempt.policy.per_number_per_day))
        .bind(i64::from(CheckPolicy::FAILURES_BEFORE_ONE_A_DAY))
        .fetch_optional(connection)
        .await?;
    let Some(row) = spent else {
        return Ok(Day::Spent);
    };
    let allowed = attempt
        .policy
        .a_day_after(row::whole(&row, "consecutive_failures")?);
    let is_left = row::whole::<u32>(&row, "checks_used")? < allowed;
    Ok(if is_left || check.status == Status::Approved {
        Day::Goes
    } else {
        Day::UsedUp
    })
}

pub(super) async fn insert_token(connection: &mut Connection, attempt: &CheckAttempt) -> Result<()> {
    sqlx::query(sql::INSERT_TOKEN)
        .bind(&attempt.jti)
        .bind(attempt.id.as_bytes().as_slice())
        .bind(attempt.site.as_str())
        .bind(attempt.now.as_millis())
        .bind(attempt.token_expires_at.as_millis())
        .execute(connection)
        .await?;
    Ok(())
}

/// Why nothing was evaluated.
async fn not_evaluated(connection: &mut Connection, attempt: &CheckAttempt) -> Result<CheckOutcome> {
    let record = read::record(connection, attempt.id).await?;
    let Some(record) = record.filter(|record| record.site == attempt.site) else {
        return Ok(CheckOutcome::NotFound);
    };
    Ok(match record.facts.status_at(attempt.now) {
        Status::Pending if record.facts.attempts_left() == 0 => CheckOutcome::Unanswered(record),
        Status::Pending => CheckOutcome::TooEarly(record),
        Status::Approved if approved_by(connection, attempt).await? => CheckOutcome::ApprovedBefore(record),
        _ => CheckOutcome::Ended(record),
    })
}

pub(super) async fn approved_by(connection: &mut Connection, attempt: &CheckAttempt) -> Result<bool> {
    let earliest = same_token_since(attempt.now);
    let approved = sqlx::query(sql::APPROVED_BY)
        .bind(attempt.id.as_bytes().as_slice())
        .bind(attempt.code_mac.0.as_slice())
        .bind(earliest.as_millis())
        .fetch_optional(connection)
        .await?;
    Ok(approved.is_some())
}

/// Approvals before this moment have no repeat, and their codes are forgotten.
pub(super) fn same_token_since(now: Timestamp) -> Timestamp {
    before(now, CheckPolicy::SAME_TOKEN_FOR)
}

/// The moment that lies `duration` before `now`.
pub(super) fn before(now: Timestamp, duration: Duration) -> Timestamp {
    let duration = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.as_millis().saturating_sub(duration))
}

/// [`CheckPolicy::pacing_after`] for a statement that alone knows how many checks are spent.
struct Pacing {
    /// Milliseconds.
    factor: i64,
    /// The most doublings whose result still is a moment.
    doublings: i64,
}

impl Pacing {
    /// About 140,000 years in milliseconds: later than anything expires, and far from the end of 64 bits.
    const LONGEST: i64 = 1 << 52;

    fn of(policy: &CheckPolicy) -> Self {
        let factor = i64::try_from(policy.pacing_factor.as_millis()).unwrap_or(Self::LONGEST);
        let factor = factor.min(Self::LONGEST);
        let doublings = Self::LONGEST
            .checked_div(factor)
            .map_or(0, |times| i64::from(times.ilog2()));
        Self { factor, doublings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pacing_factor_overflows() {
        for factor in [0, 1, 15_000, u64::from(u32::MAX), u64::MAX] {
            let policy = CheckPolicy {
                per_verification: 1_000_000,
                per_number_per_day: 1,
                pacing_factor: Duration::from_millis(factor),
            };
            let pacing = Pacing::of(&policy);
            let longest = i128::from(pacing.factor) << pacing.doublings;
            assert!(longest <= i128::from(Pacing::LONGEST), "{factor}");
            assert!(
                pacing.factor == 0 || longest * 2 > i128::from(Pacing::LONGEST),
                "{factor}"
            );
        }
    }
}
