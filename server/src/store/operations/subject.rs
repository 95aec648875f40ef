use super::{Connection, Result, announce, import, row, token};
use crate::hooks::EventKind;
use crate::store::sql::hosts as sql;
use crate::store::{Claim, Claimed, Conflict, HeldNumber, Listeners, NumberIndex, Redeemed};
use phone_verify_domain::{Channel, Country, SiteKey, Timestamp};
use sqlx::{Connection as _, Row as _};

/// Redeems the token for the subject, which then holds its number; or does nothing.
pub(in super::super) async fn claim_number(
    connection: &mut Connection,
    claim: &Claim,
    listeners: &Listeners,
) -> Result<Claimed> {
    let mut transaction = connection.begin().await?;
    let outcome = claim_within(&mut transaction, claim).await?;
    // What was redeemed or locked on the way to a refusal is as it was.
    if let Claimed::Holds(held) = &outcome {
        announce_claim(&mut transaction, claim, held, listeners).await?;
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    Ok(outcome)
}

async fn announce_claim(
    connection: &mut Connection,
    claim: &Claim,
    held: &HeldNumber,
    listeners: &Listeners,
) -> Result<()> {
    let released = (EventKind::NumberReleased, claim.now);
    for subject in &held.released {
        let whose = (&claim.site, subject.as_str());
        announce::number(connection, listeners, released, whose, (held.number, None)).await?;
    }
    let whose = (&claim.site, claim.subject.as_str());
    if let Some(left) = held.left {
        announce::number(connection, listeners, released, whose, (left, None)).await?;
    }
    let number = (held.number, held.number_sealed.as_ref());
    let claimed = (EventKind::NumberClaimed, claim.now);
    announce::number(connection, listeners, claimed, whose, number).await
}

async fn claim_within(connection: &mut Connection, claim: &Claim) -> Result<Claimed> {
    let Some(mut proved) = proved_by(connection, claim).await? else {
        return Ok(Claimed::Unknown);
    };
    // Before anything is counted: of many claims of one number, each sees what the ones before it have left.
    sqlx::query(sql::LOCK_NUMBER)
        .bind(claim.site.as_str())
        .bind(proved.number.0.as_slice())
        .execute(&mut *connection)
        .await?;
    match token::redeem(connection, &claim.site, &claim.jti, claim.now).await? {
        Redeemed::Now => {}
        Redeemed::Before => return repeated(connection, claim).await,
        Redeemed::Unknown => return Ok(Claimed::Unknown),
    }
    let others = other_holders(connection, claim, proved.number).await?;
    let Some(released) = who_gives_way(&others, claim) else {
        return Ok(Claimed::Taken);
    };
    for subject in &released {
        sqlx::query(sql::RELEASE_NUMBER)
            .bind(claim.site.as_str())
            .bind(subject)
            .bind(proved.number.0.as_slice())
            .execute(&mut *connection)
            .await?;
    }
    proved.released = released;
    proved.left = find(connection, &claim.site, &claim.subject)
        .await?
        .map(|(_, held)| held.number)
        .filter(|left| *left != proved.number);
    hold(connection, (&claim.site, &claim.subject), &claim.jti, &proved).await?;
    import::forget_subject(connection, &claim.site, &claim.subject).await?;
    Ok(Claimed::Holds(proved))
}

async fn proved_by(connection: &mut Connection, claim: &Claim) -> Result<Option<HeldNumber>> {
    let found = sqlx::query(sql::PROVED_BY)
        .bind(&claim.jti)
        .bind(claim.site.as_str())
        .fetch_optional(connection)
        .await?;
    found.map(|row| held(&row, Vec::new())).transpose()
}

/// The same subject may show the same token again: an answer may have been lost.
async fn repeated(connection: &mut Connection, claim: &Claim) -> Result<Claimed> {
    let found = find(connection, &claim.site, &claim.subject).await?;
    Ok(match found {
        Some((jti, held)) if jti == claim.jti => Claimed::Before(held),
        _ => Claimed::Redeemed,
    })
}

async fn other_holders(
    connection: &mut Connection,
    claim: &Claim,
    number: NumberIndex,
) -> Result<Vec<(String, Timestamp)>> {
    let rows = sqlx::query(sql::OTHER_HOLDERS)
        .bind(claim.site.as_str())
        .bind(number.0.as_slice())
        .bind(&claim.subject)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("subject")?, row::moment(row, "verified_at")?)))
        .collect()
}

