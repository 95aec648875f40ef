use super::{Connection, Result, announce, breaker, read, row};
use crate::hooks::EventKind;
use crate::store::sql::{self, service};
use crate::store::{
    Approval, Attempt, AttemptCount, AttemptFilter, History, Listeners, NamedBy, NumberIndex, Page, PastSend,
    Record, Settled,
};
use phone_verify_domain::{
    Channel, Country, DeliveryReason, DeliveryState, SiteKey, Status, Timestamp, VerificationId,
};
use sqlx::{Connection as _, Row as _};

/// A site's verification and how it came about.
pub(in super::super) async fn history(
    connection: &mut Connection,
    site: &SiteKey,
    named: NamedBy,
    now: Timestamp,
) -> Result<Option<History>> {
    let mut transaction = connection.begin().await?;
    let id = match named {
        NamedBy::Id(id) => Some(id),
        NamedBy::Number(number) => {
            found(&mut transaction, service::NEWEST_OF_NUMBER, site, number, now).await?
        }
    };
    let Some(id) = id else { return Ok(None) };
    let record = read::record(&mut transaction, id).await?;
    let Some(record) = record.filter(|record| record.site == *site) else {
        return Ok(None);
    };
    let rows = sqlx::query(service::DELIVERIES)
        .bind(id.as_bytes().as_slice())
        .fetch_all(&mut *transaction)
        .await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let created_at = row::moment(first, "begun_at")?;
    let mut changed_at = row::optional_moment(first, "ended_at")?.unwrap_or(created_at);
    let mut sends = Vec::new();
    for row in &rows {
        let at = row::moment(row, "created_at")?;
        let settled_at = row::optional_moment(row, "settled_at")?;
        changed_at = changed_at.max(settled_at.unwrap_or(at));
        let state = row::word(row, "state", DeliveryState::parse)?;
        if !matches!(state, DeliveryState::Rejected | DeliveryState::NotSent) {
            sends.push(PastSend {
                delivery_id: row.try_get("id")?,
                channel: row::word(row, "channel", Channel::parse)?,
                at,
            });
        }
    }
    Ok(Some(History {
        record,
        created_at,
        changed_at,
        sends,
    }))
}

/// The live verification of a number that the site's server started.
pub(super) async fn live(
    connection: &mut Connection,
    site: &SiteKey,
    number: NumberIndex,
    now: Timestamp,
) -> Result<Option<Record>> {
    match found(connection, service::LIVE_OF_NUMBER, site, number, now).await? {
        Some(id) => read::record(connection, id).await,
        None => Ok(None),
    }
}

async fn found(
    connection: &mut Connection,
    statement: &'static str,
    site: &SiteKey,
    number: NumberIndex,
    now: Timestamp,
) -> Result<Option<VerificationId>> {
    let row = sqlx::query(statement)
        .bind(site.as_str())
        .bind(number.0.as_slice())
        .bind(now.as_millis())
        .fetch_optional(connection)
        .await?;
    row.map(|row| row::bytes(&row, "id").map(VerificationId::from_bytes))
        .transpose()
}

/// Approves because the site's server says so.
pub(in super::super) async fn approve(
    connection: &mut Connection,
    approval: &Approval,
    listeners: &Listeners,
) -> Result<Option<Settled>> {
    let mut transaction = connection.begin().await?;
    let approved = sqlx::query(service::APPROVE)
        .bind(approval.id.as_bytes().as_slice())
        .bind(approval.site.as_str())
        .bind(approval.now.as_millis())
        .fetch_optional(&mut *transaction)
        .await?;
    if approved.is_some() {
        sqlx::query(sql::INSERT_TOKEN)
            .bind(&approval.jti)
            .bind(approval.id.as_bytes().as_slice())
            .bind(approval.site.as_str())
            .bind(approval.now.as_millis())
            .bind(approval.token_expires_at.as_millis())
            .execute(&mut *transaction)
            .await?;
    }
    let record = read::record(&mut transaction, approval.id).await?;
    let record = record.filter(|record| record.site == approval.site);
    if let (Some(_), Some(record)) = (&approved, &record) {
        let what = (EventKind::VerificationApproved, approval.now);
        announce::verification(&mut transaction, listeners, what, record, None).await?;
        let counted = breaker::counted(&mut transaction, approval.id).await?;
        breaker::approved(&mut transaction, counted, approval.now).await?;
    }
    transaction.commit().await?;
    Ok(record.map(|record| Settled {
        record,
        moved: approved.is_some(),
    }))
}

