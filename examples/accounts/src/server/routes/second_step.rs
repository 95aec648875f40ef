use super::{let_in, status};
use crate::page::Content;
use crate::server::Accounts;
use crate::server::attempts::BY_USER;
use crate::server::proof::{Proof, Purpose};
use crate::server::recovery;
use crate::server::render::{Problem, page};
use crate::server::stop::Stop;
use crate::server::users::User;
use crate::server::visitor::Visitor;
use crate::server::words::{code_step, refusal, too_many};
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use phone_verify_domain::{ApiError, Caller, Channel, ErrorCode, Status};
use serde::Deserialize;
use tower_sessions::Session;

/// What is posted to `/second-step`. Whose log-in it is and which code is right stand in the session.
#[derive(Deserialize)]
pub(super) struct Act {
    #[serde(rename = "do")]
    what: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    once: String,
}

/// What is posted to `/recovery`.
#[derive(Deserialize)]
pub(super) struct Recovery {
    recovery_code: String,
}

/// `GET /second-step`
pub(super) async fn show(
    State(accounts): State<Accounts>,
    session: Session,
    parts: Parts,
) -> Result<Response, Stop> {
    let (user, visitor) = Visitor::half(&accounts, &session).await?;
    let caller = accounts.embedded.caller(&parts);
    shown(&accounts, &session, &caller, &user, visitor, None).await
}

/// `POST /second-step`
pub(super) async fn act(
    State(accounts): State<Accounts>,
    session: Session,
    parts: Parts,
    Form(act): Form<Act>,
) -> Result<Response, Stop> {
    let (user, mut visitor) = Visitor::half(&accounts, &session).await?;
    let caller = accounts.embedded.caller(&parts);
    let under_way = visitor.proof.take();
    let mut proof = accounts.prover.proof(under_way, &user.id, Purpose::LogIn).await?;
    let error = match done(&accounts, &caller, &user, &mut proof, &act).await {
        Ok(true) => match accounts.prover.admit(&proof, &user.id).await {
            Ok(()) => {
                let onward = let_in(&accounts, &session, user.id, String::new()).await?;
                return Ok(onward.into_response());
            }
            Err(error) => Some(error),
        },
        Ok(false) => None,
        Err(error) => Some(error),
    };
    visitor.proof = Some(proof);
    let problem = error.map(|error| (status(error.code), error));
    shown(
        &accounts,
        &session,
        &caller,
        &user,
        visitor,
        problem.map(Trouble::Refused),
    )
    .await
}

/// `POST /recovery`: a code that was given out when two-factor was turned on, in place of the phone.
pub(super) async fn recover(
    State(accounts): State<Accounts>,
    session: Session,
    parts: Parts,
    Form(form): Form<Recovery>,
) -> Result<Response, Stop> {
    let (user, visitor) = Visitor::half(&accounts, &session).await?;
    let problem = if let Err(seconds) = accounts.attempts.count(BY_USER, &user.id).await? {
        (StatusCode::TOO_MANY_REQUESTS, too_many(seconds))
    } else {
        let code = recovery::hash(&form.recovery_code);
        if accounts.users.spend_code(&user.id, &code).await? {
            accounts.attempts.forget(BY_USER, &user.id).await?;
            let onward = let_in(&accounts, &session, user.id, String::new()).await?;
            return Ok(onward.into_response());
        }
        let why = "This recovery code is wrong, or was used before.".to_owned();
        (StatusCode::UNPROCESSABLE_ENTITY, why)
    };
    let caller = accounts.embedded.caller(&parts);
    shown(
        &accounts,
        &session,
        &caller,
        &user,
        visitor,
        Some(Trouble::Said(problem)),
    )
    .await
}

/// What went wrong.
enum Trouble {
    /// As phone-verify refuses.
    Refused((StatusCode, ApiError)),
    /// In words already.
    Said(Problem),
}

/// Does what was pressed; whether the second factor is shown by it.
async fn done(
    accounts: &Accounts,
    caller: &Caller,
    user: &User,
    proof: &mut Proof,
    act: &Act,
) -> Result<bool, ApiError> {
    if act.what == "check" {
        let view = accounts.prover.check(caller, proof, &act.code).await?;
        return Ok(view.status == Status::Approved);
    }
    let held = accounts.prover.number(&user.id).await?;
    let number = held
        .and_then(|held| held.phone_number)
        .ok_or_else(|| ApiError::new(ErrorCode::ChannelUnavailable, "the user holds no number"))?;
    let is_call = act.what == "call" || (act.what == "start" && act.channel == "call");
    let channel = if is_call { Channel::Call } else { Channel::Sms };
    accounts
        .prover
        .send(caller, proof, &number, channel, &act.once)
        .await?;
    Ok(false)
}

/// The page as things stand.
async fn shown(
    accounts: &Accounts,
    session: &Session,
    caller: &Caller,
    user: &User,
    mut visitor: Visitor,
    trouble: Option<Trouble>,
) -> Result<Response, Stop> {
    let pending = match &mut visitor.proof {
        Some(proof) => {
            let pending = accounts.prover.pending(caller, proof).await;
            if pending.is_none() {
                proof.drop_ticket();
            }
            pending
        }
        None => None,
    };
    let problem = trouble.map(|trouble| match trouble {
        Trouble::Refused((status, error)) => (status, refusal(&error, pending.as_ref())),
        Trouble::Said(problem) => problem,
    });
    let held = accounts.prover.number(&user.id).await?;
    let content = Content::SecondStep {
        to: held.map(|held| held.to),
        code: pending.as_ref().map(code_step),
    };
    visitor.keep(session).await?;
    page(accounts, content, problem).await
}
