//! Writes events down to be sent, in the transactions in which they happen.

use super::{Connection, Result, read};
use crate::hooks::EventKind;
use crate::limits::Turned;
use crate::store::sql::webhooks as sql;
use crate::store::{
    BreakerName, BreakerNews, BreakerTurn, BudgetTurn, DeliveryNews, Listeners, NumberIndex, Record, Sealed,
};
use phone_verify_domain::{DeliveryReason, SiteKey, Timestamp, VerificationId};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// One event.
struct Announcement<'a> {
    kind: EventKind,
    at: Timestamp,
    site: &'a SiteKey,
    number: Option<NumberIndex>,
    number_sealed: Option<&'a Sealed>,
    /// What tells it from all others of its kind and site: the same event written twice is one.
    about: String,
    data: Map<String, Value>,
}

/// A verification reached a state. `number` is the number where it is in hand; else the one that is kept counts.
pub(super) async fn verification(
    connection: &mut Connection,
    listeners: &Listeners,
    (kind, at): (EventKind, Timestamp),
    record: &Record,
    number: Option<&Sealed>,
) -> Result<()> {
    let Some(listener) = listeners.of(&record.site, kind) else {
        return Ok(());
    };
    let number = number.or(record.number_sealed.as_ref());
    let announcement = Announcement {
        kind,
        at,
        site: &record.site,
        number: Some(record.number),
        number_sealed: number.filter(|_| listener.with_number),
        about: record.facts.id.to_string(),
        data: of_record(record),
    };
    write(connection, announcement).await
}

/// The time of verifications was over.
pub(super) async fn expired(
    connection: &mut Connection,
    listeners: &Listeners,
    expired: &[VerificationId],
) -> Result<()> {
    if listeners.is_empty() {
        return Ok(());
    }
    for id in expired {
        if let Some(record) = read::record(connection, *id).await? {
            let what = (EventKind::VerificationExpired, record.facts.expires_at);
            verification(connection, listeners, what, &record, None).await?;
        }
    }
    Ok(())
}

/// Something became of a sending.
pub(super) async fn delivery(
    connection: &mut Connection,
    listeners: &Listeners,
    (news, at): (DeliveryNews, Timestamp),
    (record, delivery_id): (&Record, &str),
) -> Result<()> {
    let (kind, reason) = match news {
        DeliveryNews::Sent => (EventKind::DeliverySent, None),
        DeliveryNews::Failed(reason) => (EventKind::DeliveryFailed, reason),
    };
    let Some(listener) = listeners.of(&record.site, kind) else {
        return Ok(());
    };
    let mut data = of_record(record);
    data.insert("delivery_id".to_owned(), delivery_id.into());
    insert(&mut data, "reason", reason.map(DeliveryReason::as_str));
    let number = record.number_sealed.as_ref();
    let announcement = Announcement {
        kind,
        at,
        site: &record.site,
        number: Some(record.number),
        number_sealed: number.filter(|_| listener.with_number),
        about: format!("{} {delivery_id}", record.facts.id),
        data,
    };
    write(connection, announcement).await
}

/// A subject holds a number from now on, or no more.
pub(super) async fn number(
    connection: &mut Connection,
    listeners: &Listeners,
    (kind, at): (EventKind, Timestamp),
    (site, subject): (&SiteKey, &str),
    (number, number_sealed): (NumberIndex, Option<&Sealed>),
) -> Result<()> {
    let Some(listener) = listeners.of(site, kind) else {
        return Ok(());
    };
    let mut data = Map::new();
    data.insert("site_key".to_owned(), site.as_str().into());
    data.insert("subject".to_owned(), subject.into());
    data.insert("phone_number_index".to_owned(), number.to_hex().into());
    let announcement = Announcement {
        kind,
        at,
        site,
        number: Some(number),
        number_sealed: number_sealed.filter(|_| listener.with_number),
        about: format!("{} {} {subject}", number.to_hex(), at.as_millis()),
        data,
    };
    write(connection, announcement).await
}

/// A sender went down, or works again: all sites that want to hear of it are told.
pub(in super::super) async fn breaker(
    connection: &mut Connection,
    news: &BreakerNews,
    listeners: &Listeners,
) -> Result<()> {
    for site in listeners.all_of(news.kind) {
        let mut data = Map::new();
        data.insert("site_key".to_owned(), site.as_str().into());
        data.insert("sender".to_owned(), news.sender.into());
        data.insert("channel".to_owned(), news.channel.as_str().into());
        let announcement = Announcement {
            kind: news.kind,
            at: news.at,
            site,
            number: None,
            number_sealed: None,
            about: format!("{} {} {}", news.sender, news.channel, news.at.as_millis()),
            data,
        };
        write(connection, announcement).await?;
    }
    Ok(())
}

