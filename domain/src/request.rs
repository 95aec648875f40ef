use crate::{ApiError, Channel, Country, ErrorCode, IdempotencyKey, SiteKey};

/// What a browser sends to start a verification, as it arrives: `POST /v1/verifications`.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartRequest {
    /// The site's public key.
    #[cfg_attr(feature = "openapi", schema(example = "demo"))]
    pub site_key: String,
    /// The number, in any spelling.
    #[cfg_attr(feature = "openapi", schema(example = "+12025550134"))]
    pub phone_number: String,
    /// ISO 3166 alpha-2, for national spellings.
    #[cfg_attr(feature = "serde", serde(default))]
    #[cfg_attr(feature = "openapi", schema(example = "US"))]
    pub country: Option<String>,
    /// `sms` or `call`.
    #[cfg_attr(feature = "serde", serde(default))]
    #[cfg_attr(feature = "openapi", schema(example = "sms"))]
    pub channel: Option<String>,
    /// BCP 47, for the message's language.
    #[cfg_attr(feature = "serde", serde(default))]
    pub locale: Option<String>,
    /// The host's session.
    #[cfg_attr(feature = "serde", serde(default))]
    pub session: Option<String>,
    /// The page's nonce, for the token.
    #[cfg_attr(feature = "serde", serde(default))]
    pub nonce: Option<String>,
    /// What the verification is for.
    #[cfg_attr(feature = "serde", serde(default))]
    pub purpose: Option<String>,
    /// The solved proof of work.
    #[cfg_attr(feature = "serde", serde(default))]
    pub challenge: Option<String>,
}

/// What a browser sends to have the code sent again: `…/resend`.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResendRequest {
    /// `sms` or `call`.
    #[cfg_attr(feature = "openapi", schema(value_type = Channel))]
    pub channel: String,
    /// The number again: the server keeps none.
    #[cfg_attr(feature = "openapi", schema(example = "+12025550134"))]
    pub phone_number: String,
    /// ISO 3166 alpha-2, for national spellings.
    #[cfg_attr(feature = "serde", serde(default))]
    pub country: Option<String>,
}

/// What a browser sends to have a code checked: `…/check`.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckRequest {
    /// The code as typed.
    #[cfg_attr(feature = "openapi", schema(example = "123456"))]
    pub code: String,
    /// The number again, for a token that shall carry it.
    #[cfg_attr(feature = "serde", serde(default))]
    pub phone_number: Option<String>,
    /// ISO 3166 alpha-2, for national spellings.
    #[cfg_attr(feature = "serde", serde(default))]
    pub country: Option<String>,
}

/// A [`StartRequest`] of the documented shape.
#[derive(Clone, PartialEq, Eq)]
pub struct Start {
    /// The site's key as sent; `None` where it cannot be any site's.
    pub site_key: Option<SiteKey>,
    /// The number, in any spelling.
    pub phone_number: String,
    /// The country of a national spelling.
    pub country: Option<Country>,
    /// How the code shall travel.
    pub channel: Channel,
    /// BCP 47.
    pub locale: Option<String>,
    /// The host's session.
    pub session: Option<String>,
    /// The page's nonce.
    pub nonce: Option<String>,
    /// What the verification is for.
    pub purpose: Option<String>,
    /// The solved proof of work.
    pub challenge: Option<String>,
    /// What the client names this call by.
    pub idempotency_key: Option<IdempotencyKey>,
}

/// A [`ResendRequest`] of the documented shape.
#[derive(Clone, PartialEq, Eq)]
pub struct Resend {
    /// How the code shall travel.
    pub channel: Channel,
    /// The number, in any spelling.
    pub phone_number: String,
    /// The country of a national spelling.
    pub country: Option<Country>,
    /// What the client names this call by.
    pub idempotency_key: Option<IdempotencyKey>,
}

/// A [`CheckRequest`] of the documented shape; whether the code is one is the verification's matter.
#[derive(Clone, PartialEq, Eq)]
pub struct Check {
    /// The code as typed.
    pub code: String,
    /// The number, in any spelling.
    pub phone_number: Option<String>,
    /// The country of a national spelling.
    pub country: Option<Country>,
}

impl StartRequest {
    /// The typed request.
    ///
    /// # Errors
    /// `invalid_request` that names the field at fault.
    pub fn parse(self, idempotency_key: Option<IdempotencyKey>) -> Result<Start, ApiError> {
        let channel = optional(self.channel).map_or(Ok(Channel::Sms), |channel| parse_channel(&channel))?;
        Ok(Start {
            site_key: SiteKey::parse(&self.site_key),
            phone_number: number(self.phone_number)?,
            country: country(self.country)?,
            channel,
            locale: reference("locale", self.locale)?,
            session: reference("session", self.session)?,
            nonce: reference("nonce", self.nonce)?,
            purpose: reference("purpose", self.purpose)?,
            challenge: optional(self.challenge),
            idempotency_key,
        })
    }
}

