use super::GivenKeys;
use super::error::KeysError;
use super::files::{KeyFile, KeyFolder};
use super::ring::{Dated, KeyRing};
use super::secret::SecretKey;
use super::signing;
use crate::random::Random;
use phone_verify_token::SigningKey;
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;

/// Where keys come from: the configuration first, then the folder.
#[derive(Debug)]
pub(super) struct Source {
    dir: PathBuf,
    given: GivenKeys,
}

const KEY: &str = "32 bytes in base64 or hexadecimal digits";
const PEM: &str = "a P-256 private key as PKCS #8 in PEM";

impl Source {
    pub(super) fn new(dir: PathBuf, given: GivenKeys) -> Self {
        Self { dir, given }
    }

    pub(super) fn given(&self) -> &GivenKeys {
        &self.given
    }

    /// A key of which there is one; made in the folder where it is missing.
    pub(super) fn key(&self, purpose: &'static str, random: &dyn Random) -> Result<SecretKey, KeysError> {
        let given = match purpose {
            "index" => &self.given.index,
            "limits" => &self.given.limits,
            _ => &self.given.client,
        };
        let ring = match given {
            Some(given) => KeyRing::new([(1, Dated::at_once(parse_key(given, purpose)?))]),
            None => KeyRing::new(secret_keys(self.made(purpose, "key", random)?)?),
        };
        ring.map(KeyRing::into_newest)
            .ok_or_else(|| malformed(purpose, KEY))
    }

    /// The sealing keys; with `random` the first one is made where there is none.
    pub(super) fn sealing(&self, random: Option<&dyn Random>) -> Result<KeyRing<SecretKey>, KeysError> {
        let keys = match &self.given.sealing {
            Some(given) => parse_numbered(given, "sealing")?,
            None => secret_keys(self.files("sealing", "key", random)?)?,
        };
        KeyRing::new(keys).ok_or(KeysError::Missing("sealing"))
    }

    /// The signing keys; with `random` the first one is made where there is none.
    pub(super) fn signing(&self, random: Option<&dyn Random>) -> Result<KeyRing<SigningKey>, KeysError> {
        let keys = match &self.given.signing {
            Some(given) => vec![(1, Dated::at_once(parse_pem(given, "signing")?))],
            None => signing_keys(self.files("signing", "pem", random)?)?,
        };
        KeyRing::new(keys).ok_or(KeysError::Missing("signing"))
    }

    fn files(
        &self,
        purpose: &'static str,
        extension: &str,
        random: Option<&dyn Random>,
    ) -> Result<Vec<KeyFile>, KeysError> {
        match random {
            Some(random) => self.made(purpose, extension, random),
            None => KeyFolder::existing(&self.dir)?.read(purpose, extension),
        }
    }

    fn made(&self, purpose: &str, extension: &str, random: &dyn Random) -> Result<Vec<KeyFile>, KeysError> {
        let make = || match extension {
            "pem" => signing::draw(),
            _ => Ok(SecretKey::draw(random)?.to_text()),
        };
        KeyFolder::open(&self.dir)?.read_or_make(purpose, extension, random, make)
    }
}

/// The keys in these files.
pub(super) fn secret_keys(files: Vec<KeyFile>) -> Result<Vec<(u32, Dated<SecretKey>)>, KeysError> {
    parsed(files, parse_key)
}

/// The keys in these files.
pub(super) fn signing_keys(files: Vec<KeyFile>) -> Result<Vec<(u32, Dated<SigningKey>)>, KeysError> {
    parsed(files, parse_pem)
}

fn parsed<K>(
    files: Vec<KeyFile>,
    parse: impl Fn(&SecretString, &str) -> Result<K, KeysError>,
) -> Result<Vec<(u32, Dated<K>)>, KeysError> {
    let keys = files.into_iter().map(|file| {
        let key = parse(&file.text, &file.path.display().to_string())?;
        let used_from = file.used_from;
        Ok((file.id, Dated { key, used_from }))
    });
    keys.collect()
}

fn parse_key(text: &SecretString, origin: &str) -> Result<SecretKey, KeysError> {
    SecretKey::parse(text.expose_secret()).ok_or_else(|| malformed(origin, KEY))
}

fn parse_pem(text: &SecretString, origin: &str) -> Result<SigningKey, KeysError> {
    SigningKey::from_pkcs8_pem(text.expose_secret()).map_err(|_| malformed(origin, PEM))
}

/// Reads `key` or `1:key,2:key`.
fn parse_numbered(given: &SecretString, origin: &str) -> Result<Vec<(u32, Dated<SecretKey>)>, KeysError> {
    let text = given.expose_secret();
    if !text.contains(':') {
        return Ok(vec![(1, Dated::at_once(parse_key(given, origin)?))]);
    }
    text.split(',')
        .map(|part| {
            let (id, key) = part.split_once(':').ok_or_else(|| malformed(origin, KEY))?;
            let id = id.trim().parse().map_err(|_| malformed(origin, KEY))?;
            let key = SecretKey::parse(key).ok_or_else(|| malformed(origin, KEY))?;
            Ok((id, Dated::at_once(key)))
        })
        .collect()
}

fn malformed(origin: &str, wanted: &'static str) -> KeysError {
    KeysError::Malformed {
        origin: origin.to_owned(),
        wanted,
    }
}
