use super::{Engine, refusal};
use crate::store::{Record, TokenRecord};
use phone_verify_domain::{ApiError, Channel, ErrorCode, PhoneNumber};
use phone_verify_token::Claims;

impl Engine {
    /// Signs the one token of an approved verification. Its claims are the same each time, its signature need not be.
    pub(super) fn token(&self, record: &Record, number: Option<&PhoneNumber>) -> Result<String, ApiError> {
        let Some(token) = &record.token else {
            let detail = "an approved verification has no token";
            tracing::error!(verification = %record.facts.id, "{detail}");
            return Err(ApiError::new(ErrorCode::Unavailable, detail));
        };
        self.parts
            .keys
            .sign(&self.claims(record, token, number))
            .map_err(|error| refusal::broken("the token cannot be signed", &error))
    }

    fn claims(&self, record: &Record, token: &TokenRecord, number: Option<&PhoneNumber>) -> Claims {
        Claims {
            iss: self.parts.issuer.clone(),
            aud: record.site.as_str().to_owned(),
            sub: record.subject.clone(),
            nonce: record.nonce.clone(),
            jti: token.jti.clone(),
            iat: token.issued_at.as_seconds(),
            exp: token.expires_at.as_seconds(),
            phone_number: number.map(|number| number.expose().to_owned()),
            phone_number_index: hex::encode(record.number.0),
            phone_number_verified: true,
            phone_verified_at: token.issued_at.as_seconds(),
            amr: vec![method(record.facts.channel).to_owned()],
            purpose: record.purpose.clone(),
            country: record.country.as_str().to_owned(),
            origin: record.origin.clone(),
        }
    }
}

/// The authentication method reference of a channel (RFC 8176, 2).
fn method(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "sms",
        Channel::Call => "tel",
    }
}
