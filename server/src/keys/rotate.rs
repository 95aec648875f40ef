//! `phone-verify keys rotate`: new keys beside the old ones, and the end of those that nobody needs.

use super::GivenKeys;
use super::error::KeysError;
use super::files::KeyFolder;
use super::ring::KeyRing;
use super::secret::SecretKey;
use super::signing::{self, is_over};
use super::source::{secret_keys, signing_keys};
use crate::random::Random;
use phone_verify_domain::Timestamp;
use secrecy::SecretString;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// A key that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// The name of its file.
    pub file: String,
    /// When it is used first; `None`: at once, because it is the first one of its kind.
    pub used_from: Option<Timestamp>,
}

/// Makes a new signing and a new sealing key in `dir`, to be used `publish` from `now`: until then every process that shares the
/// folder has read them, and hosts have fetched the new public key. Kinds that the configuration gives are left out. Several
/// at once make a key each.
///
/// # Errors
/// [`KeysError`], also where a key that is there cannot be read; what was made until then stays, and is good. [`KeysError::NothingToRotate`] where all are given.
pub fn rotate(
    dir: &Path,
    given: &GivenKeys,
    random: &dyn Random,
    now: Timestamp,
    publish: Duration,
) -> Result<Vec<NewKey>, KeysError> {
    if given.signing.is_some() && given.sealing.is_some() {
        return Err(KeysError::NothingToRotate);
    }
    let folder = KeyFolder::open(dir)?;
    // A folder that servers cannot read is mended first.
    if given.signing.is_none() {
        signing_keys(folder.read("signing", "pem")?)?;
    }
    if given.sealing.is_none() {
        secret_keys(folder.read("sealing", "key")?)?;
    }
    let used_from = now + publish;
    let mut made = Vec::new();
    if given.signing.is_none() {
        made.push(add(
            &folder,
            "signing",
            "pem",
            &signing::draw()?,
            random,
            used_from,
        )?);
    }
    if given.sealing.is_none() {
        let key = SecretKey::draw(random)?.to_text();
        made.push(add(&folder, "sealing", "key", &key, random, used_from)?);
    }
    Ok(made)
}

fn add(
    folder: &KeyFolder,
    purpose: &str,
    extension: &str,
    key: &SecretString,
    random: &dyn Random,
    used_from: Timestamp,
) -> Result<NewKey, KeysError> {
    loop {
        let newest = folder.read(purpose, extension)?.iter().map(|file| file.id).max();
        let file = format!("{purpose}-{}.{extension}", newest.unwrap_or(0) + 1);
        let used_from = newest.map(|_| used_from);
        // Another one that rotates at the same time may have taken the name.
        if folder.create(&file, key, used_from, random)? {
            return Ok(NewKey { file, used_from });
        }
    }
}

/// Deletes the files of signing keys of which no token can live, and of sealing keys that make nothing any more and are not
/// `in_use`, where that is known. Returns their names.
///
/// # Errors
/// [`KeysError`]; some may be deleted.
pub fn prune(
    dir: &Path,
    given: &GivenKeys,
    in_use: Option<&BTreeSet<u32>>,
    now: Timestamp,
) -> Result<Vec<String>, KeysError> {
    let folder = KeyFolder::open(dir)?;
    let mut deleted = Vec::new();
    let mut delete = |file: String| folder.delete(&file).map(|()| deleted.push(file));
    if given.signing.is_none() {
        let ring = KeyRing::new(signing_keys(folder.read("signing", "pem")?)?);
        for id in over(ring.as_ref(), now) {
            delete(format!("signing-{id}.pem"))?;
        }
    }
    if let Some(in_use) = in_use
        && given.sealing.is_none()
    {
        let ring = KeyRing::new(secret_keys(folder.read("sealing", "key")?)?);
        // A process that reads the folder late may have sealed with it for as long as it may have signed.
        for id in over(ring.as_ref(), now) {
            if !in_use.contains(&id) {
                delete(format!("sealing-{id}.key"))?;
            }
        }
    }
    Ok(deleted)
}

fn over<K>(ring: Option<&KeyRing<K>>, now: Timestamp) -> Vec<u32> {
    let Some(ring) = ring else { return Vec::new() };
    let ids = ring.all().map(|(id, _)| id);
    ids.filter(|id| is_over(ring, *id, now)).collect()
}
