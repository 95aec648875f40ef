use super::refusal;
use crate::keys::Keys;
use crate::store::{Record, TokenRecord};
use phone_verify_domain::{ApiError, Channel, ErrorCode};
use phone_verify_token::Claims;
use zeroize::Zeroizing;

/// Signs the one token of an approved verification. Its claims are the same each time, its signature need not be. `number`
/// is the number in E.164, for a site whose tokens carry it.
///
/// # Errors
/// `unavailable` where it has none, or the cryptographic library refuses.
pub(crate) fn minted_token(
    keys: &Keys,
    issuer: &str,
    record: &Record,
    number: Option<&str>,
) -> Result<String, ApiError> {
    let Some(token) = &record.token else {
        let detail = "an approved verification has no token";
        tracing::error!(verification = %record.facts.id, "{detail}");
        return Err(ApiError::new(ErrorCode::Unavailable, detail));
    };
    keys.sign(&claims(issuer, record, token, number))
        .map_err(|error| refusal::broken("the token cannot be signed", &error))
}

/// The number of a verification, where its site keeps it.
///
/// # Errors
/// `unavailable` where it cannot be read.
pub(crate) fn kept_number(keys: &Keys, record: &Record) -> Result<Option<Zeroizing<String>>, ApiError> {
    let opened = record
        .number_sealed
        .as_ref()
        .map(|sealed| keys.open_number(&record.site, record.number, sealed));
    opened
        .transpose()
        .map_err(|error| refusal::broken("the number cannot be read", &error))
}

fn claims(issuer: &str, record: &Record, token: &TokenRecord, number: Option<&str>) -> Claims {
    Claims {
        iss: issuer.to_owned(),
        aud: record.site.as_str().to_owned(),
        sub: record.subject.clone(),
        nonce: record.nonce.clone(),
        jti: token.jti.clone(),
        iat: token.issued_at.as_seconds(),
        exp: token.expires_at.as_seconds(),
        phone_number: number.map(str::to_owned),
        phone_number_index: hex::encode(record.number.0),
        phone_number_verified: true,
        phone_verified_at: token.issued_at.as_seconds(),
        amr: vec![method(record.facts.channel).to_owned()],
        purpose: record.purpose.clone(),
        country: record.country.as_str().to_owned(),
        origin: record.origin.clone(),
    }
}

/// The authentication method reference of a channel (RFC 8176, 2).
fn method(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "sms",
        Channel::Call => "tel",
    }
}
