//! The keys that the database never sees, and all that is made with them.
//!
//! | file in `keys_dir` | what it makes | rotates |
//! | --- | --- | --- |
//! | `index-1.key` | number indexes, by site: two sites' rows cannot be joined | no |
//! | `limits-1.key` | limiter keys, which see across sites | no |
//! | `client-1.key` | client secrets, MACs of codes, of sessions and of repeated requests | no |
//! | `sealing-<id>.key` | encrypts codes and, by site, numbers; one seals, all of them open | yes |
//! | `signing-<id>.pem` | signs tokens (ES256, PKCS #8); one signs, all of them are published | yes |
//!
//! A `.key` file holds 32 bytes in base64 or hexadecimal digits. Of the keys that rotate the highest id seals and signs, but not
//! before the moment that a line `# used from 2026-01-31T23:59:59Z` above the key says: by then all processes that share the
//! folder have read it, and hosts have fetched what is published of it. [`rotate()`] writes such files.
//! What is made for one purpose and one site is made with a
//! key derived for just that (HKDF-SHA-256).

mod error;
mod files;
mod mac_keys;
mod ring;
mod rotate;
mod seal;
mod secret;
mod signing;
mod source;
mod watch;

pub use error::KeysError;
pub use rotate::{NewKey, prune, rotate};
pub use seal::SealError;
pub use watch::KeyWatch;