/// Binds what [`service::attempts`] is filtered by.
macro_rules! filtered {
    ($query:expr, $filter:ident) => {{
        let mut query = $query
            .bind($filter.verification.map(|id| id.as_bytes().to_vec()))
            .bind($filter.delivery_id.clone())
            .bind($filter.country.map(|country| country.as_str().to_owned()))
            .bind($filter.channel.map(|channel| channel.as_str().to_owned()))
            .bind($filter.converted.map(i64::from))
            .bind($filter.from.map(Timestamp::as_millis))
            .bind($filter.until.map(Timestamp::as_millis));
        for site in &$filter.sites {
            query = query.bind(site.as_str().to_owned());
        }
        for number in $filter.numbers.iter().flatten() {
            query = query.bind(number.0.to_vec());
        }
        query
    }};
}

/// Whether the filter lets anything through.
fn lets_through(filter: &AttemptFilter) -> bool {
    !filter.sites.is_empty() && filter.numbers.as_ref().is_none_or(|numbers| !numbers.is_empty())
}

/// The sendings that may have left.
pub(in super::super) async fn attempts(
    connection: &mut Connection,
    filter: &AttemptFilter,
    page: Page,
) -> Result<Vec<Attempt>> {
    if !lets_through(filter) {
        return Ok(Vec::new());
    }
    let numbers = filter.numbers.as_ref().map_or(0, Vec::len);
    let rows = filtered!(
        sqlx::query(service::attempts(filter.sites.len(), numbers)),
        filter
    )
    .bind(i64::from(page.size))
    .bind(i64::try_from(page.skip).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let reason: Option<String> = row.try_get("reason")?;
            Ok(Attempt {
                delivery_id: row.try_get("id")?,
                verification: VerificationId::from_bytes(row::bytes(row, "verification_id")?),
                site: row::word(row, "site", SiteKey::parse)?,
                number: NumberIndex(row::bytes(row, "number")?),
                mask: row.try_get("mask")?,
                number_sealed: row::sealed(row, "number_sealed", "number_sealed_key")?,
                country: row::word(row, "country", Country::parse)?,
                locale: row.try_get("locale")?,
                code_length: row::whole(row, "code_length")?,
                channel: row::word(row, "channel", Channel::parse)?,
                state: row::word(row, "state", DeliveryState::parse)?,
                reason: reason.as_deref().and_then(DeliveryReason::parse),
                status: (
                    row::word(row, "status", Status::parse)?,
                    row::moment(row, "expires_at")?,
                ),
                converted: row::whole::<u8>(row, "converted")? == 1,
                created_at: row::moment(row, "created_at")?,
                changed_at: row::moment(row, "changed_at")?,
            })
        })
        .collect()
}

/// How many of them there are.
pub(in super::super) async fn count_attempts(
    connection: &mut Connection,
    filter: &AttemptFilter,
) -> Result<AttemptCount> {
    if !lets_through(filter) {
        return Ok(AttemptCount::default());
    }
    let numbers = filter.numbers.as_ref().map_or(0, Vec::len);
    let row = filtered!(
        sqlx::query(service::count_attempts(filter.sites.len(), numbers)),
        filter
    )
    .fetch_one(connection)
    .await?;
    Ok(AttemptCount {
        all: row::whole(&row, "attempts")?,
        converted: row::whole(&row, "converted")?,
    })
}
