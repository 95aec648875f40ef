use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// Bytes of one coordinate of a P-256 point.
const COORDINATE: usize = 32;

/// A public P-256 key that verifies tokens.
#[derive(Clone)]
pub struct VerifyingKey {
    kid: String,
    x: String,
    y: String,
    key: DecodingKey,
}

/// All keys of a server, by their names.
#[derive(Clone, Debug)]
pub struct VerifyingKeys(BTreeMap<String, VerifyingKey>);

/// A key set cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwksError {
    /// Not a JSON Web Key Set.
    #[error("not a JSON Web Key Set")]
    Format,
    /// An ES256 key without a name, or with a point that is not on the curve.
    #[error("the key set holds a broken key")]
    BrokenKey,
    /// Two keys of one name.
    #[error("the key set holds two keys of one name")]
    DuplicateKey,
    /// No ES256 key at all.
    #[error("the key set holds no ES256 key")]
    NoKey,
}

/// The members of a JSON Web Key that matter here (RFC 7517, 4; RFC 7518, 6.2).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    kid: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

impl VerifyingKey {
    /// The key of an uncompressed point (SEC 1, 2.3.3), named by its RFC 7638 thumbprint.
    pub(crate) fn from_point(point: &[u8]) -> Option<Self> {
        let [4, coordinates @ ..] = point else { return None };
        let (x, y) = coordinates.split_at_checked(COORDINATE)?;
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let kid = URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()));
        Self::from_coordinates(kid, x, y)
    }

    /// The key of these base64url coordinates, if they are a point on the curve.
    fn from_coordinates(kid: String, x: String, y: String) -> Option<Self> {
        let mut point = vec![4];
        for coordinate in [&x, &y] {
            let bytes = URL_SAFE_NO_PAD.decode(coordinate).ok()?;
            (bytes.len() == COORDINATE).then(|| point.extend(bytes))?;
        }
        ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point).ok()?;
        let key = DecodingKey::from_ec_der(&point);
        Some(Self { kid, x, y, key })
    }

    /// The key's name in a token's header and in the key set.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The key as a JSON Web Key.
    #[must_use]
    pub fn to_jwk(&self) -> Value {
        json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig",
            "kid": self.kid, "x": self.x, "y": self.y,
        })
    }

    pub(crate) fn decoding_key(&self) -> &DecodingKey {
        &self.key
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.kid)
    }
}

impl VerifyingKeys {
    /// These keys.
    ///
    /// # Errors
    /// [`JwksError::NoKey`] without a key, [`JwksError::DuplicateKey`] with two of one name.
    pub fn from_keys(keys: impl IntoIterator<Item = VerifyingKey>) -> Result<Self, JwksError> {
        let mut by_name = BTreeMap::new();
        for key in keys {
            if by_name.insert(key.kid.clone(), key).is_some() {
                return Err(JwksError::DuplicateKey);
            }
        }
        if by_name.is_empty() {
            return Err(JwksError::NoKey);
        }
        Ok(Self(by_name))
    }

    /// The ES256 keys of a JSON Web Key Set, as `/.well-known/jwks.json` holds it. Keys of other kinds and uses are
    /// passed over (RFC 7517, 5).
    ///
    /// # Errors
    /// [`JwksError`] when it is not a key set, or holds no ES256 key, a broken one or two of one name.
    pub fn from_jwks(jwks: &Value) -> Result<Self, JwksError> {
        let jwks = Jwks::deserialize(jwks).map_err(|_| JwksError::Format)?;
        let keys = jwks.keys.into_iter().filter(Jwk::is_for_tokens).map(|jwk| {
            let (Some(kid), Some(x), Some(y)) = (jwk.kid, jwk.x, jwk.y) else {
                return Err(JwksError::BrokenKey);
            };
            VerifyingKey::from_coordinates(kid, x, y).ok_or(JwksError::BrokenKey)
        });
        Self::from_keys(keys.collect::<Result<Vec<_>, _>>()?)
    }

    /// The key set to publish.
    #[must_use]
    pub fn to_jwks(&self) -> Value {
        json!({ "keys": self.0.values().map(VerifyingKey::to_jwk).collect::<Vec<_>>() })
    }

    /// The key of this name.
    #[must_use]
    pub fn get(&self, kid: &str) -> Option<&VerifyingKey> {
        self.0.get(kid)
    }
}

impl Jwk {
    fn is_for_tokens(&self) -> bool {
        self.kty == "EC"
            && self.crv.as_deref() == Some("P-256")
            && self.alg.as_deref().is_none_or(|alg| alg == "ES256")
            && self.usage.as_deref().is_none_or(|usage| usage == "sig")
    }
}
