use super::{Connection, Result, announce, breaker, budget, idempotency, limits, read};
use crate::store::{DeliveryReport, Listeners, Record, Reported, Settle, Settled, sql};
use phone_verify_domain::{DeliveryReason, Timestamp, VerificationId};
use sqlx::Connection as _;
use std::time::Duration;

/// Writes what the provider answered, where it is still this owner's to write.
pub(in super::super) async fn settle(
    connection: &mut Connection,
    settle: &Settle,
    listeners: &Listeners,
) -> Result<Option<Settled>> {
    let mut transaction = connection.begin().await?;
    let id = settle.id.as_bytes().as_slice();
    let settled = sqlx::query(sql::SETTLE_DELIVERY)
        .bind(id)
        .bind(&settle.delivery_id)
        .bind(&settle.owner)
        .bind(settle.state.as_str())
        .bind(settle.reason.map(DeliveryReason::as_str))
        .bind(&settle.sender)
        .bind(&settle.sender_reference)
        .bind(settle.now.as_millis())
        .bind(settle.look_after.map(|pause| (settle.now + pause).as_millis()))
        .bind(settle.look_after.map(millis))
        .fetch_optional(&mut *transaction)
        .await?;
    if settled.is_some() {
        if let Some(uses) = &settle.give_back {
            let (own, shared) = uses.split_at(uses.len().min(1));
            limits::give_back(&mut transaction, own).await?;
            sqlx::query(sql::GIVE_BACK_SEND)
                .bind(id)
                .execute(&mut *transaction)
                .await?;
            limits::give_back(&mut transaction, shared).await?;
        }
        if settle.cancel {
            end(&mut transaction, settle.id, settle.now).await?;
        }
    }
    let record = read::record(&mut transaction, settle.id).await?;
    if let (Some(_), Some(key), Some(record)) = (&settled, &settle.forget, &record) {
        idempotency::forget(&mut transaction, &record.site, key, settle.id).await?;
    }
    if let (Some(_), Some(news), Some(record)) = (&settled, settle.news, &record) {
        let about = (record, settle.delivery_id.as_str());
        announce::delivery(&mut transaction, listeners, (news, settle.now), about).await?;
    }
    if settled.is_some() && settle.give_back.is_some() {
        breaker::take_back(&mut transaction, settle.id, settle.now).await?;
    }
    if settled.is_some() && settle.costs_nothing {
        budget::take_back(&mut transaction, settle.id, &settle.delivery_id).await?;
    }
    transaction.commit().await?;
    Ok(record.map(|record| Settled {
        record,
        moved: settled.is_some(),
    }))
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Moves a delivery forward to what its provider reports.
pub(in super::super) async fn report(
    connection: &mut Connection,
    report: &DeliveryReport,
    listeners: &Listeners,
) -> Result<Reported> {
    if listeners.is_empty() {
        return move_to(connection, report).await;
    }
    let mut transaction = connection.begin().await?;
    let reported = move_to(&mut transaction, report).await?;
    if let Some(news) = reported.news(report.state, report.reason)
        && let Some(record) = read::record(&mut transaction, report.id).await?
    {
        let about = (&record, report.delivery_id.as_str());
        announce::delivery(&mut transaction, listeners, (news, report.now), about).await?;
    }
    transaction.commit().await?;
    Ok(reported)
}

async fn move_to(connection: &mut Connection, report: &DeliveryReport) -> Result<Reported> {
    for (statement, reported) in [
        (sql::REPORT_FIRST, Reported::First),
        (sql::REPORT_LATER, Reported::Later),
    ] {
        let moved = sqlx::query(statement)
            .bind(report.id.as_bytes().as_slice())
            .bind(&report.delivery_id)
            .bind(report.state.as_str())
            .bind(report.reason.map(DeliveryReason::as_str))
            .bind(&report.sender_reference)
            .bind(report.now.as_millis())
            .fetch_optional(&mut *connection)
            .await?;
        if moved.is_some() {
            return Ok(reported);
        }
    }
    Ok(Reported::Nothing)
}

/// Cancels a pending verification.
pub(in super::super) async fn cancel(
    connection: &mut Connection,
    id: VerificationId,
    now: Timestamp,
) -> Result<Option<Record>> {
    let mut transaction = connection.begin().await?;
    end(&mut transaction, id, now).await?;
    let record = read::record(&mut transaction, id).await?;
    transaction.commit().await?;
    Ok(record)
}

async fn end(connection: &mut Connection, id: VerificationId, now: Timestamp) -> Result<()> {
    sqlx::query(sql::CANCEL)
        .bind(id.as_bytes().as_slice())
        .bind(now.as_millis())
        .execute(connection)
        .await?;
    Ok(())
}
