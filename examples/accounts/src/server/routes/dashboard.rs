use crate::page::{Content, Dashboard};
use crate::server::Accounts;
use crate::server::attempts::BY_USER;
use crate::server::passwords::Password;
use crate::server::recovery;
use crate::server::render::{Problem, page};
use crate::server::stop::Stop;
use crate::server::users::User;
use crate::server::visitor::Visitor;
use crate::server::words::too_many;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use serde::Deserialize;
use tower_sessions::Session;

/// What is posted to `/two-factor`.
#[derive(Deserialize)]
pub(super) struct Turn {
    turn: String,
    #[serde(default)]
    password: Password,
}

/// What is posted to `/number`.
#[derive(Deserialize)]
pub(super) struct NewNumber {
    #[serde(default)]
    phone_number: String,
    #[serde(default)]
    password: Password,
}

/// `GET /dashboard`
pub(super) async fn show(State(accounts): State<Accounts>, session: Session) -> Result<Response, Stop> {
    let (user, visitor) = Visitor::proved(&accounts, &session).await?;
    shown(&accounts, &user, &visitor, Vec::new(), None).await
}

/// `POST /two-factor`. The page that answers *on* is the one that shows the recovery codes.
pub(super) async fn turn(
    State(accounts): State<Accounts>,
    session: Session,
    Form(form): Form<Turn>,
) -> Result<Response, Stop> {
    let (mut user, visitor) = Visitor::proved(&accounts, &session).await?;
    if let Some(problem) = unproved(&accounts, &user, &visitor, form.password).await? {
        return shown(&accounts, &user, &visitor, Vec::new(), Some(problem)).await;
    }
    match form.turn.as_str() {
        "on" => {
            let codes = recovery::draw(&*accounts.random)?;
            let hashes: Vec<_> = codes.iter().map(|code| recovery::hash(code)).collect();
            if accounts.users.turn_on(&user.id, &hashes).await? {
                user.two_factor = true;
                return shown(&accounts, &user, &visitor, codes, None).await;
            }
        }
        "off" => accounts.users.turn_off(&user.id).await?,
        _ => {}
    }
    Ok(Redirect::to("/dashboard").into_response())
}

/// `POST /number`: the user is unverified until the new number is proved. The old one stays the second factor until then.
pub(super) async fn change_number(
    State(accounts): State<Accounts>,
    session: Session,
    Form(form): Form<NewNumber>,
) -> Result<Response, Stop> {
    let (user, visitor) = Visitor::proved(&accounts, &session).await?;
    if let Some(problem) = unproved(&accounts, &user, &visitor, form.password).await? {
        return shown(&accounts, &user, &visitor, Vec::new(), Some(problem)).await;
    }
    accounts.users.set_number_due(&user.id, true).await?;
    Visitor {
        number: form.phone_number.trim().to_owned(),
        standing: visitor.standing,
        proof: None,
    }
    .keep(&session)
    .await?;
    Ok(Redirect::to("/verify").into_response())
}

/// What is missing for a change: the log-in is not recent, and the password is not the user's.
async fn unproved(
    accounts: &Accounts,
    user: &User,
    visitor: &Visitor,
    password: Password,
) -> Result<Option<Problem>, Stop> {
    if visitor.is_recent(accounts) {
        return Ok(None);
    }
    if let Err(seconds) = accounts.attempts.count(BY_USER, &user.id).await? {
        return Ok(Some((StatusCode::TOO_MANY_REQUESTS, too_many(seconds))));
    }
    if accounts
        .passwords
        .is_right(password, Some(&user.password_hash))
        .await?
    {
        accounts.attempts.forget(BY_USER, &user.id).await?;
        return Ok(None);
    }
    Ok(Some((
        StatusCode::UNPROCESSABLE_ENTITY,
        "The password is wrong.".to_owned(),
    )))
}

/// The page as things stand.
async fn shown(
    accounts: &Accounts,
    user: &User,
    visitor: &Visitor,
    new_codes: Vec<String>,
    problem: Option<Problem>,
) -> Result<Response, Stop> {
    let held = accounts.prover.number(&user.id).await?;
    let Some(held) = held.filter(|held| held.verified) else {
        // Proved too long ago (`reverify_after`), or erased: it is due again.
        accounts.users.set_number_due(&user.id, true).await?;
        return Err(Stop::Elsewhere("/verify"));
    };
    let content = Content::Dashboard(Dashboard {
        full_name: user.full_name.clone(),
        user_name: user.name.clone(),
        to: held.to,
        two_factor: user.two_factor,
        new_codes,
        codes_left: accounts.users.codes_left(&user.id).await?,
        asks_password: !visitor.is_recent(accounts),
    });
    page(accounts, content, problem).await
}
