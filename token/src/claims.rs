use serde::{Deserialize, Serialize};
use std::fmt;

/// What a token says. Times are whole seconds since 1970-01-01T00:00:00Z; absent claims are omitted.
///
/// It cannot be printed by accident: `Debug` shows neither the number nor the values that bind the token to a user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Claims {
    /// Who minted the token: the server's public URL.
    pub iss: String,
    /// Whom it is for: the site key.
    pub aud: String,
    /// The host's own user id, where the host's server began a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The host's value that binds the token to one of its browser sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The token's own id: one verification has at most one, and it can be redeemed once.
    pub jti: String,
    /// When it was minted.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
    /// The number in E.164, where the site asks for it (`token_number`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// The keyed hash of the number, in lower-case hexadecimal: the same for the same number and site.
    pub phone_number_index: String,
    /// True: the holder of the number typed the code.
    pub phone_number_verified: bool,
    /// When that was.
    pub phone_verified_at: i64,
    /// How the code travelled (RFC 8176): `sms`, or `tel` for a call.
    pub amr: Vec<String>,
    /// What the verification was for, where the page said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The number's country, ISO 3166 alpha-2.
    pub country: String,
    /// The origin of the page, as the browser's request gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Claims {
    /// Whether every claim has the form that the server gives it, whatever it says.
    pub(crate) fn are_well_formed(&self) -> bool {
        let lower_hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        let e164 = |number: &str| {
            number.strip_prefix('+').is_some_and(|digits| {
                (4..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        !self.jti.is_empty()
            && !self.phone_number_index.is_empty()
            && self.phone_number_index.bytes().all(lower_hex)
            && self.phone_number.as_deref().is_none_or(e164)
            && !self.amr.is_empty()
            && self.country.len() == 2
            && self.country.bytes().all(|byte| byte.is_ascii_uppercase())
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("iss", &self.iss)
            .field("aud", &self.aud)
            .field("jti", &self.jti)
            .field("iat", &self.iat)
            .field("exp", &self.exp)
            .field("amr", &self.amr)
            .field("purpose", &self.purpose)
            .field("country", &self.country)
            .finish_non_exhaustive()
    }
}
