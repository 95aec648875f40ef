//! The keys that the database never sees, and all that is made with them.
//!
//! | file in `keys_dir` | what it makes | rotates |
//! | --- | --- | --- |
//! | `index-1.key` | number indexes, by site: two sites' rows cannot be joined | no |
//! | `limits-1.key` | limiter keys, which see across sites | no |
//! | `client-1.key` | client secrets, MACs of codes, of sessions and of repeated requests | no |
//! | `sealing-<id>.key` | encrypts codes and, by site, numbers; the newest seals, all of them open | yes |
//! | `signing-<id>.pem` | signs tokens (ES256, PKCS #8); the newest signs, all of them are published | yes |
//!
//! A `.key` file holds 32 bytes in base64 or hexadecimal digits. What is made for one purpose and one site is made with a
//! key derived for just that (HKDF-SHA-256).

mod error;
mod files;
mod ring;
mod seal;
mod secret;
mod signing;

pub use error::KeysError;
pub use seal::SealError;

use crate::random::Random;
use crate::store::{CodeMac, LimitKey, NumberIndex, Sealed, SessionId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use files::KeyFolder;
use phone_verify_domain::{ClientSecret, Code, PhoneNumber, SiteKey, VerificationId};
use phone_verify_token::{Claims, SigningKey, VerifyingKeys};
use ring::KeyRing;
use secrecy::{ExposeSecret, SecretString};
use secret::SecretKey;
use std::path::Path;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Keys that the configuration gives instead of files; for each one given, the files of its kind are not looked at.
#[derive(Debug, Default)]
pub struct GivenKeys {
    /// Makes number indexes: 32 bytes in base64 or hexadecimal digits.
    pub index: Option<SecretString>,
    /// Makes limiter keys: as `index`.
    pub limits: Option<SecretString>,
    /// Makes client secrets and MACs: as `index`.
    pub client: Option<SecretString>,
    /// Seals codes: as `index`; several as `1:…,2:…`, of which the highest seals.
    pub sealing: Option<SecretString>,
    /// Signs tokens: a P-256 key as PKCS #8 in PEM.
    pub signing: Option<SecretString>,
}

/// All keys of a deployment.
#[derive(Debug)]
pub struct Keys {
    index: SecretKey,
    limits: SecretKey,
    client: SecretKey,
    sealing: KeyRing<SecretKey>,
    signing: signing::Signing,
}

impl Keys {
    /// Takes the keys that are given, reads the others from `dir`, and makes there what is missing.
    ///
    /// # Errors
    /// [`KeysError`] for a folder or file that cannot be used, or that others may read, and for malformed keys.
    pub fn load(dir: &Path, given: &GivenKeys, random: &dyn Random) -> Result<Self, KeysError> {
        let source = Source { dir, random };
        Ok(Self {
            index: source.key("index", given.index.as_ref())?,
            limits: source.key("limits", given.limits.as_ref())?,
            client: source.key("client", given.client.as_ref())?,
            sealing: source.ring("sealing", given.sealing.as_ref())?,
            signing: signing::Signing::new(source.signing(given.signing.as_ref())?)?,
        })
    }

    /// What is stored of a number on a site: HMAC-SHA-256 under a key of that site's own.
    #[must_use]
    pub fn number_index(&self, site: &SiteKey, number: &PhoneNumber) -> NumberIndex {
        let key = self.index.derive("number index", site.as_str().as_bytes());
        NumberIndex(key.mac(&[number.expose().as_bytes()]))
    }

    /// Whose row a limit counts in: HMAC-SHA-256 of the limit's name and its subject, over all sites.
    #[must_use]
    pub fn limit_key(&self, name: &str, subject: &[u8]) -> LimitKey {
        LimitKey(self.limits.derive("limit", name.as_bytes()).mac(&[subject]))
    }

    /// The right to act on a verification; derived, so that it need not be kept.
    #[must_use]
    pub fn client_secret(&self, id: VerificationId) -> ClientSecret {
        as_client_secret(self.client.derive("client secret", b"").mac(&[id.as_bytes()]))
    }

    /// Whether `secret` is this verification's; takes the same time for each wrong one.
    #[must_use]
    pub fn verify_client_secret(&self, id: VerificationId, secret: &ClientSecret) -> bool {
        let right = self.client_secret(id);
        right.expose().as_bytes().ct_eq(secret.expose().as_bytes()).into()
    }

    /// What typed codes are compared with: binds the code to its verification, site, number and purpose.
    #[must_use]
    pub fn code_mac(
        &self,
        id: VerificationId,
        site: &SiteKey,
        number: NumberIndex,
        purpose: Option<&str>,
        code: &Code,
    ) -> CodeMac {
        let key = self.client.derive("code", site.as_str().as_bytes());
        CodeMac(key.mac(&[
            id.as_bytes(),
            &number.0,
            &[u8::from(purpose.is_some())],
            purpose.unwrap_or_default().as_bytes(),
            code.expose().as_bytes(),
        ]))
    }

    /// What a repeated request is compared with: `call` names the kind of call, `parts` are what it asks for.
    #[must_use]
    pub fn request_mac(&self, site: &SiteKey, call: &str, parts: &[Option<&str>]) -> [u8; 32] {
        let parts: Vec<&[u8]> = std::iter::once(call.as_bytes())
            .chain(parts.iter().flat_map(|part| match part {
                Some(text) => [&[1][..], text.as_bytes()],
                None => [&[0][..], &[][..]],
            }))
            .collect();
        self.client
            .derive("request", site.as_str().as_bytes())
            .mac(&parts)
    }

    /// Encrypts something for one verification under the newest sealing key.
    ///
    /// # Errors
    /// [`SealError::Random`] where no nonce can be drawn.
    pub fn seal(&self, id: VerificationId, plain: &[u8], random: &dyn Random) -> Result<Sealed, SealError> {
        let (key_id, key) = self.sealing.newest();
        seal::seal(key, key_id, id.as_bytes(), plain, random)
    }

    /// Decrypts what was sealed for this verification.
    ///
    /// # Errors
    /// [`SealError`] where the key is not here any more, or this is not what was sealed.
    pub fn open(&self, id: VerificationId, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        seal::open(self.sealing_key(sealed.key_id)?, id.as_bytes(), sealed)
    }

    /// Encrypts a number for a site, under a key of that site's own.
    ///
    /// # Errors
    /// [`SealError::Random`] where no nonce can be drawn.
    pub fn seal_number(
        &self,
        site: &SiteKey,
        number: &PhoneNumber,
        random: &dyn Random,
    ) -> Result<Sealed, SealError> {
        let (key_id, key) = self.sealing.newest();
        let index = self.number_index(site, number);
        seal::seal(
            &of_site(key, site),
            key_id,
            &index.0,
            number.expose().as_bytes(),
            random,
        )
    }

    /// Decrypts the number of this index of a site.
    ///
    /// # Errors
    /// [`SealError`] where the key is not here any more, or this is not what was sealed.
    pub fn open_number(
        &self,
        site: &SiteKey,
        index: NumberIndex,
        sealed: &Sealed,
    ) -> Result<Zeroizing<String>, SealError> {
        let key = of_site(self.sealing_key(sealed.key_id)?, site);
        let bytes = seal::open(&key, &index.0, sealed)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| SealError::Altered)?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    fn sealing_key(&self, id: u32) -> Result<&SecretKey, SealError> {
        self.sealing.get(id).ok_or(SealError::KeyMissing(id))
    }

    /// By what a session is found: its value itself is kept nowhere.
    #[must_use]
    pub fn session_id(&self, value: &str) -> SessionId {
        SessionId(self.client.derive("session", b"").mac(&[value.as_bytes()]))
    }

    /// Tells key sets apart without telling of the keys: processes that share a database must have the same.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let fixed = [&self.index, &self.limits, &self.client];
        let marks = fixed.map(|key| key.derive("fingerprint", b"").mac(&[]));
        let whole = self
            .index
            .derive("fingerprints", b"")
            .mac(&[&marks[0], &marks[1], &marks[2]]);
        hex::encode(&whole[..16])
    }

    /// Signs claims with the newest signing key.
    ///
    /// # Errors
    /// [`KeysError::Signing`] where the cryptographic library refuses.
    pub fn sign(&self, claims: &Claims) -> Result<String, KeysError> {
        self.signing.sign(claims)
    }

    /// The keys with which this deployment's tokens are verified.
    #[must_use]
    pub fn verifying(&self) -> &VerifyingKeys {
        self.signing.verifying()
    }

    /// The public keys as a JWK set (RFC 7517, 5).
    #[must_use]
    pub fn jwks(&self) -> &serde_json::Value {
        self.signing.jwks()
    }
}

