use super::{Connection, Result, row, subject};
use crate::store::sql::hosts::LOCK_NUMBER;
use crate::store::sql::import as sql;
use crate::store::{
    HeldNumber, Import, ImportBatch, Imported, ImportedNumber, LegacyHashes, LimitKey, PlainNumber,
    Recognition,
};
use phone_verify_domain::{Channel, SiteKey, Timestamp};
use sqlx::{Connection as _, Row as _};

/// Stands where the token is named that was redeemed for a number: there was none, and no token has this name.
const NO_TOKEN: &str = "imported";

/// Writes what each of a batch's subjects holds, as far as it takes nothing from anybody.
pub(in super::super) async fn import(
    connection: &mut Connection,
    batch: &ImportBatch,
) -> Result<Vec<Imported>> {
    let mut transaction = connection.begin().await?;
    let mut outcomes = Vec::with_capacity(batch.imports.len());
    for import in &batch.imports {
        outcomes.push(match &import.number {
            ImportedNumber::Plain(number) => plain(&mut transaction, batch, import, number).await?,
            ImportedNumber::Hashed(hash) => hashed(&mut transaction, batch, import, *hash).await?,
        });
    }
    if batch.dry_run {
        transaction.rollback().await?;
    } else {
        transaction.commit().await?;
    }
    Ok(outcomes)
}

async fn plain(
    connection: &mut Connection,
    batch: &ImportBatch,
    import: &Import,
    number: &PlainNumber,
) -> Result<Imported> {
    lock(connection, &batch.site, number).await?;
    if let Some(held) = subject::subject_number(connection, &batch.site, &import.subject).await? {
        return Ok(if held.number == number.number {
            Imported::Before
        } else {
            Imported::HasAnother
        });
    }
    if let Some(hash) = legacy_of(connection, &batch.site, &import.subject).await?
        && !number.hashes.contains(&hash)
    {
        return Ok(Imported::HasAnother);
    }
    link(connection, &batch.site, number, batch.subjects_per_number).await?;
    if let Some(held) = subject::subject_number(connection, &batch.site, &import.subject).await?
        && held.number == number.number
    {
        return Ok(Imported::Holds);
    }
    if !has_room(
        connection,
        &batch.site,
        &import.subject,
        number,
        batch.subjects_per_number,
    )
    .await?
    {
        return Ok(Imported::Taken);
    }
    let proved = (import.channel, import.verified_at);
    hold(connection, &batch.site, &import.subject, number, proved).await?;
    Ok(Imported::Holds)
}

async fn hashed(
    connection: &mut Connection,
    batch: &ImportBatch,
    import: &Import,
    hash: LimitKey,
) -> Result<Imported> {
    let (site, subject) = (&batch.site, import.subject.as_str());
    if subject::subject_number(connection, site, subject)
        .await?
        .is_some()
    {
        return Ok(Imported::HasAnother);
    }
    if let Some(kept) = legacy_of(connection, site, subject).await? {
        return Ok(if kept == hash {
            Imported::Before
        } else {
            Imported::HasAnother
        });
    }
    let others: i64 = sqlx::query(sql::COUNT_OTHER_LEGACY)
        .bind(site.as_str())
        .bind(hash.0.as_slice())
        .bind(subject)
        .fetch_one(&mut *connection)
        .await?
        .try_get("holders")?;
    if others >= i64::from(batch.subjects_per_number.max(1)) {
        return Ok(Imported::Taken);
    }
    sqlx::query(sql::INSERT_LEGACY)
        .bind(site.as_str())
        .bind(subject)
        .bind(hash.0.as_slice())
        .bind(import.channel.as_str())
        .bind(import.verified_at.as_millis())
        .bind(batch.now.as_millis())
        .execute(connection)
        .await?;
    Ok(Imported::Holds)
}

/// Lets those hold a number of whom only its hash was known; says how many.
pub(in super::super) async fn recognise(
    connection: &mut Connection,
    recognition: &Recognition,
) -> Result<u64> {
    let mut transaction = connection.begin().await?;
    let (site, number) = (&recognition.site, &recognition.number);
    lock(&mut transaction, site, number).await?;
    let linked = link(&mut transaction, site, number, recognition.subjects_per_number).await?;
    transaction.commit().await?;
    Ok(linked)
}

