//! `/api/finish_proof`: the app's own server function.

use crate::actions::{FinishProof, Finished};
use crate::server::Accounts;
use crate::server::stop::Stop;
use crate::server::visitor::Visitor;
use crate::server::words::refusal;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::HeaderName;
use leptos::prelude::provide_context;
use phone_verify_domain::ErrorCode;
use server_fn::axum::register_explicit;
use tower_sessions::Session;

/// Leptos names the failed function in it; nobody here asks.
const SERVER_FUNCTION_ERROR: HeaderName = HeaderName::from_static("serverfnerror");

pub(super) async fn call(
    State(accounts): State<Accounts>,
    session: Session,
    request: Request<Body>,
) -> Response {
    // The linker may drop a library's own registration.
    register_explicit::<FinishProof>();
    let context = move || {
        provide_context(accounts.clone());
        provide_context(session.clone());
    };
    let mut response = leptos_axum::handle_server_fns_with_context(context, request)
        .await
        .into_response();
    response.headers_mut().remove(SERVER_FUNCTION_ERROR);
    response
}

/// Gives this session's user the number that was proved in the user's own host session, wherever the code was typed.
///
/// # Errors
/// [`Stop`] for whoever has nothing to prove, and where something does not answer.
pub async fn finish_proof_of(accounts: &Accounts, session: &Session) -> Result<Finished, Stop> {
    let (user, mut visitor) = Visitor::full(accounts, session).await?;
    if !user.number_due {
        return Ok(Finished::Held);
    }
    let Some(proof) = visitor.proof.take() else {
        return Err(Stop::Elsewhere("/verify"));
    };
    match accounts.prover.claim(&proof, &user.id).await {
        Ok(()) => {
            accounts.users.set_number_due(&user.id, false).await?;
            visitor.number.clear();
            visitor.keep(session).await?;
            Ok(Finished::Held)
        }
        Err(error) if error.code == ErrorCode::Unavailable => Err(error.into()),
        Err(error) => {
            // What was proved there leads nowhere: the next page begins anew.
            visitor.keep(session).await?;
            Ok(Finished::Refused(refusal(&error, None)))
        }
    }
}