/// The sealing key of one site's numbers.
fn of_site(key: &SecretKey, site: &SiteKey) -> SecretKey {
    key.derive("number", site.as_str().as_bytes())
}

#[expect(clippy::expect_used, reason = "32 bytes are 43 characters of base64url")]
fn as_client_secret(mac: [u8; 32]) -> ClientSecret {
    ClientSecret::parse(&URL_SAFE_NO_PAD.encode(mac)).expect("43 characters of base64url")
}

/// Where keys come from: the configuration first, then the folder.
struct Source<'a> {
    dir: &'a Path,
    random: &'a dyn Random,
}

const KEY: &str = "32 bytes in base64 or hexadecimal digits";
const PEM: &str = "a P-256 private key as PKCS #8 in PEM";

impl Source<'_> {
    /// A key of which there is one.
    fn key(&self, purpose: &'static str, given: Option<&SecretString>) -> Result<SecretKey, KeysError> {
        let ring = match given {
            Some(given) => KeyRing::new([(1, parse_key(given.expose_secret(), purpose)?)]),
            None => KeyRing::new(self.files(purpose)?),
        };
        ring.map(KeyRing::into_newest)
            .ok_or_else(|| malformed(purpose, KEY))
    }

    /// Keys of which there may be several.
    fn ring(
        &self,
        purpose: &'static str,
        given: Option<&SecretString>,
    ) -> Result<KeyRing<SecretKey>, KeysError> {
        let keys = match given {
            Some(given) => parse_numbered(given.expose_secret(), purpose)?,
            None => self.files(purpose)?,
        };
        KeyRing::new(keys).ok_or_else(|| malformed(purpose, KEY))
    }

    fn files(&self, purpose: &'static str) -> Result<Vec<(u32, SecretKey)>, KeysError> {
        let make = || Ok(SecretKey::draw(self.random)?.to_text());
        KeyFolder::open(self.dir, self.random)?
            .read_or_make(purpose, "key", make)?
            .into_iter()
            .map(|file| {
                Ok((
                    file.id,
                    parse_key(file.text.expose_secret(), &file.path.display().to_string())?,
                ))
            })
            .collect()
    }

    fn signing(&self, given: Option<&SecretString>) -> Result<KeyRing<SigningKey>, KeysError> {
        let parse =
            |text: &str, origin: &str| SigningKey::from_pkcs8_pem(text).map_err(|_| malformed(origin, PEM));
        let keys: Vec<(u32, SigningKey)> = match given {
            Some(given) => vec![(1, parse(given.expose_secret(), "signing")?)],
            None => KeyFolder::open(self.dir, self.random)?
                .read_or_make("signing", "pem", signing::draw)?
                .into_iter()
                .map(|file| {
                    Ok((
                        file.id,
                        parse(file.text.expose_secret(), &file.path.display().to_string())?,
                    ))
                })
                .collect::<Result<_, KeysError>>()?,
        };
        KeyRing::new(keys).ok_or_else(|| malformed("signing", PEM))
    }
}

fn parse_key(text: &str, origin: &str) -> Result<SecretKey, KeysError> {
    SecretKey::parse(text).ok_or_else(|| malformed(origin, KEY))
}

/// Reads `key` or `1:key,2:key`.
fn parse_numbered(text: &str, origin: &str) -> Result<Vec<(u32, SecretKey)>, KeysError> {
    if !text.contains(':') {
        return Ok(vec![(1, parse_key(text, origin)?)]);
    }
    text.split(',')
        .map(|part| {
            let (id, key) = part.split_once(':').ok_or_else(|| malformed(origin, KEY))?;
            let id = id.trim().parse().map_err(|_| malformed(origin, KEY))?;
            Ok((id, parse_key(key, origin)?))
        })
        .collect()
}

fn malformed(origin: &str, wanted: &'static str) -> KeysError {
    KeysError::Malformed {
        origin: origin.to_owned(),
        wanted,
    }
}

#[cfg(test)]
mod tests;
