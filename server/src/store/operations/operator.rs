use super::{Connection, Result, Row, limits, row};
use crate::store::sql::operator as sql;
use crate::store::{
    AdminAction, AdminLine, AdminSession, BreakerName, Fault, LimitKey, LimitUse, Limited, NumberIndex,
    Traffic, TrafficFilter, session_name,
};
use phone_verify_domain::{Channel, Country, DeliveryReason, DeliveryState, SiteKey, Timestamp};
use sqlx::{Connection as _, Row as _};

/// Takes every limit, or none.
pub(in super::super) async fn take_limits(
    connection: &mut Connection,
    uses: &[LimitUse],
    now: Timestamp,
) -> Result<Option<Limited>> {
    let mut transaction = connection.begin().await?;
    let limited = limits::take(&mut transaction, uses, now).await?;
    match limited {
        Some(_) => transaction.rollback().await?,
        None => transaction.commit().await?,
    }
    Ok(limited)
}

/// Begins a log-in.
pub(in super::super) async fn begin_admin_session(
    connection: &mut Connection,
    session: AdminSession,
) -> Result<()> {
    let mut transaction = connection.begin().await?;
    sqlx::query(sql::INSERT_ADMIN_SESSION)
        .bind(session.id.0.as_slice())
        .bind(session.begun_at.as_millis())
        .bind(session.expires_at.as_millis())
        .execute(&mut *transaction)
        .await?;
    let line = of_session(session.id, AdminAction::LoggedIn, session.begun_at);
    log_admin_action(&mut transaction, &line).await?;
    transaction.commit().await
}

/// Whether a log-in goes on.
pub(in super::super) async fn has_admin_session(
    connection: &mut Connection,
    id: LimitKey,
    now: Timestamp,
) -> Result<bool> {
    let found = sqlx::query(sql::FIND_ADMIN_SESSION)
        .bind(id.0.as_slice())
        .bind(now.as_millis())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

/// Ends a log-in.
pub(in super::super) async fn end_admin_session(
    connection: &mut Connection,
    id: LimitKey,
    now: Timestamp,
) -> Result<()> {
    let mut transaction = connection.begin().await?;
    let ended = sqlx::query(sql::DELETE_ADMIN_SESSION)
        .bind(id.0.as_slice())
        .execute(&mut *transaction)
        .await?;
    if ended.rows_affected() > 0 {
        let line = of_session(id, AdminAction::LoggedOut, now);
        log_admin_action(&mut transaction, &line).await?;
    }
    transaction.commit().await
}

fn of_session(id: LimitKey, action: AdminAction, at: Timestamp) -> AdminLine {
    AdminLine {
        at,
        session: Some(session_name(id)),
        action,
        site: None,
        number: None,
        breaker: None,
    }
}

/// Writes a line of the log.
pub(in super::super) async fn log_admin_action(connection: &mut Connection, line: &AdminLine) -> Result<()> {
    sqlx::query(sql::INSERT_ADMIN_LINE)
        .bind(line.at.as_millis())
        .bind(&line.session)
        .bind(line.action.as_str())
        .bind(line.site.as_ref().map(|site| site.as_str().to_owned()))
        .bind(line.number.map(|number| number.0.to_vec()))
        .bind(line.breaker.map(BreakerName::to_text))
        .execute(connection)
        .await?;
    Ok(())
}

/// The newest lines.
pub(in super::super) async fn admin_log(
    connection: &mut Connection,
    number: Option<LimitKey>,
    at_most: u32,
) -> Result<Vec<AdminLine>> {
    let query = match number {
        Some(number) => sqlx::query(sql::ADMIN_LOG_OF_NUMBER)
            .bind(i64::from(at_most))
            .bind(number.0.to_vec()),
        None => sqlx::query(sql::ADMIN_LOG).bind(i64::from(at_most)),
    };
    let rows = query.fetch_all(connection).await?;
    rows.iter().map(line).collect()
}

fn line(row: &Row) -> Result<AdminLine> {
    let site: Option<String> = row.try_get("site")?;
    let breaker: Option<String> = row.try_get("breaker")?;
    Ok(AdminLine {
        at: row::moment(row, "at")?,
        session: row.try_get("session")?,
        action: row::word(row, "action", AdminAction::parse)?,
        site: site.as_deref().and_then(SiteKey::parse),
        number: row::optional_bytes(row, "number")?.map(LimitKey),
        breaker: breaker.as_deref().and_then(BreakerName::parse),
    })
}

/// What was sent.
pub(in super::super) async fn traffic(
    connection: &mut Connection,
    of: &TrafficFilter,
) -> Result<Vec<Traffic>> {
    let stretch = i64::try_from(of.stretch.as_millis()).unwrap_or(i64::MAX).max(1);
    let rows = sqlx::query(sql::TRAFFIC)
        .bind(of.from.as_millis())
        .bind(of.until.as_millis())
        .bind(of.site.as_ref().map_or("", SiteKey::as_str))
        .bind(stretch)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Traffic {
                stretch: row::whole(row, "stretch")?,
                country: row::word(row, "country", Country::parse)?,
                channel: row::word(row, "channel", Channel::parse)?,
                sent: row::whole(row, "sent")?,
                delivered: row::whole(row, "delivered")?,
                approved: row::whole(row, "approved")?,
            })
        })
        .collect()
}

/// What did not arrive.
pub(in super::super) async fn faults(connection: &mut Connection, of: &TrafficFilter) -> Result<Vec<Fault>> {
    let rows = sqlx::query(sql::FAULTS)
        .bind(of.from.as_millis())
        .bind(of.until.as_millis())
        .bind(of.site.as_ref().map_or("", SiteKey::as_str))
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let reason: Option<String> = row.try_get("reason")?;
            Ok(Fault {
                country: row::word(row, "country", Country::parse)?,
                channel: row::word(row, "channel", Channel::parse)?,
                sender: row.try_get("sender")?,
                state: row::word(row, "state", DeliveryState::parse)?,
                reason: reason.as_deref().and_then(DeliveryReason::parse),
                count: row::whole(row, "count")?,
            })
        })
        .collect()
}

/// Forgets limits and failed checks.
pub(in super::super) async fn unlock(
    connection: &mut Connection,
    limits: &[LimitKey],
    numbers: &[(SiteKey, NumberIndex)],
) -> Result<()> {
    let mut transaction = connection.begin().await?;
    for key in limits {
        sqlx::query(sql::FORGET_LIMIT)
            .bind(key.0.as_slice())
            .execute(&mut *transaction)
            .await?;
    }
    for (site, number) in numbers {
        sqlx::query(sql::FORGET_FAILED_CHECKS)
            .bind(site.as_str())
            .bind(number.0.as_slice())
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}