use crate::clock::Clock;
use crate::random::Random;
use crate::store::{CodeMac, LimitKey, NumberIndex, Sealed, SessionId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mac_keys::MacKeys;
use phone_verify_domain::{ClientSecret, Code, PhoneNumber, SiteKey, Timestamp, VerificationId};
use phone_verify_token::{Claims, Expected, TokenError, verify};
use ring::KeyRing;
use secrecy::SecretString;
use secret::SecretKey;
use signing::Signing;
use source::Source;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Keys that the configuration gives instead of files; for each one given, the files of its kind are not looked at.
#[derive(Clone, Debug, Default)]
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

/// All keys of a deployment. Those that rotate are read again while the server runs.
pub struct Keys {
    fingerprint: String,
    number_indexes: MacKeys,
    limits: MacKeys,
    client_secrets: MacKeys,
    codes: MacKeys,
    requests: MacKeys,
    sessions: MacKeys,
    proofs: SecretKey,
    rotating: RwLock<Rotating>,
    source: Source,
    reading: Mutex<Reading>,
    clock: Arc<dyn Clock>,
}

/// The keys that change while the server runs.
#[derive(Clone)]
struct Rotating {
    sealing: Arc<KeyRing<SecretKey>>,
    signing: Arc<Signing>,
}

/// How the folder was read last.
struct Reading {
    at: Timestamp,
    trouble: Option<String>,
}

/// An unknown key's id leads to a new reading, and no more often than this: anybody may come with unknown ids.
const UNKNOWN_READS_EVERY: Duration = Duration::from_secs(1);

impl Keys {
    /// Takes the keys that are given, reads the others from `dir`, and makes there what is missing. `clock` tells which of the
    /// keys that rotate are used.
    ///
    /// # Errors
    /// [`KeysError`] for a folder or file that cannot be used, or that others may read, and for malformed keys.
    pub fn load(
        dir: &Path,
        given: &GivenKeys,
        random: &dyn Random,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, KeysError> {
        let source = Source::new(dir.to_owned(), given.clone());
        let now = clock.now();
        let index = source.key("index", random)?;
        let limits = source.key("limits", random)?;
        let client = source.key("client", random)?;
        Ok(Self {
            fingerprint: fingerprint([&index, &limits, &client]),
            number_indexes: MacKeys::new(&index, "number index"),
            limits: MacKeys::new(&limits, "limit"),
            client_secrets: MacKeys::new(&client, "client secret"),
            codes: MacKeys::new(&client, "code"),
            requests: MacKeys::new(&client, "request"),
            sessions: MacKeys::new(&client, "session"),
            proofs: client.derive("proof of work", b""),
            rotating: RwLock::new(Rotating {
                sealing: Arc::new(source.sealing(Some(random))?),
                signing: Arc::new(Signing::new(source.signing(Some(random))?, now)?),
            }),
            source,
            reading: Mutex::new(Reading {
                at: now,
                trouble: None,
            }),
            clock,
        })
    }

    /// Reads again the keys that rotate, and forgets public keys whose tokens are over. Keys of a kind that cannot be read stay
    /// as they are; see [`Keys::trouble`]. Reads files, and may block.
    pub fn read_again(&self) {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        self.read_within(&mut reading);
    }

    /// Why not all keys could be read the last time, if so: a sentence without paths.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        let reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        reading.trouble.is_some().then(|| {
            "the keys in keys_dir cannot all be read again; those read before are in use, and the log says which"
                .to_owned()
        })
    }

    /// Reads again because of an unknown id, unless that was done a moment ago.
    fn read_for_unknown(&self) -> bool {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        if reading.at <= now && now < reading.at + UNKNOWN_READS_EVERY {
            return false;
        }
        self.read_within(&mut reading);
        true
    }

    fn read_within(&self, reading: &mut Reading) {
        let given = self.source.given();
        if given.sealing.is_some() && given.signing.is_some() {
            return;
        }
        let now = self.clock.now();
        reading.at = now;
        let sealing = self.source.sealing(None);
        let signing = self.source.signing(None).and_then(|ring| Signing::new(ring, now));
        let mut trouble = None;
        {
            let mut rotating = self.rotating.write().unwrap_or_else(PoisonError::into_inner);
            match sealing {
                Ok(ring) => rotating.sealing = Arc::new(ring),
                Err(error) => trouble = Some(error.to_string()),
            }
            match signing {
                Ok(signing) => rotating.signing = Arc::new(signing),
                Err(error) => trouble = Some(error.to_string()),
            }
        }
        match &trouble {
            // Once, not at every reading.
            Some(error) if reading.trouble.as_ref() != Some(error) => {
                tracing::error!(%error, "keys cannot be read again; those read before stay in use");
            }
            None if reading.trouble.is_some() => tracing::info!("all keys can be read again"),
            _ => {}
        }
        reading.trouble = trouble;
    }

    fn rotating(&self) -> Rotating {
        self.rotating
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What is stored of a number on a site: HMAC-SHA-256 under a key of that site's own.
    #[must_use]
    pub fn number_index(&self, site: &SiteKey, number: &PhoneNumber) -> NumberIndex {
        let number = number.expose().as_bytes();
        NumberIndex(self.number_indexes.mac(site.as_str().as_bytes(), &[number]))
    }

    /// Whose row a limit counts in: HMAC-SHA-256 of the limit's name and its subject, over all sites.
    #[must_use]
    pub fn limit_key(&self, name: &str, subject: &[u8]) -> LimitKey {
        LimitKey(self.limits.mac(name.as_bytes(), &[subject]))
    }

    /// The right to act on a verification; derived, so that it need not be kept.
    #[must_use]
    pub fn client_secret(&self, id: VerificationId) -> ClientSecret {
        as_client_secret(self.client_secrets.mac(b"", &[id.as_bytes()]))
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
        let parts: [&[u8]; 5] = [
            id.as_bytes(),
            &number.0,
            &[u8::from(purpose.is_some())],
            purpose.unwrap_or_default().as_bytes(),
            code.expose().as_bytes(),
        ];
        CodeMac(self.codes.mac(site.as_str().as_bytes(), &parts))
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
        self.requests.mac(site.as_str().as_bytes(), &parts)
    }

    /// Encrypts something for one verification under the current sealing key.
    ///
    /// # Errors
    /// [`SealError::Random`] where no nonce can be drawn.
    pub fn seal(&self, id: VerificationId, plain: &[u8], random: &dyn Random) -> Result<Sealed, SealError> {
        let sealing = self.rotating().sealing;
        let (key_id, key) = sealing.current(self.clock.now());
        seal::seal(key, key_id, id.as_bytes(), plain, random)
    }

    /// Decrypts what was sealed for this verification.
    ///
    /// # Errors
    /// [`SealError`] where the key is not here any more, or this is not what was sealed.
    pub fn open(&self, id: VerificationId, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        seal::open(&self.sealing_key(sealed.key_id)?, id.as_bytes(), sealed)
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
        let sealing = self.rotating().sealing;
        let (key_id, key) = sealing.current(self.clock.now());
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
        let key = of_site(&self.sealing_key(sealed.key_id)?, site);
        let bytes = seal::open(&key, &index.0, sealed)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| SealError::Altered)?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    fn sealing_key(&self, id: u32) -> Result<SecretKey, SealError> {
        let known = || self.rotating().sealing.get(id).cloned();
        known()
            .or_else(|| self.read_for_unknown().then(known).flatten())
            .ok_or(SealError::KeyMissing(id))
    }

    /// What signs challenges for proofs of work, as text.
    #[must_use]
    pub fn proof_secret(&self) -> SecretString {
        hex::encode(self.proofs.expose()).into()
    }

    /// By what a session is found: its value itself is kept nowhere.
    #[must_use]
    pub fn session_id(&self, value: &str) -> SessionId {
        SessionId(self.sessions.mac(b"", &[value.as_bytes()]))
    }

    /// Tells key sets apart without telling of the keys: processes that share a database must have the same.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Signs claims with the current signing key.
    ///
    /// # Errors
    /// [`KeysError::Signing`] where the cryptographic library refuses.
    pub fn sign(&self, claims: &Claims) -> Result<String, KeysError> {
        self.rotating().signing.sign(claims, self.clock.now())
    }

    /// Verifies a token of this deployment now.
    ///
    /// # Errors
    /// [`TokenError`]
    pub fn verify(&self, token: &str, expected: &Expected<'_>) -> Result<Claims, TokenError> {
        let known = || {
            let now = self.clock.now().as_seconds();
            verify(token, self.rotating().signing.verifying(), expected, now)
        };
        match known() {
            Err(TokenError::UnknownKey) if self.read_for_unknown() => known(),
            verified => verified,
        }
    }

    /// The public keys as a JWK set (RFC 7517, 5).
    #[must_use]
    pub fn jwks(&self) -> serde_json::Value {
        self.rotating().signing.jwks().clone()
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

fn fingerprint(fixed: [&SecretKey; 3]) -> String {
    let mark = |key: &SecretKey| key.derive("fingerprint", b"").for_macs().mac(&[]);
    let marks = fixed.map(mark);
    let of_all = fixed[0].derive("fingerprints", b"").for_macs();
    let whole = of_all.mac(&[&marks[0], &marks[1], &marks[2]]);
    hex::encode(&whole[..16])
}

/// The sealing key of one site's numbers.
fn of_site(key: &SecretKey, site: &SiteKey) -> SecretKey {
    key.derive("number", site.as_str().as_bytes())
}

#[expect(clippy::expect_used, reason = "32 bytes are 43 characters of base64url")]
fn as_client_secret(mac: [u8; 32]) -> ClientSecret {
    ClientSecret::parse(&URL_SAFE_NO_PAD.encode(mac)).expect("43 characters of base64url")
}

#[cfg(test)]
mod tests;
