use super::{Connection, Result, Row, row};
use crate::decisions::{Asked, BLOCK_LIST, BREAKER, Decision, Operation, Outcome, Rule, Saw};
use crate::store::sql::decisions as sql;
use crate::store::{About, BreakerName, DecisionFilter, NumberIndex};
use phone_verify_domain::{Channel, Country, SiteKey, Timestamp, VerificationId};
use sqlx::{Connection as _, Row as _};
use std::time::Duration;

/// Writes lines.
pub(in super::super) async fn write_decisions(connection: &mut Connection, lines: &[Decision]) -> Result<()> {
    let mut transaction = connection.begin().await?;
    for line in lines {
        let Decision { asked, saw, .. } = line;
        sqlx::query(sql::INSERT_DECISION)
            .bind(line.at.as_millis())
            .bind(asked.operation.as_str())
            .bind(line.outcome.as_str())
            .bind(line.rule.map_or("", Rule::as_str))
            .bind(asked.site.as_ref().map(SiteKey::as_str))
            .bind(asked.channel.map(Channel::as_str))
            .bind(asked.country.as_ref().map(Country::as_str))
            .bind(asked.verification.map(|id| id.as_bytes().to_vec()))
            .bind(asked.number.map(|number| number.0.to_vec()))
            .bind(saw.counted.map(i64::from))
            .bind(saw.out_of.map(i64::from))
            .bind(saw.allowed.map(i64::from))
            .bind(saw.window.map(millis))
            .bind(saw.retry_in.map(millis))
            .bind(saw.breaker.map(BreakerName::to_text))
            .bind(i64::from(line.times))
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}

/// The newest of those that are meant.
pub(in super::super) async fn decisions(
    connection: &mut Connection,
    filter: &DecisionFilter,
) -> Result<Vec<Decision>> {
    let statement = match filter.about {
        About::Anything => sql::DECISIONS,
        About::Verification(_) => sql::DECISIONS_OF_VERIFICATION,
        About::Number(_) => sql::DECISIONS_OF_NUMBER,
    };
    let query = sqlx::query(statement)
        .bind(i64::from(filter.at_most))
        .bind(filter.since.map_or(0, Timestamp::as_millis))
        .bind(filter.site.as_ref().map_or("", SiteKey::as_str))
        .bind(filter.rule.map_or("", Rule::as_str));
    let query = match filter.about {
        About::Anything => query,
        About::Verification(id) => query.bind(id.as_bytes().to_vec()),
        About::Number(number) => query.bind(number.0.to_vec()),
    };
    let rows = query.fetch_all(connection).await?;
    rows.iter().map(kept).collect()
}

/// What was allowed of a verification.
pub(in super::super) async fn allowed(
    connection: &mut Connection,
    verification: VerificationId,
) -> Result<Vec<Decision>> {
    let rows = sqlx::query(sql::ALLOWED)
        .bind(verification.as_bytes().to_vec())
        .bind(BLOCK_LIST)
        .bind(BREAKER)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Decision {
                at: row::moment(row, "at")?,
                asked: asked(row)?,
                outcome: Outcome::Allowed,
                rule: None,
                saw: Saw::default(),
                times: 1,
            })
        })
        .collect()
}

fn kept(row: &Row) -> Result<Decision> {
    Ok(Decision {
        at: row::moment(row, "at")?,
        asked: asked(row)?,
        outcome: row::word(row, "outcome", Outcome::parse)?,
        rule: Rule::parse(row.try_get("rule")?),
        saw: Saw {
            counted: row::optional_whole(row, "counted")?,
            out_of: row::optional_whole(row, "out_of")?,
            allowed: row::optional_whole(row, "allowed")?,
            window: row::optional_whole(row, "period")?.map(Duration::from_millis),
            retry_in: row::optional_whole(row, "retry_in")?.map(Duration::from_millis),
            breaker: optional_word(row, "breaker", BreakerName::parse)?,
        },
        times: row::whole(row, "times")?,
    })
}

fn asked(row: &Row) -> Result<Asked> {
    let verification = row::optional_bytes(row, "verification_id")?;
    let number = row::optional_bytes(row, "number")?;
    Ok(Asked {
        operation: row::word(row, "operation", Operation::parse)?,
        site: optional_word(row, "site", SiteKey::parse)?,
        channel: optional_word(row, "channel", Channel::parse)?,
        country: optional_word(row, "country", Country::parse)?,
        verification: verification.map(VerificationId::from_bytes),
        number: number.map(NumberIndex),
    })
}

fn optional_word<T>(row: &Row, column: &'static str, parse: fn(&str) -> Option<T>) -> Result<Option<T>> {
    let word: Option<String> = row.try_get(column)?;
    Ok(word.as_deref().and_then(parse))
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
