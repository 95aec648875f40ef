use crate::clock::rfc3339;
use crate::hosts::SiteVerification;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::extract::State;
use phone_verify_domain::Timestamp;
use phone_verify_token::Claims;
use serde::Serialize;
use url::Url;

/// The answer, as CAPTCHA users know it.
#[derive(Serialize)]
pub(super) struct SiteVerifyReply {
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge_ts: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<String>,
    #[serde(rename = "error-codes")]
    error_codes: Vec<&'static str>,
    #[serde(flatten)]
    claims: Option<Claims>,
}

/// `POST /v1/siteverify`: redeems a token, the secret in the form. `remoteip` is taken and says nothing.
pub(super) async fn site_verify(
    State(services): State<Services>,
    form: Form,
) -> Result<axum::Json<SiteVerifyReply>, Problem> {
    let (secret, response) = (form.one("secret")?, form.one("response")?);
    let outcome = services
        .desk
        .site_verify(&services.sites, secret, response)
        .await?;
    Ok(axum::Json(match outcome {
        SiteVerification::Success(claims) => SiteVerifyReply {
            success: true,
            challenge_ts: Some(rfc3339(Timestamp::from_millis(
                claims.phone_verified_at.saturating_mul(1_000),
            ))),
            hostname: claims.origin.as_deref().and_then(host_of),
            error_codes: Vec::new(),
            claims: Some(*claims),
        },
        SiteVerification::Failure(error) => SiteVerifyReply {
            success: false,
            challenge_ts: None,
            hostname: None,
            error_codes: vec![error.as_str()],
            claims: None,
        },
    }))
}

fn host_of(origin: &str) -> Option<String> {
    Some(Url::parse(origin).ok()?.host_str()?.to_owned())
}
