use crate::http::body;
use crate::http::services::Services;
use crate::senders::twilio::{Claim, Form};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

/// The longest body, in bytes: a message of ten segments with its parameters takes some five thousand.
const MAX_BYTES: usize = 64 * 1024;

/// A request that Twilio signed.
pub(super) struct Signed {
    /// The query.
    pub(super) query: Form,
    /// The body, where it is a form.
    pub(super) form: Form,
}

impl FromRequest<Services> for Signed {
    type Rejection = Response;

    async fn from_request(request: Request, services: &Services) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let Some(signature) = text(&parts.headers, "x-twilio-signature") else {
            return Err(refused("no signature"));
        };
        let body = body::read(&parts.headers, body, MAX_BYTES)
            .await
            .map_err(IntoResponse::into_response)?;
        let claim = Claim {
            target: parts.uri.path_and_query().map_or("/", |target| target.as_str()),
            signature: Some(signature),
            is_form: is_form(&parts.headers),
            body: &body,
        };
        let signatures = services.twilio.signatures.as_ref();
        match signatures.and_then(|signatures| signatures.open(claim)) {
            Some(form) => Ok(Self {
                query: url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
                    .into_owned()
                    .collect(),
                form,
            }),
            None => Err(refused("not Twilio's signature")),
        }
    }
}

fn refused(why: &str) -> Response {
    tracing::info!(
        why,
        "a webhook's request is refused; if it was Twilio's, check http.public_url and twilio.auth_token"
    );
    StatusCode::FORBIDDEN.into_response()
}

fn is_form(headers: &HeaderMap) -> bool {
    text(headers, CONTENT_TYPE.as_str()).is_some_and(|value| {
        let essence = value.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
