use super::let_in;
use crate::page::Content;
use crate::server::Accounts;
use crate::server::attempts::{BY_ADDRESS, BY_NAME, network};
use crate::server::passwords::Password;
use crate::server::render::page;
use crate::server::stop::Stop;
use crate::server::users::name_key;
use crate::server::visitor::{Standing, Visitor};
use crate::server::words::too_many;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;
use tower_sessions::Session;

/// What is typed at `/login`.
#[derive(Deserialize)]
pub(super) struct LogIn {
    user_name: String,
    password: Password,
}

/// `GET /login`
pub(super) async fn show(State(accounts): State<Accounts>) -> Result<Response, Stop> {
    let content = Content::LogIn {
        user_name: String::new(),
    };
    page(&accounts, content, None).await
}

/// `POST /login`: the first step. Everything that is wrong gets one answer, after the same work, whether there is such a user
/// or not.
pub(super) async fn log_in(
    State(accounts): State<Accounts>,
    session: Session,
    parts: Parts,
    Form(form): Form<LogIn>,
) -> Result<Response, Stop> {
    let LogIn { user_name, password } = form;
    let again = async |status, why: String| {
        let user_name = user_name.clone();
        page(&accounts, Content::LogIn { user_name }, Some((status, why))).await
    };
    let address = network(accounts.embedded.caller(&parts).address);
    let key = name_key(&user_name);
    for (limit, whose) in [(BY_ADDRESS, &address), (BY_NAME, &key)] {
        if let Err(seconds) = accounts.attempts.count(limit, whose).await? {
            return again(StatusCode::TOO_MANY_REQUESTS, too_many(seconds)).await;
        }
    }
    let user = accounts.users.by_name(&user_name).await?;
    let phc = user.as_ref().map(|user| user.password_hash.as_str());
    let right = accounts.passwords.is_right(password, phc).await?;
    let Some(user) = user.filter(|_| right) else {
        let why = "User name or password is wrong.".to_owned();
        return again(StatusCode::UNPROCESSABLE_ENTITY, why).await;
    };
    accounts.attempts.forget(BY_NAME, &key).await?;
    if !user.two_factor {
        return Ok(let_in(&accounts, &session, user.id, String::new())
            .await?
            .into_response());
    }
    let half = Visitor {
        standing: Standing::Half {
            user: user.id,
            since: accounts.now().as_seconds(),
        },
        ..Visitor::default()
    };
    half.become_(&session).await?;
    Ok(Redirect::to("/second-step").into_response())
}
