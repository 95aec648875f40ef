use super::{LOG_IN, LoggedIn, cookie, desk, page, session, unavailable};
use crate::admin::LogIn;
use crate::http::caller::From;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use phone_verify_app::pages::admin::{AdminContent, LogInProblem};
use secrecy::SecretString;

/// `GET /admin/login`
pub(super) async fn form(State(services): State<Services>, headers: HeaderMap) -> Result<Response, Problem> {
    let inside = session(&services, desk(&services)?, &headers).await;
    Ok(match inside {
        Ok(Some(_)) => Redirect::to("/admin").into_response(),
        Ok(None) => page(&services, AdminContent::LogIn { problem: None }),
        Err(_) => unavailable(&services),
    })
}

/// `POST /admin/login`
pub(super) async fn log_in(
    State(services): State<Services>,
    From(caller): From,
    form: Form,
) -> Result<Response, Problem> {
    let password = SecretString::from(form.one("password")?);
    let tried = desk(&services)?.log_in(password, caller.address).await;
    let again = |status: StatusCode, problem: LogInProblem| {
        let mut response = page(
            &services,
            AdminContent::LogIn {
                problem: Some(problem),
            },
        );
        *response.status_mut() = status;
        response
    };
    Ok(match tried {
        Ok(LogIn::In { secret, lasts }) => {
            let mut response = Redirect::to("/admin").into_response();
            if let Some(value) = cookie::keep(&secret, lasts, &services.own_origin) {
                response.headers_mut().insert(SET_COOKIE, value);
            }
            response
        }
        Ok(LogIn::Wrong) => again(StatusCode::UNPROCESSABLE_ENTITY, LogInProblem::Wrong),
        Ok(LogIn::TooMany { retry_at }) => {
            let wait = services.clock.now().until(retry_at);
            let retry_in = wait.as_millis().div_ceil(1_000);
            let retry_in = u64::try_from(retry_in).unwrap_or(u64::MAX).max(1);
            let problem = LogInProblem::TooMany { retry_in };
            let mut response = again(StatusCode::TOO_MANY_REQUESTS, problem);
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(retry_in));
            response
        }
        Err(error) => {
            tracing::error!(%error, "nobody can log in to the admin pages");
            unavailable(&services)
        }
    })
}

/// `POST /admin/logout`
pub(super) async fn log_out(State(services): State<Services>, inside: LoggedIn, _: Form) -> Response {
    if inside.desk.log_out(inside.session).await.is_err() {
        return unavailable(&services);
    }
    let mut response = Redirect::to(LOG_IN).into_response();
    if let Some(value) = cookie::forget(&services.own_origin) {
        response.headers_mut().insert(SET_COOKIE, value);
    }
    response
}
