use super::error::KeysError;
use super::ring::KeyRing;
use phone_verify_domain::Timestamp;
use phone_verify_token::{Claims, SigningKey, VerifyingKeys};
use secrecy::SecretString;
use serde_json::Value;
use std::time::Duration;

/// A key is published for so long after its last token: no token lives longer than an hour (contract 3), and clocks and
/// readings of the folder may differ.
pub(super) const PUBLISHED_AFTER_USE: Duration = Duration::from_mins(65);

/// The keys that sign tokens, and what is published of them.
pub(super) struct Signing {
    ring: KeyRing<SigningKey>,
    jwks: Value,
    verifying: VerifyingKeys,
}

impl Signing {
    /// These keys, and what is published of them at `now`.
    pub(super) fn new(ring: KeyRing<SigningKey>, now: Timestamp) -> Result<Self, KeysError> {
        let published = ring
            .all()
            .filter(|(id, _)| !is_over(&ring, *id, now))
            .map(|(_, dated)| dated.key.verifying_key());
        let verifying =
            VerifyingKeys::from_keys(published).map_err(|error| KeysError::Signing(error.to_string()))?;
        let jwks = verifying.to_jwks();
        Ok(Self {
            ring,
            jwks,
            verifying,
        })
    }

    pub(super) fn sign(&self, claims: &Claims, now: Timestamp) -> Result<String, KeysError> {
        let (_, key) = self.ring.current(now);
        key.sign(claims)
            .map_err(|error| KeysError::Signing(error.to_string()))
    }

    pub(super) fn jwks(&self) -> &Value {
        &self.jwks
    }

    pub(super) fn verifying(&self) -> &VerifyingKeys {
        &self.verifying
    }
}

/// Whether no token of the key can live any more.
pub(super) fn is_over<K>(ring: &KeyRing<K>, id: u32, now: Timestamp) -> bool {
    ring.superseded_at(id)
        .is_some_and(|superseded_at| superseded_at + PUBLISHED_AFTER_USE <= now)
}

/// A new key, for its file.
pub(super) fn draw() -> Result<SecretString, KeysError> {
    let key = SigningKey::generate().map_err(|error| KeysError::Signing(error.to_string()))?;
    Ok(key.to_pkcs8_pem())
}

impl std::fmt::Debug for Signing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signing(…)")
    }
}
