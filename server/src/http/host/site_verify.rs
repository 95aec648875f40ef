use crate::clock::rfc3339;
use crate::hosts::{SiteVerification, SiteVerifyError};
use crate::http::form::Form;
use crate::http::openapi::{one_of, refusals};
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::extract::State;
use phone_verify_domain::Timestamp;
use phone_verify_token::Claims;
use serde::Serialize;
use url::Url;
use utoipa::openapi::{Array, Object, ObjectBuilder, Type};

/// The answer, as CAPTCHA users know it.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub(super) enum SiteVerifyReply {
    /// The token was good and is redeemed now.
    Redeemed(Box<Redeemed>),
    /// It was not.
    NotRedeemed(NotRedeemed),
}

/// A token was good and is redeemed now.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Redeemed {
    #[schema(schema_with = yes)]
    success: bool,
    /// When the number was proved, RFC 3339.
    #[schema(format = DateTime)]
    challenge_ts: String,
    /// Of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<String>,
    /// None.
    #[serde(rename = "error-codes")]
    #[schema(schema_with = error_codes)]
    error_codes: [&'static str; 0],
    #[serde(flatten)]
    claims: Claims,
}

/// Nothing was redeemed.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct NotRedeemed {
    #[schema(schema_with = no)]
    success: bool,
    /// Why.
    #[serde(rename = "error-codes")]
    #[schema(schema_with = error_codes)]
    error_codes: [&'static str; 1],
}

fn yes() -> Object {
    always(true)
}

fn no() -> Object {
    always(false)
}

fn always(truth: bool) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .enum_values(Some([truth]))
        .build()
}

fn error_codes() -> Array {
    Array::new(one_of(SiteVerifyError::ALL.map(SiteVerifyError::as_str)))
}

/// What is sent, as CAPTCHA users know it.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "it describes the form, which is read field by field")]
struct SiteVerifyRequest {
    /// The site's secret.
    secret: Option<String>,
    /// The token.
    response: Option<String>,
    /// Taken, and says nothing.
    remoteip: Option<String>,
}

refusals! {
    /// Why there is no answer of a CAPTCHA's.
    SiteVerifyRefusals = [InvalidRequest, Misdirected, TooLarge, UnsupportedMediaType, Busy, Unavailable];
}

/// Redeems a token, for code that was written for a CAPTCHA.
///
/// `POST /v1/siteverify`: redeems a token, the secret in the form. `remoteip` is taken and says nothing.
#[utoipa::path(
    post,
    path = "/v1/siteverify",
    tag = "Host",
    operation_id = "siteVerify",
    request_body(content = SiteVerifyRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = SiteVerifyReply), SiteVerifyRefusals),
    security(())
)]
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
        SiteVerification::Success(claims) => SiteVerifyReply::Redeemed(Box::new(Redeemed {
            success: true,
            challenge_ts: rfc3339(Timestamp::from_millis(
                claims.phone_verified_at.saturating_mul(1_000),
            )),
            hostname: claims.origin.as_deref().and_then(host_of),
            error_codes: [],
            claims: *claims,
        })),
        SiteVerification::Failure(error) => SiteVerifyReply::NotRedeemed(NotRedeemed {
            success: false,
            error_codes: [error.as_str()],
        }),
    }))
}

fn host_of(origin: &str) -> Option<String> {
    Some(Url::parse(origin).ok()?.host_str()?.to_owned())
}
