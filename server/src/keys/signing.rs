use super::error::KeysError;
use super::ring::KeyRing;
use phone_verify_token::{Claims, SigningKey, VerifyingKeys};
use secrecy::SecretString;
use serde_json::Value;

/// The keys that sign tokens, and what is published of them.
pub(super) struct Signing {
    ring: KeyRing<SigningKey>,
    jwks: Value,
    verifying: VerifyingKeys,
}

impl Signing {
    pub(super) fn new(ring: KeyRing<SigningKey>) -> Result<Self, KeysError> {
        let verifying = VerifyingKeys::from_keys(ring.all().map(SigningKey::verifying_key))
            .map_err(|error| KeysError::Signing(error.to_string()))?;
        let jwks = verifying.to_jwks();
        Ok(Self {
            ring,
            jwks,
            verifying,
        })
    }

    pub(super) fn sign(&self, claims: &Claims) -> Result<String, KeysError> {
        let (_, key) = self.ring.newest();
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