impl ResendRequest {
    /// The typed request.
    ///
    /// # Errors
    /// `invalid_request` that names the field at fault.
    pub fn parse(self, idempotency_key: Option<IdempotencyKey>) -> Result<Resend, ApiError> {
        Ok(Resend {
            channel: parse_channel(&self.channel)?,
            phone_number: number(self.phone_number)?,
            country: country(self.country)?,
            idempotency_key,
        })
    }
}

impl CheckRequest {
    /// The typed request.
    ///
    /// # Errors
    /// `invalid_request` that names the field at fault.
    pub fn parse(self) -> Result<Check, ApiError> {
        let phone_number = optional(self.phone_number).map(number).transpose()?;
        no_nul("code", &self.code)?;
        Ok(Check {
            code: self.code,
            phone_number,
            country: country(self.country)?,
        })
    }
}

fn invalid(detail: String) -> ApiError {
    ApiError::new(ErrorCode::InvalidRequest, detail)
}

/// An empty string counts as missing (contract 1).
fn optional(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn no_nul(field: &str, text: &str) -> Result<(), ApiError> {
    if text.contains('\0') {
        Err(invalid(format!("`{field}` contains NUL")))
    } else {
        Ok(())
    }
}

fn number(text: String) -> Result<String, ApiError> {
    no_nul("phone_number", &text)?;
    Ok(text)
}

fn country(text: Option<String>) -> Result<Option<Country>, ApiError> {
    let parse = |text: String| {
        Country::parse(&text).ok_or_else(|| invalid("`country` is not an ISO 3166 alpha-2 code".to_owned()))
    };
    optional(text).map(parse).transpose()
}

fn parse_channel(text: &str) -> Result<Channel, ApiError> {
    Channel::parse(text).ok_or_else(|| invalid("`channel` is neither `sms` nor `call`".to_owned()))
}

/// A name that the host gave: 1 to 255 characters without control characters.
fn reference(field: &str, text: Option<String>) -> Result<Option<String>, ApiError> {
    match optional(text) {
        Some(text) if text.chars().count() > 255 || text.chars().any(char::is_control) => Err(invalid(
            format!("`{field}` is not 1 to 255 characters without control characters"),
        )),
        text => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> StartRequest {
        StartRequest {
            site_key: "demo".into(),
            phone_number: "+12025550134".into(),
            ..StartRequest::default()
        }
    }

    fn refusal(request: StartRequest) -> (ErrorCode, String) {
        let error = request.parse(None).err().expect("refused");
        (error.code, error.detail)
    }

    #[test]
    fn empty_strings_count_as_missing() {
        let request = StartRequest {
            country: Some(String::new()),
            channel: Some(String::new()),
            session: Some(String::new()),
            nonce: Some(String::new()),
            purpose: Some(String::new()),
            ..start()
        };
        let start = request.parse(None).unwrap();
        assert_eq!((start.country, start.channel), (None, Channel::Sms));
        assert_eq!((start.session, start.nonce, start.purpose), (None, None, None));
    }

    #[test]
    fn a_bad_field_is_named() {
        let bad = [
            (
                StartRequest {
                    channel: Some("fax".into()),
                    ..start()
                },
                "`channel`",
            ),
            (
                StartRequest {
                    country: Some("USA".into()),
                    ..start()
                },
                "`country`",
            ),
            (
                StartRequest {
                    nonce: Some("é".repeat(256)),
                    ..start()
                },
                "`nonce`",
            ),
            (
                StartRequest {
                    purpose: Some("a\u{7}".into()),
                    ..start()
                },
                "`purpose`",
            ),
            (
                StartRequest {
                    session: Some("a\nb".into()),
                    ..start()
                },
                "`session`",
            ),
            (
                StartRequest {
                    phone_number: "+1202\0".into(),
                    ..start()
                },
                "`phone_number`",
            ),
        ];
        for (request, field) in bad {
            let (code, detail) = refusal(request);
            assert_eq!(code, ErrorCode::InvalidRequest);
            assert!(detail.starts_with(field), "{detail}");
        }
        assert!(
            StartRequest {
                nonce: Some("é".repeat(255)),
                ..start()
            }
            .parse(None)
            .is_ok()
        );
    }
}
