use super::{CHALLENGE_LIVES, Heat};
use crate::keys::Keys;
use crate::store::UsedProof;
use altcha::{CreateChallengeOptions, Payload, VerifySolutionOptions, create_challenge, verify_solution};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use phone_verify_domain::{SiteKey, Timestamp};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// ALTCHA's name of what has to be computed: every browser has it built in.
const ALGORITHM: &str = "PBKDF2/SHA-256";

/// Iterations of one try: enough that a browser's calls of it cost more than making them, and few enough that making a challenge
/// costs this server half a millisecond.
const ITERATIONS: u32 = 1_000;

/// Tries that the easiest challenge takes at least, and at most twice as many: a tenth to a third of a second in a browser.
const TRIES: u32 = 100;

/// Whom a challenge is for.
pub(crate) struct Binding<'a> {
    /// On which site.
    pub(crate) site: &'a SiteKey,
    /// From which network, as a limiter key: it tells nobody the address.
    pub(crate) network: String,
}

/// Why a proof is none, in a developer's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProofError {
    /// Not base64 of a solved challenge.
    #[error("`challenge` is not a solved challenge of ALTCHA's, in base64")]
    Malformed,
    /// Not one that this server made for this caller, or not solved.
    #[error("`challenge` is not the solution of a challenge that was made for this caller and site")]
    Wrong,
    /// Its time is over.
    #[error("`challenge` is the solution of a challenge that is over")]
    Over,
    /// Easier than what is asked by now.
    #[error("`challenge` is the solution of an easier challenge than is asked by now")]
    TooEasy,
}

/// A challenge, as JSON text. `number` is drawn at random.
///
/// # Errors
/// The library's own, which a right algorithm does not raise.
pub(crate) fn challenge(
    keys: &Keys,
    binding: &Binding<'_>,
    heat: Heat,
    number: u32,
    now: Timestamp,
) -> Result<String, altcha::Error> {
    let tries = TRIES << heat.level().saturating_sub(1);
    let secret = keys.proof_secret();
    let challenge = create_challenge(CreateChallengeOptions {
        algorithm: ALGORITHM.to_owned(),
        cost: ITERATIONS,
        counter: Some(tries + number % tries),
        // The library's own expiry would follow the machine's clock.
        data: Some(BTreeMap::from([
            ("site".to_owned(), json!(binding.site.as_str())),
            ("network".to_owned(), json!(binding.network)),
            ("level".to_owned(), json!(heat.level())),
            ("expires".to_owned(), json!((now + CHALLENGE_LIVES).as_millis())),
        ])),
        hmac_signature_secret: Some(secret.expose_secret().to_owned()),
        hmac_key_signature_secret: Some(secret.expose_secret().to_owned()),
        ..CreateChallengeOptions::default()
    })?;
    Ok(json!(challenge).to_string())
}

/// Whether `proof` is the work that is asked for, and what is to be remembered of it, so that it serves once.
///
/// # Errors
/// [`ProofError`]
pub(crate) fn check(
    keys: &Keys,
    binding: &Binding<'_>,
    wanted: Heat,
    proof: &str,
    now: Timestamp,
) -> Result<UsedProof, ProofError> {
    let payload = BASE64_STANDARD.decode(proof).map_err(|_| ProofError::Malformed)?;
    let payload: Payload = serde_json::from_slice(&payload).map_err(|_| ProofError::Malformed)?;
    let secret = keys.proof_secret();
    let verified = verify_solution(VerifySolutionOptions {
        hmac_key_signature_secret: Some(secret.expose_secret().to_owned()),
        ..VerifySolutionOptions::new(&payload.challenge, &payload.solution, secret.expose_secret())
    });
    if !verified.is_ok_and(|result| result.verified) {
        return Err(ProofError::Wrong);
    }
    // From here on all of it is what this server has signed.
    let parameters = &payload.challenge.parameters;
    let data = |name: &str| parameters.data.as_ref().and_then(|data| data.get(name));
    let is = |name: &str, text: &str| data(name).and_then(Value::as_str) == Some(text);
    if !is("site", binding.site.as_str()) || !is("network", &binding.network) {
        return Err(ProofError::Wrong);
    }
    let expires_at = data("expires")
        .and_then(Value::as_i64)
        .map(Timestamp::from_millis);
    let expires_at = expires_at.filter(|end| now < *end).ok_or(ProofError::Over)?;
    let level = data("level").and_then(Value::as_u64).and_then(Heat::from_level);
    if !level.is_some_and(|heat| heat.is_enough_for(wanted)) {
        return Err(ProofError::TooEasy);
    }
    // Not of the signature, whose hexadecimal digits can be written in two ways.
    let name = Sha256::new()
        .chain_update(&parameters.nonce)
        .chain_update([0])
        .chain_update(&parameters.salt);
    Ok(UsedProof {
        id: name.finalize().into(),
        expires_at,
    })
}

#[cfg(test)]
mod tests;
