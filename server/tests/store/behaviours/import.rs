//! What another system verified is taken over, and takes nothing from anybody.

use crate::fixtures::*;
use phone_verify::store::{
    Import, ImportBatch, Imported, ImportedNumber, LegacyHashes, LimitKey, PlainNumber, Recognition, Store,
};
use phone_verify_domain::{Channel, Country, SiteKey};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

/// What a number is hashed as.
fn hashes(name: u8) -> LegacyHashes {
    [1, 2, 3].map(|spelling| LimitKey([name * 10 + spelling; 32]))
}

fn plain_number(name: u8) -> Result<PlainNumber> {
    Ok(PlainNumber {
        number: number(u32::from(name)),
        mask: "+1 ••• ••• ••34".to_owned(),
        country: Country::parse("US").ok_or("a country")?,
        sealed: None,
        hashes: hashes(name),
    })
}

fn import(subject: &str, number: ImportedNumber) -> Import {
    Import {
        subject: subject.to_owned(),
        number,
        channel: Channel::Call,
        verified_at: NOON,
    }
}

fn plain(subject: &str, name: u8) -> Result<Import> {
    Ok(import(subject, ImportedNumber::Plain(plain_number(name)?)))
}

/// Hashed in the second of the spellings.
fn hashed(subject: &str, name: u8) -> Import {
    let [_, hash, _] = hashes(name);
    import(subject, ImportedNumber::Hashed(hash))
}

async fn imported(
    store: &dyn Store,
    imports: Vec<Import>,
    subjects_per_number: u32,
) -> Result<Vec<Imported>> {
    let batch = ImportBatch {
        site: site()?,
        imports,
        now: NOON + HOUR,
        subjects_per_number,
        dry_run: false,
    };
    Ok(store.import(batch).await?)
}

async fn holds(store: &dyn Store, subject: &str) -> Result<Option<u8>> {
    let held = store.subject_number(&site()?, subject).await?;
    Ok(held.and_then(|held| (1..9).find(|name| number(u32::from(*name)) == held.number)))
}

async fn recognised(store: &dyn Store, name: u8) -> Result<u64> {
    let recognition = Recognition {
        site: site()?,
        number: plain_number(name)?,
        subjects_per_number: 1,
    };
    Ok(store.recognise(recognition).await?)
}

pub async fn an_imported_subject_holds_its_number_and_the_same_again_changes_nothing(
    store: &dyn Store,
) -> Result {
    for outcome in [Imported::Holds, Imported::Before, Imported::Before] {
        let outcomes = imported(store, vec![plain("a", 1)?, plain("b", 2)?], 1).await?;
        assert_eq!(outcomes, [outcome, outcome]);
        let held = store.subject_number(&site()?, "a").await?.ok_or("a number")?;
        assert!(held.number == number(1) && held.verified_at == NOON && held.channel == Channel::Call);
    }
    assert!(store.subject_number(&other_site()?, "a").await?.is_none());
    Ok(())
}

pub async fn an_import_takes_nothing_from_anybody(store: &dyn Store) -> Result {
    imported(store, vec![plain("a", 1)?], 1).await?;
    let outcomes = imported(store, vec![plain("b", 1)?, plain("a", 2)?, hashed("a", 3)], 1).await?;
    assert_eq!(
        outcomes,
        [Imported::Taken, Imported::HasAnother, Imported::HasAnother]
    );
    assert_eq!(
        (holds(store, "a").await?, holds(store, "b").await?),
        (Some(1), None)
    );
    assert_eq!(imported(store, vec![plain("b", 1)?], 2).await?, [Imported::Holds]);
    Ok(())
}

pub async fn a_dry_run_tells_the_same_and_writes_nothing(store: &dyn Store) -> Result {
    imported(store, vec![plain("a", 1)?], 1).await?;
    let batch = ImportBatch {
        site: site()?,
        imports: vec![plain("a", 1)?, plain("b", 1)?, plain("c", 2)?, hashed("d", 3)],
        now: NOON,
        subjects_per_number: 1,
        dry_run: true,
    };
    let told = [
        Imported::Before,
        Imported::Taken,
        Imported::Holds,
        Imported::Holds,
    ];
    assert_eq!(store.import(batch).await?, told);
    assert_eq!(holds(store, "c").await?, None);
    assert!(!has_any(store, site()?, 901).await?);
    Ok(())
}

/// Whether a site waits for imported numbers, as each of its verifications tells.
async fn has_any(store: &dyn Store, site: SiteKey, name: u32) -> Result<bool> {
    let mut start = new(name)?;
    start.site = site;
    start.number = number(name);
    Ok(started(store, start).await?.site_has_legacy)
}

pub async fn a_hash_is_linked_once_the_number_is_known(store: &dyn Store) -> Result {
    let outcomes = imported(store, vec![hashed("a", 1), hashed("b", 1), hashed("c", 2)], 1).await?;
    assert_eq!(outcomes, [Imported::Holds, Imported::Taken, Imported::Holds]);
    assert_eq!(
        imported(store, vec![hashed("a", 1)], 1).await?,
        [Imported::Before]
    );
    assert_eq!(holds(store, "a").await?, None);
    let is_known = async |name| store.has_legacy(&site()?, hashes(name)).await.map_err(Into::into);
    let before: Result<bool> = is_known(1).await;
    assert!(before? && !has_any(store, other_site()?, 902).await?);
    assert_eq!(recognised(store, 3).await?, 0);
    assert_eq!(recognised(store, 1).await?, 1);
    assert_eq!(recognised(store, 1).await?, 0);
    let held = store.subject_number(&site()?, "a").await?.ok_or("a number")?;
    assert!(held.number == number(1) && held.verified_at == NOON);
    let after: Result<bool> = is_known(1).await;
    assert!(!after? && has_any(store, site()?, 903).await?);
    Ok(())
}

pub async fn what_a_subject_proved_since_counts_more_than_its_hash(store: &dyn Store) -> Result {
    imported(store, vec![hashed("a", 1), hashed("b", 2)], 1).await?;
    // The number itself is more than a hash of it, and another number is another.
    let outcomes = imported(store, vec![plain("a", 1)?, plain("b", 3)?], 1).await?;
    assert_eq!(outcomes, [Imported::Holds, Imported::HasAnother]);
    store.release_number(&site()?, "b", NOON).await?;
    assert!(!has_any(store, site()?, 904).await?);
    assert_eq!(recognised(store, 2).await?, 0);
    Ok(())
}

pub async fn a_hash_goes_when_it_is_forgotten_or_nobody_typed_its_number_for_a_year(
    store: &dyn Store,
) -> Result {
    imported(store, vec![hashed("a", 1), hashed("b", 2)], 1).await?;
    assert_eq!(store.sites().await?, [site()?]);
    assert_eq!(store.forget_legacy(&other_site()?, hashes(1)).await?, 0);
    assert_eq!(store.forget_legacy(&site()?, hashes(1)).await?, 1);
    let year = HOUR + DAY * 365;
    let nearly = DAY * 365 + Duration::from_mins(59);
    store.sweep(NOON + nearly, RETENTION).await?;
    assert!(store.has_legacy(&site()?, hashes(2)).await?);
    store.sweep(NOON + year, RETENTION).await?;
    assert!(!has_any(store, site()?, 905).await?);
    Ok(())
}