async fn link(
    connection: &mut Connection,
    site: &SiteKey,
    number: &PlainNumber,
    subjects_per_number: u32,
) -> Result<u64> {
    let [one, two, three] = &number.hashes;
    let rows = sqlx::query(sql::FIND_LEGACY_OF)
        .bind(site.as_str())
        .bind(one.0.as_slice())
        .bind(two.0.as_slice())
        .bind(three.0.as_slice())
        .fetch_all(&mut *connection)
        .await?;
    let mut linked = 0;
    for found in rows {
        let subject: String = found.try_get("subject")?;
        let proved = (
            row::word(&found, "channel", Channel::parse)?,
            row::moment(&found, "verified_at")?,
        );
        forget_subject(connection, site, &subject).await?;
        // What a subject proved since, and who else did, counts more.
        let has_another = subject::subject_number(connection, site, &subject)
            .await?
            .is_some();
        if !has_another && has_room(connection, site, &subject, number, subjects_per_number).await? {
            hold(connection, site, &subject, number, proved).await?;
            linked += 1;
        }
    }
    Ok(linked)
}

/// Before anything is counted: of many claims of one number, each sees what the ones before it have left.
async fn lock(connection: &mut Connection, site: &SiteKey, number: &PlainNumber) -> Result<()> {
    sqlx::query(LOCK_NUMBER)
        .bind(site.as_str())
        .bind(number.number.0.as_slice())
        .execute(connection)
        .await?;
    Ok(())
}

async fn has_room(
    connection: &mut Connection,
    site: &SiteKey,
    subject: &str,
    number: &PlainNumber,
    subjects_per_number: u32,
) -> Result<bool> {
    let others: i64 = sqlx::query(sql::COUNT_OTHER_HOLDERS)
        .bind(site.as_str())
        .bind(number.number.0.as_slice())
        .bind(subject)
        .fetch_one(connection)
        .await?
        .try_get("holders")?;
    Ok(others < i64::from(subjects_per_number.max(1)))
}

async fn hold(
    connection: &mut Connection,
    site: &SiteKey,
    subject: &str,
    number: &PlainNumber,
    (channel, verified_at): (Channel, Timestamp),
) -> Result<()> {
    let held = HeldNumber {
        number: number.number,
        mask: number.mask.clone(),
        country: number.country,
        channel,
        verified_at,
        number_sealed: number.sealed.clone(),
        released: Vec::new(),
        left: None,
    };
    subject::hold(connection, (site, subject), NO_TOKEN, &held).await?;
    forget_subject(connection, site, subject).await
}

async fn legacy_of(connection: &mut Connection, site: &SiteKey, subject: &str) -> Result<Option<LimitKey>> {
    let found = sqlx::query(sql::FIND_LEGACY)
        .bind(site.as_str())
        .bind(subject)
        .fetch_optional(connection)
        .await?;
    found
        .map(|found| row::bytes(&found, "hash").map(LimitKey))
        .transpose()
}

/// What was imported of a subject as a hash counts no more.
pub(super) async fn forget_subject(connection: &mut Connection, site: &SiteKey, subject: &str) -> Result<()> {
    sqlx::query(sql::DELETE_LEGACY)
        .bind(site.as_str())
        .bind(subject)
        .execute(connection)
        .await?;
    Ok(())
}

/// Deletes what is kept of a number as hashes; says how many rows went.
pub(in super::super) async fn forget_legacy(
    connection: &mut Connection,
    site: &SiteKey,
    hashes: &LegacyHashes,
) -> Result<u64> {
    let [one, two, three] = hashes;
    let done = sqlx::query(sql::FORGET_LEGACY)
        .bind(site.as_str())
        .bind(one.0.as_slice())
        .bind(two.0.as_slice())
        .bind(three.0.as_slice())
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Whether a site has a number of which only one of these hashes is known.
pub(in super::super) async fn has_legacy(
    connection: &mut Connection,
    site: &SiteKey,
    [one, two, three]: &LegacyHashes,
) -> Result<bool> {
    let found = sqlx::query(sql::FIND_LEGACY_OF)
        .bind(site.as_str())
        .bind(one.0.as_slice())
        .bind(two.0.as_slice())
        .bind(three.0.as_slice())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}
