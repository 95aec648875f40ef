use super::status;
use crate::page::{Content, Proving};
use crate::server::proof::{Proof, Purpose};
use crate::server::render::{Problem, page};
use crate::server::stop::Stop;
use crate::server::users::User;
use crate::server::visitor::Visitor;
use crate::server::words::{code_step, refusal};
use crate::server::{Accounts, SITE};
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use phone_verify_domain::{ApiError, Caller, Channel, Status};
use serde::Deserialize;
use tower_sessions::Session;

/// What is posted to `/verify`.
#[derive(Deserialize)]
pub(super) struct Act {
    #[serde(rename = "do")]
    what: String,
    #[serde(default)]
    phone_number: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    once: String,
}

/// `GET /verify`: the number that this session's user has to prove.
pub(super) async fn show(
    State(accounts): State<Accounts>,
    session: Session,
    parts: Parts,
) -> Result<Response, Stop> {
    let (user, visitor) = Visitor::full(&accounts, &session).await?;
    if !user.number_due {
        return Err(Stop::Elsewhere("/dashboard"));
    }
    let caller = accounts.embedded.caller(&parts);
    shown(&accounts, &session, &caller, &user, visitor, None).await
}

/// `POST /verify`: the same without scripts.
pub(super) async fn act(
    State(accounts): State<Accounts>,
    session: Session,
    parts: Parts,
    Form(act): Form<Act>,
) -> Result<Response, Stop> {
    let (user, mut visitor) = Visitor::full(&accounts, &session).await?;
    if !user.number_due {
        return Err(Stop::Elsewhere("/dashboard"));
    }
    let caller = accounts.embedded.caller(&parts);
    let under_way = visitor.proof.take();
    let mut proof = accounts
        .prover
        .proof(under_way, &user.id, Purpose::Number)
        .await?;
    let done = done(&accounts, &caller, &mut visitor, &mut proof, &act).await;
    let held = match done {
        Ok(true) => accounts.prover.claim(&proof, &user.id).await,
        Ok(false) => {
            visitor.proof = Some(proof);
            return shown(&accounts, &session, &caller, &user, visitor, None).await;
        }
        Err(error) => {
            visitor.proof = Some(proof);
            return shown(&accounts, &session, &caller, &user, visitor, Some(error)).await;
        }
    };
    match held {
        Ok(()) => {
            accounts.users.set_number_due(&user.id, false).await?;
            Visitor {
                standing: visitor.standing,
                ..Visitor::default()
            }
            .keep(&session)
            .await?;
            Ok(Redirect::to("/dashboard").into_response())
        }
        Err(error) => shown(&accounts, &session, &caller, &user, visitor, Some(error)).await,
    }
}

/// Does what was pressed; whether the number is proved by it.
async fn done(
    accounts: &Accounts,
    caller: &Caller,
    visitor: &mut Visitor,
    proof: &mut Proof,
    act: &Act,
) -> Result<bool, ApiError> {
    let prover = &accounts.prover;
    match act.what.as_str() {
        "check" => {
            let view = prover.check(caller, proof, &act.code).await?;
            Ok(view.status == Status::Approved)
        }
        "change" => {
            prover.cancel(caller, proof).await;
            Ok(false)
        }
        "again" | "call" => {
            let channel = if act.what == "call" {
                Channel::Call
            } else {
                Channel::Sms
            };
            let number = proof.number().unwrap_or_default().to_owned();
            prover.send(caller, proof, &number, channel, &act.once).await?;
            Ok(false)
        }
        _ => {
            prover.cancel(caller, proof).await;
            act.phone_number.trim().clone_into(&mut visitor.number);
            let number = visitor.number.clone();
            prover
                .send(caller, proof, &number, Channel::Sms, &act.once)
                .await?;
            Ok(false)
        }
    }
}

/// The page as things stand.
async fn shown(
    accounts: &Accounts,
    session: &Session,
    caller: &Caller,
    user: &User,
    mut visitor: Visitor,
    error: Option<ApiError>,
) -> Result<Response, Stop> {
    let under_way = visitor.proof.take();
    let mut proof = accounts
        .prover
        .proof(under_way, &user.id, Purpose::Number)
        .await?;
    let pending = accounts.prover.pending(caller, &proof).await;
    if pending.is_none() {
        proof.drop_ticket();
    }
    let problem: Option<Problem> = error.map(|error| (status(error.code), refusal(&error, pending.as_ref())));
    let content = Content::Verify(Proving {
        site_key: SITE.to_owned(),
        session: proof.session.clone(),
        number: visitor.number.clone(),
        code: pending.as_ref().map(code_step),
    });
    visitor.proof = Some(proof);
    visitor.keep(session).await?;
    page(accounts, content, problem).await
}
