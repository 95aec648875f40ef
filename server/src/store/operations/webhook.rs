use super::{Connection, Result, Row, row};
use crate::hooks::EventKind;
use crate::store::sql::webhooks as sql;
use crate::store::{
    AfterAttempt, DueWebhook, KeptWebhook, NumberIndex, Replay, WebhookAttempt, WebhookState,
};
use phone_verify_domain::{SiteKey, Timestamp};
use sqlx::Row as _;

/// Takes what is due of a site.
pub(in super::super) async fn take_webhooks(
    connection: &mut Connection,
    site: &SiteKey,
    now: Timestamp,
    lease_until: Timestamp,
    at_most: u32,
) -> Result<Vec<DueWebhook>> {
    let rows = sqlx::query(sql::TAKE_WEBHOOKS)
        .bind(site.as_str())
        .bind(now.as_millis())
        .bind(lease_until.as_millis())
        .bind(i64::from(at_most))
        .fetch_all(connection)
        .await?;
    rows.iter().map(due).collect()
}

fn due(row: &Row) -> Result<DueWebhook> {
    let number = row::optional_bytes(row, "number")?.map(NumberIndex);
    Ok(DueWebhook {
        id: row.try_get("id")?,
        site: row::word(row, "site", SiteKey::parse)?,
        kind: row::word(row, "kind", EventKind::parse)?,
        body: row.try_get("body")?,
        number: number.zip(row::sealed(row, "number_sealed", "number_sealed_key")?),
        attempts: row::whole(row, "attempts")?,
        lease_until: row::moment(row, "due_at")?,
    })
}

/// Writes what came of an attempt.
pub(in super::super) async fn webhook_tried(
    connection: &mut Connection,
    attempt: &WebhookAttempt,
) -> Result<()> {
    let answer = attempt.answer.map(i64::from);
    let written = match attempt.next {
        AfterAttempt::Taken => sqlx::query(sql::WEBHOOK_TAKEN)
            .bind(&attempt.id)
            .bind(answer)
            .bind(attempt.now.as_millis()),
        AfterAttempt::Again(_) | AfterAttempt::GivenUp => {
            let due_at = match attempt.next {
                AfterAttempt::Again(at) => Some(at.as_millis()),
                _ => None,
            };
            sqlx::query(sql::WEBHOOK_FAILED)
                .bind(&attempt.id)
                .bind(answer)
                .bind(attempt.lease_until.as_millis())
                .bind(due_at)
        }
    };
    written.execute(connection).await?;
    Ok(())
}

/// The newest events of a site, or of all.
pub(in super::super) async fn webhooks(
    connection: &mut Connection,
    site: Option<&SiteKey>,
    at_most: u32,
) -> Result<Vec<KeptWebhook>> {
    let rows = sqlx::query(sql::LIST_WEBHOOKS)
        .bind(site.map_or("", SiteKey::as_str))
        .bind(i64::from(at_most))
        .fetch_all(connection)
        .await?;
    rows.iter().map(kept).collect()
}

fn kept(row: &Row) -> Result<KeptWebhook> {
    let last_answer: Option<i64> = row.try_get("last_answer")?;
    Ok(KeptWebhook {
        id: row.try_get("id")?,
        site: row::word(row, "site", SiteKey::parse)?,
        kind: row::word(row, "kind", EventKind::parse)?,
        created_at: row::moment(row, "created_at")?,
        attempts: row::whole(row, "attempts")?,
        last_answer: last_answer.and_then(|answer| u16::try_from(answer).ok()),
        state: match (
            row::optional_moment(row, "taken_at")?,
            row::optional_moment(row, "due_at")?,
        ) {
            (Some(at), None) => WebhookState::Taken(at),
            (_, Some(at)) => WebhookState::Due(at),
            (None, None) => WebhookState::GivenUp,
        },
    })
}

/// How many events are due, now or later.
pub(in super::super) async fn webhooks_waiting(connection: &mut Connection) -> Result<u64> {
    let waiting: i64 = sqlx::query_scalar(sql::COUNT_WAITING_WEBHOOKS)
        .fetch_one(connection)
        .await?;
    Ok(waiting.unsigned_abs())
}

/// Makes events due once more; says how many.
pub(in super::super) async fn replay_webhooks(
    connection: &mut Connection,
    which: &Replay,
    now: Timestamp,
) -> Result<u64> {
    let replayed = match which {
        Replay::One(id) => sqlx::query(sql::REPLAY_WEBHOOK).bind(id),
        Replay::GivenUp(site) => {
            sqlx::query(sql::REPLAY_GIVEN_UP).bind(site.as_ref().map_or("", SiteKey::as_str))
        }
    };
    let done = replayed.bind(now.as_millis()).execute(connection).await?;
    Ok(done.rows_affected())
}
