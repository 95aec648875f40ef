use crate::{Claims, Expected, LONGEST_LIFE_SECONDS, TOKEN_TYPE, VerifyingKeys};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;
use std::collections::HashSet;

/// The longest token that is looked at, in bytes: what the browser API takes for a whole body.
const LONGEST_TOKEN: usize = 8 * 1024;

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not three parts of base64url JSON with the claims of this kind of token.
    #[error("not a token, or not a whole one")]
    Malformed,
    /// A header that says anything else than `alg: ES256`, `typ: pv+jwt` and a `kid`.
    #[error("a header that no phone-verify server writes")]
    Header,
    /// Signed by a key that the server does not publish, or no longer: a host fetches the key set anew, then decides.
    #[error("signed by an unknown key")]
    UnknownKey,
    /// The signature is not the key's.
    #[error("the signature does not match")]
    Signature,
    /// Minted by another server.
    #[error("from another issuer")]
    Issuer,
    /// Minted for another site.
    #[error("for another site")]
    Audience,
    /// Minted for another user.
    #[error("for another user")]
    Subject,
    /// Minted for another browser session.
    #[error("for another session")]
    Nonce,
    /// Minted for another purpose.
    #[error("for another purpose")]
    Purpose,
    /// Minted in the future.
    #[error("not valid yet")]
    NotYetValid,
    /// Over.
    #[error("expired")]
    Expired,
    /// Times that contradict each other, or a life of more than an hour.
    #[error("with impossible times")]
    Times,
    /// The number is not said to be verified.
    #[error("the number is not verified")]
    NotVerified,
}

/// The header that the server writes. Whatever tells a verifier where to find a key (`jku`, `jwk`, `x5u`, `x5c`) or what
/// else it must understand (`crit`, `b64`) is an unknown field, and refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenHeader {
    alg: String,
    typ: String,
    kid: String,
}

/// Verifies `token` at the moment `now_seconds` (since 1970-01-01T00:00:00Z) without asking anybody: its form, key,
/// signature, times, and that it is what `expected` says. Whether it has been redeemed only the server knows.
///
/// # Errors
/// [`TokenError`] names the first thing that is wrong; nothing of the token may then be used.
pub fn verify(
    token: &str,
    keys: &VerifyingKeys,
    expected: &Expected<'_>,
    now_seconds: i64,
) -> Result<Claims, TokenError> {
    if token.len() > LONGEST_TOKEN {
        return Err(TokenError::Malformed);
    }
    let key = keys.get(&named_key(token)?).ok_or(TokenError::UnknownKey)?;
    let claims = jsonwebtoken::decode::<Claims>(token, key.decoding_key(), &signature_only())
        .map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::InvalidSignature => TokenError::Signature,
            _ => TokenError::Malformed,
        })?
        .claims;
    if !claims.are_well_formed() {
        return Err(TokenError::Malformed);
    }
    check_times(&claims, expected.clocks.leeway_seconds(), now_seconds)?;
    check_expectations(&claims, expected)?;
    Ok(claims)
}

/// The name of the key that signed `token`, if its header is one that a server writes.
pub(crate) fn named_key(token: &str) -> Result<String, TokenError> {
    let header = header(token)?;
    if header.alg != "ES256" || header.typ != TOKEN_TYPE {
        return Err(TokenError::Header);
    }
    Ok(header.kid)
}

fn header(token: &str) -> Result<TokenHeader, TokenError> {
    let (first, _) = token.split_once('.').ok_or(TokenError::Malformed)?;
    let json = URL_SAFE_NO_PAD.decode(first).map_err(|_| TokenError::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| TokenError::Header)
}

/// The library checks algorithm and signature; its checks of time read the system's clock, its check of the audience
/// lets a missing one pass.
fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims = HashSet::new();
    validation
}

fn check_times(claims: &Claims, leeway: i64, now: i64) -> Result<(), TokenError> {
    let life = claims.exp.saturating_sub(claims.iat);
    if !(1..=LONGEST_LIFE_SECONDS).contains(&life) || claims.phone_verified_at > claims.iat {
        return Err(TokenError::Times);
    }
    if claims.iat > now.saturating_add(leeway) {
        return Err(TokenError::NotYetValid);
    }
    if claims.exp.saturating_add(leeway) <= now {
        return Err(TokenError::Expired);
    }
    Ok(())
}

fn check_expectations(claims: &Claims, expected: &Expected<'_>) -> Result<(), TokenError> {
    let checks = [
        (claims.phone_number_verified, TokenError::NotVerified),
        (claims.iss == expected.issuer, TokenError::Issuer),
        (claims.aud == expected.audience, TokenError::Audience),
        (expected.subject.holds(claims.sub.as_deref()), TokenError::Subject),
        (expected.nonce.holds(claims.nonce.as_deref()), TokenError::Nonce),
        (
            expected.purpose.holds(claims.purpose.as_deref()),
            TokenError::Purpose,
        ),
    ];
    match checks.into_iter().find(|(holds, _)| !holds) {
        None => Ok(()),
        Some((_, error)) => Err(error),
    }
}
