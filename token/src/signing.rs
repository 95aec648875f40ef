use crate::{Claims, TOKEN_TYPE, VerifyingKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, Header};
use pem::{EncodeConfig, LineEnding, Pem};
use secrecy::SecretString;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// The PEM label of PKCS #8 (RFC 7468, 10).
const PKCS8_LABEL: &str = "PRIVATE KEY";

/// A private P-256 key that signs tokens. Its `Debug` shows its public name only.
#[derive(Clone)]
pub struct SigningKey {
    /// Read once: `jsonwebtoken::encode` reads and checks a key anew for each token, which takes as long as the signature.
    pair: Arc<EcdsaKeyPair>,
    pem: SecretString,
    public: VerifyingKey,
    /// The first part of every token of this key.
    header: String,
}

/// A key cannot be made, read or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The cryptographic library made no key.
    #[error("no signing key could be made")]
    Generate,
    /// The text is not a PEM of one PKCS #8 P-256 private key.
    #[error("the signing key is not a P-256 private key in PKCS #8 PEM")]
    Format,
    /// The key did not sign.
    #[error("the token could not be signed")]
    Sign,
}

impl SigningKey {
    /// A new key.
    ///
    /// # Errors
    /// [`KeyError::Generate`] when the system's random source does not answer.
    pub fn generate() -> Result<Self, KeyError> {
        let pair =
            EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| KeyError::Generate)?;
        let pkcs8 = pair.to_pkcs8v1().map_err(|_| KeyError::Generate)?;
        Self::from_pkcs8(pkcs8.as_ref())
    }

    /// The key in this PEM text (`BEGIN PRIVATE KEY`).
    ///
    /// # Errors
    /// [`KeyError::Format`] when it is anything else, another curve's key included.
    pub fn from_pkcs8_pem(text: &str) -> Result<Self, KeyError> {
        let pem = pem::parse(text).map_err(|_| KeyError::Format)?;
        if pem.tag() != PKCS8_LABEL {
            return Err(KeyError::Format);
        }
        Self::from_pkcs8(pem.contents())
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).map_err(|_| KeyError::Format)?;
        let public = VerifyingKey::from_point(pair.public_key().as_ref()).ok_or(KeyError::Format)?;
        let header = Header {
            typ: Some(TOKEN_TYPE.to_owned()),
            kid: Some(public.kid().to_owned()),
            ..Header::new(Algorithm::ES256)
        };
        let pem = Pem::new(PKCS8_LABEL, der);
        Ok(Self {
            pair: Arc::new(pair),
            pem: pem::encode_config(&pem, EncodeConfig::new().set_line_ending(LineEnding::LF)).into(),
            public,
            header: encoded(&header).map_err(|_| KeyError::Format)?,
        })
    }

    /// The private key as PEM, for a file that only the server reads.
    #[must_use]
    pub fn to_pkcs8_pem(&self) -> SecretString {
        self.pem.clone()
    }

    /// The key's name in a token's header and in the key set: its RFC 7638 thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.public.kid()
    }

    /// The public half.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        self.public.clone()
    }

    /// The public half as a JSON Web Key (RFC 7517).
    #[must_use]
    pub fn public_jwk(&self) -> serde_json::Value {
        self.public.to_jwk()
    }

    /// Signs `claims`: the finished token, a JWS in its compact form (RFC 7515, 7.1).
    ///
    /// # Errors
    /// [`KeyError::Sign`] when the cryptographic library does not sign.
    pub fn sign(&self, claims: &Claims) -> Result<String, KeyError> {
        let claims = encoded(claims).map_err(|_| KeyError::Sign)?;
        let mut token = [self.header.as_str(), &claims].join(".");
        let signature = self.pair.sign(&SystemRandom::new(), token.as_bytes());
        let signature = signature.map_err(|_| KeyError::Sign)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

/// A part of a token: JSON in base64url.
fn encoded(part: &impl Serialize) -> serde_json::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(part)?))
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.kid())
    }
}