/// The holders that the number is taken from, the one that proved it longest ago first; `None` where too few give way.
fn who_gives_way(others: &[(String, Timestamp)], claim: &Claim) -> Option<Vec<String>> {
    let room = usize::try_from(claim.subjects_per_number.max(1) - 1).unwrap_or(usize::MAX);
    let too_many = others.len().saturating_sub(room);
    let gives_way = |verified_at: Timestamp| {
        claim.conflict == Conflict::Move
            || claim
                .proved_too_long_ago
                .is_some_and(|moment| verified_at <= moment)
    };
    let giving_way: Vec<String> = others
        .iter()
        .filter(|(_, verified_at)| gives_way(*verified_at))
        .take(too_many)
        .map(|(subject, _)| subject.clone())
        .collect();
    (giving_way.len() == too_many).then_some(giving_way)
}

/// Writes that a subject holds a number, by the token of this name.
pub(super) async fn hold(
    connection: &mut Connection,
    (site, subject): (&SiteKey, &str),
    jti: &str,
    proved: &HeldNumber,
) -> Result<()> {
    // No name contains a line break: control characters are refused.
    let released = (!proved.released.is_empty()).then(|| proved.released.join("\n"));
    sqlx::query(sql::HOLD_NUMBER)
        .bind(site.as_str())
        .bind(subject)
        .bind(proved.number.0.as_slice())
        .bind(&proved.mask)
        .bind(proved.country.as_str())
        .bind(proved.channel.as_str())
        .bind(jti)
        .bind(proved.verified_at.as_millis())
        .bind(proved.number_sealed.as_ref().map(|sealed| sealed.bytes.clone()))
        .bind(
            proved
                .number_sealed
                .as_ref()
                .map(|sealed| i64::from(sealed.key_id)),
        )
        .bind(released)
        .execute(connection)
        .await?;
    Ok(())
}

/// The number that a subject holds.
pub(in super::super) async fn subject_number(
    connection: &mut Connection,
    site: &SiteKey,
    subject: &str,
) -> Result<Option<HeldNumber>> {
    let found = find(connection, site, subject).await?;
    Ok(found.map(|(_, held)| held))
}

async fn find(
    connection: &mut Connection,
    site: &SiteKey,
    subject: &str,
) -> Result<Option<(String, HeldNumber)>> {
    let found = sqlx::query(sql::FIND_SUBJECT)
        .bind(site.as_str())
        .bind(subject)
        .fetch_optional(connection)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let released: Option<String> = row.try_get("released")?;
    let released = released.iter().flat_map(|lines| lines.lines());
    let held = held(&row, released.map(str::to_owned).collect())?;
    Ok(Some((row.try_get("jti")?, held)))
}

fn held(row: &super::Row, released: Vec<String>) -> Result<HeldNumber> {
    Ok(HeldNumber {
        number: NumberIndex(row::bytes(row, "number")?),
        mask: row.try_get("mask")?,
        country: row::word(row, "country", Country::parse)?,
        channel: row::word(row, "channel", Channel::parse)?,
        verified_at: row::moment(row, "verified_at")?,
        number_sealed: row::sealed(row, "number_sealed", "number_sealed_key")?,
        released,
        left: None,
    })
}

/// Takes the subject's number from it; says which one it had.
pub(in super::super) async fn release_number(
    connection: &mut Connection,
    (site, subject): (&SiteKey, &str),
    now: Timestamp,
    listeners: &Listeners,
) -> Result<Option<NumberIndex>> {
    let mut transaction = connection.begin().await?;
    let released = sqlx::query(sql::RELEASE_SUBJECT)
        .bind(site.as_str())
        .bind(subject)
        .fetch_optional(&mut *transaction)
        .await?;
    let released = released
        .map(|row| row::bytes(&row, "number").map(NumberIndex))
        .transpose()?;
    if let Some(number) = released {
        let what = (EventKind::NumberReleased, now);
        announce::number(&mut transaction, listeners, what, (site, subject), (number, None)).await?;
    }
    import::forget_subject(&mut transaction, site, subject).await?;
    transaction.commit().await?;
    Ok(released)
}