/// A breaker of a prefix or a country opened or closed: all sites that want to hear of it are told.
pub(super) async fn turn(
    connection: &mut Connection,
    listeners: &Listeners,
    turn: &BreakerTurn,
    at: Timestamp,
) -> Result<()> {
    let kind = match turn.turned {
        Turned::Opened => EventKind::BreakerOpened,
        Turned::Closed => EventKind::BreakerClosed,
    };
    for site in listeners.all_of(kind) {
        let mut data = Map::new();
        data.insert("site_key".to_owned(), site.as_str().into());
        data.insert("country".to_owned(), turn.country.as_str().into());
        if let BreakerName::Prefix(key) = turn.name {
            data.insert("prefix_index".to_owned(), hex::encode(key.0).into());
        }
        let announcement = Announcement {
            kind,
            at,
            site,
            number: None,
            number_sealed: None,
            about: format!("{} {}", turn.name.to_text(), at.as_millis()),
            data,
        };
        write(connection, announcement).await?;
    }
    Ok(())
}

/// A budget reached a state: its site is told, of a budget of all sites all that want to hear of it. How much money it is stays
/// between the operator and the site whose it is.
pub(super) async fn budget(
    connection: &mut Connection,
    listeners: &Listeners,
    turn: &BudgetTurn,
    (currency, at): (&str, Timestamp),
) -> Result<()> {
    let kind = EventKind::BudgetWarning;
    let of = turn.account.site.as_ref();
    for site in listeners
        .all_of(kind)
        .filter(|site| of.is_none_or(|of| of == *site))
    {
        let mut data = Map::new();
        data.insert("site_key".to_owned(), site.as_str().into());
        data.insert("state".to_owned(), turn.state.as_str().into());
        data.insert("period".to_owned(), turn.account.period.name.as_str().into());
        let whose = if of.is_some() { "site" } else { "deployment" };
        data.insert("budget".to_owned(), whose.into());
        if of.is_some() {
            data.insert("spent".to_owned(), turn.spent.to_string().into());
            data.insert("limit".to_owned(), turn.limit.to_string().into());
            data.insert("currency".to_owned(), currency.into());
        }
        let announcement = Announcement {
            kind,
            at,
            site,
            number: None,
            number_sealed: None,
            about: format!("{whose} {} {}", turn.account.period.name, turn.state.as_str()),
            data,
        };
        write(connection, announcement).await?;
    }
    Ok(())
}

fn of_record(record: &Record) -> Map<String, Value> {
    let mut data = Map::new();
    data.insert("verification_id".to_owned(), record.facts.id.to_string().into());
    data.insert("site_key".to_owned(), record.site.as_str().into());
    data.insert("channel".to_owned(), record.facts.channel.as_str().into());
    data.insert("country".to_owned(), record.country.as_str().into());
    insert(&mut data, "subject", record.subject.as_deref());
    insert(&mut data, "purpose", record.purpose.as_deref());
    data.insert("phone_number_index".to_owned(), record.number.to_hex().into());
    data
}

fn insert(data: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        data.insert(name.to_owned(), value.into());
    }
}

async fn write(connection: &mut Connection, announcement: Announcement<'_>) -> Result<()> {
    let Announcement { kind, at, site, .. } = announcement;
    let body = json!({ "type": kind.as_str(), "timestamp": rfc3339(at), "data": announcement.data });
    sqlx::query(sql::INSERT_WEBHOOK)
        .bind(name(kind, site, &announcement.about))
        .bind(site.as_str())
        .bind(kind.as_str())
        .bind(announcement.number.map(|number| number.0.to_vec()))
        .bind(announcement.number_sealed.map(|sealed| sealed.bytes.clone()))
        .bind(announcement.number_sealed.map(|sealed| i64::from(sealed.key_id)))
        .bind(body.to_string())
        .bind(at.as_millis())
        .execute(connection)
        .await?;
    Ok(())
}

/// `msg_` and 32 hexadecimal digits, made of what the event is: it cannot be written twice.
fn name(kind: EventKind, site: &SiteKey, about: &str) -> String {
    let text = format!("{} {} {about}", kind.as_str(), site.as_str());
    let hash = Sha256::digest(text.as_bytes());
    format!("msg_{}", hex::encode(&hash[..16]))
}

fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .map(|moment| moment.to_string())
        .unwrap_or_default()
}
