//! The requests: the form, the order, the receipt.

use crate::headers::{content_security_policy, protect};
use crate::order::{OrderForm, Problems, Receipt};
use crate::pages::{FormPage, ended_page, form_page, receipt_page};
use crate::sessions::{NoRandom, Session, Sessions};
use crate::verify::{PURPOSE, Refusal, VerifyServer};
use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderMap, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use phone_verify_token::{Claims, TokenError};
use std::sync::Arc;

/// The largest form that is read, in bytes: the longest fields and a token of 8 KiB, percent-encoded.
const LARGEST_FORM: usize = 32 * 1024;

/// The shop: everything that its requests share.
pub struct Shop {
    verify: VerifyServer,
    sessions: Sessions,
}

impl Shop {
    /// A shop that has its customers' numbers verified by this server.
    #[must_use]
    pub fn new(verify: VerifyServer) -> Self {
        Self {
            verify,
            sessions: Sessions::default(),
        }
    }
}

/// The shop's pages.
pub fn router(shop: Shop) -> Router {
    let shop = Arc::new(shop);
    Router::new()
        .route("/", get(show_form))
        .route("/order", post(place_order).get(|| async { Redirect::to("/") }))
        .route("/receipt", get(show_receipt))
        .route(
            "/order.css",
            get(|| async { file("text/css", include_str!("../static/order.css")) }),
        )
        .route(
            "/order.js",
            get(|| async { file("text/javascript", include_str!("../static/order.js")) }),
        )
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
        .layer(from_fn_with_state(Arc::clone(&shop), with_headers))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .with_state(shop)
}

async fn with_headers(State(shop): State<Arc<Shop>>, request: Request, next: Next) -> Response {
    match content_security_policy(&shop.verify.origin()) {
        Ok(policy) => protect(next.run(request).await, policy),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn file(content_type: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, HeaderValue::from_static(content_type))], text)
}

impl IntoResponse for NoRandom {
    fn into_response(self) -> Response {
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }
}

async fn show_form(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Result<Response, NoRandom> {
    let session = match shop.sessions.of(&headers) {
        Some(session) => session,
        None => shop.sessions.begin()?,
    };
    Ok(shop.form(
        &session,
        StatusCode::OK,
        &OrderForm::default(),
        None,
        Problems::default(),
    ))
}

async fn show_receipt(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    match shop.sessions.of(&headers).and_then(|session| session.receipt()) {
        Some(receipt) => Html(receipt_page(&receipt)).into_response(),
        None => Redirect::to("/").into_response(),
    }
}

async fn place_order(
    State(shop): State<Arc<Shop>>,
    headers: HeaderMap,
    form: Result<axum::Form<OrderForm>, FormRejection>,
) -> Response {
    let axum::Form(form) = match form {
        Ok(form) => form,
        Err(rejection) => return rejection.into_response(),
    };
    let session = shop.sessions.of(&headers);
    let Some(session) = session.filter(|session| session.posted(&form.form_token)) else {
        // Another origin's page, or a form older than its session. No cookie is set: whoever makes a browser post here
        // must not be able to replace its session.
        return (StatusCode::FORBIDDEN, Html(ended_page())).into_response();
    };

    let problems = form.problems();
    let claims = match shop.verify.check(&form.phone_token, &session.nonce).await {
        Ok(claims) => claims,
        Err(refusal) => return shop.refuse(&session, &form, problems, refusal),
    };
    if !problems.is_empty() {
        // The token is good and not used up: the number stays verified while the rest is put right.
        let kept = Some(form.phone_token.as_str());
        return shop.form(&session, StatusCode::UNPROCESSABLE_ENTITY, &form, kept, problems);
    }
    // Last, when nothing else can go wrong: a redeemed token is gone.
    if let Err(refusal) = shop.verify.redeem(&form.phone_token).await {
        return shop.refuse(&session, &form, problems, refusal);
    }
    session.keep(receipt(&form, claims));
    Redirect::to("/receipt").into_response()
}

fn receipt(form: &OrderForm, claims: Claims) -> Receipt {
    Receipt {
        name: form.name.trim().to_owned(),
        item: form.item.trim().to_owned(),
        address: form.address.trim().to_owned(),
        phone_number: claims.phone_number,
        country: claims.country,
    }
}

impl Shop {
    fn form(
        &self,
        session: &Session,
        status: StatusCode,
        form: &OrderForm,
        kept_token: Option<&str>,
        problems: Problems,
    ) -> Response {
        let html = form_page(&FormPage {
            verify_origin: &self.verify.origin(),
            site_key: self.verify.site_key(),
            purpose: PURPOSE,
            session,
            form,
            kept_token,
            problems,
        });
        (status, [(SET_COOKIE, session.cookie())], Html(html)).into_response()
    }

    /// The form again, with the reason why the token was not taken.
    fn refuse(&self, session: &Session, form: &OrderForm, problems: Problems, refusal: Refusal) -> Response {
        let problems = Problems {
            phone: Some(in_words(refusal)),
            ..problems
        };
        let (status, kept) = match refusal {
            // It may be as good as ever: the next try decides.
            Refusal::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, Some(form.phone_token.as_str())),
            _ => (StatusCode::UNPROCESSABLE_ENTITY, None),
        };
        self.form(session, status, form, kept, problems)
    }
}

/// What the user reads. Whoever forges tokens learns no more from it than what was wrong.
fn in_words(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Missing => "Verify your phone number.",
        Refusal::Used => "This verification was used for another order. Verify your number again.",
        Refusal::Unavailable => "Your number cannot be checked right now. Try again in a minute.",
        Refusal::Token(TokenError::Expired) | Refusal::Invalid => {
            "The verification has expired. Verify your number again."
        }
        Refusal::Token(TokenError::Issuer | TokenError::Audience) => {
            "This verification is for another site. Verify your number here."
        }
        Refusal::Token(TokenError::Subject | TokenError::Nonce) => {
            "This verification is from another session. Verify your number again."
        }
        Refusal::Token(TokenError::Purpose) => {
            "This verification is for something else. Verify your number again."
        }
        Refusal::Token(
            TokenError::Malformed
            | TokenError::Header
            | TokenError::UnknownKey
            | TokenError::Signature
            | TokenError::NotYetValid
            | TokenError::Times
            | TokenError::NotVerified,
        ) => "This verification is not valid. Verify your number again.",
    }
}
