//! The server functions: what [`super::Gateway`] may ask, for pages that the server itself has rendered.
//!
//! POST only, under `/api`, with explicit names: an endpoint that nobody named is not there. They take the same requests
//! and give the same views and problems as contract 1, and call the same [`Verifier`](phone_verify_domain::Verifier).

#![expect(
    missing_docs,
    reason = "`#[server]` makes structs whose only field is the call"
)]

mod codec;

pub use codec::ActionError;
use codec::{CheckCall, FlatJson, ResendCall, StartCall, TicketCall};
use leptos::server;
use phone_verify_domain::View;
use server_fn::codec::Post;

/// Starts a verification and sends its code.
///
/// # Errors
/// As `POST /v1/verifications`.
#[server(name = StartVerification, prefix = "/api", endpoint = "start_verification", input = Post<FlatJson>,
    output = Post<FlatJson>, input_derive = (Clone,))]
pub async fn start_verification(call: StartCall) -> Result<View, ActionError> {
    door::answer(async {
        let key = door::key(call.idempotency_key)?;
        let (verifier, caller) = door::parts()?;
        verifier.start(&caller, call.request.parse(key)?).await
    })
    .await
}

/// Sends the same code again.
///
/// # Errors
/// As `POST /v1/verifications/{id}/resend`.
#[server(name = ResendCode, prefix = "/api", endpoint = "resend_code", input = Post<FlatJson>,
    output = Post<FlatJson>, input_derive = (Clone,))]
pub async fn resend_code(call: ResendCall) -> Result<View, ActionError> {
    door::answer(async {
        let (id, secret) = door::ticket(&call.ticket)?;
        let key = door::key(call.idempotency_key)?;
        let (verifier, caller) = door::parts()?;
        verifier
            .resend(&caller, id, &secret, call.request.parse(key)?)
            .await
    })
    .await
}

/// Compares a code.
///
/// # Errors
/// As `POST /v1/verifications/{id}/check`.
#[server(name = CheckCode, prefix = "/api", endpoint = "check_code", input = Post<FlatJson>,
    output = Post<FlatJson>, input_derive = (Clone,))]
pub async fn check_code(call: CheckCall) -> Result<View, ActionError> {
    door::answer(async {
        let (id, secret) = door::ticket(&call.ticket)?;
        let (verifier, caller) = door::parts()?;
        verifier.check(&caller, id, &secret, call.request.parse()?).await
    })
    .await
}

/// The verification as it stands.
///
/// # Errors
/// As `GET /v1/verifications/{id}`.
#[server(name = ViewVerification, prefix = "/api", endpoint = "view_verification", input = Post<FlatJson>,
    output = Post<FlatJson>, input_derive = (Clone,))]
pub async fn view_verification(call: TicketCall) -> Result<View, ActionError> {
    door::answer(async {
        let (id, secret) = door::ticket(&call)?;
        let (verifier, caller) = door::parts()?;
        verifier.view(&caller, id, &secret).await
    })
    .await
}

/// Gives a verification up.
///
/// # Errors
/// As `DELETE /v1/verifications/{id}`.
#[server(name = CancelVerification, prefix = "/api", endpoint = "cancel_verification", input = Post<FlatJson>,
    output = Post<FlatJson>, input_derive = (Clone,))]
pub async fn cancel_verification(call: TicketCall) -> Result<View, ActionError> {
    door::answer(async {
        let (id, secret) = door::ticket(&call)?;
        let (verifier, caller) = door::parts()?;
        verifier.cancel(&caller, id, &secret).await
    })
    .await
}

/// Makes the server functions known to `leptos_axum`: a library's own registrations may be dropped by the linker.
#[cfg(feature = "ssr")]
pub fn register_server_functions() {
    use server_fn::axum::register_explicit;

    register_explicit::<StartVerification>();
    register_explicit::<ResendCode>();
    register_explicit::<CheckCode>();
    register_explicit::<ViewVerification>();
    register_explicit::<CancelVerification>();
}

/// How often a start is worked for: the server may ask for more than it did, when others share the network.
#[cfg(feature = "browser")]
const TRIES: u8 = 3;

/// Asks by server functions; starts with the proof of work that the server may ask for.
#[cfg(feature = "browser")]
pub(super) async fn ask_with_proof(mut wanted: super::Ask) -> Result<View, phone_verify_domain::ApiError> {
    let mut answer = ask(wanted.clone()).await;
    for _ in 0..TRIES {
        let (Err(error), super::Ask::Start(request, _)) = (&answer, &mut wanted) else {
            break;
        };
        let Some(proof) = super::proof::proof_for(error).await else {
            break;
        };
        request.challenge = Some(proof);
        answer = ask(wanted.clone()).await;
    }
    answer
}

#[cfg(feature = "browser")]
async fn ask(ask: super::Ask) -> Result<View, phone_verify_domain::ApiError> {
    use super::{Ask, Ticket};

    let ticket = |Ticket { id, secret }| TicketCall {
        id,
        client_secret: secret,
    };
    let answer = match ask {
        Ask::Start(request, key) => {
            start_verification(StartCall {
                request,
                idempotency_key: Some(key),
            })
            .await
        }
        Ask::Resend(of, request, key) => {
            resend_code(ResendCall {
                ticket: ticket(of),
                request,
                idempotency_key: Some(key),
            })
            .await
        }
        Ask::Check(of, request) => {
            check_code(CheckCall {
                ticket: ticket(of),
                request,
            })
            .await
        }
        Ask::View(of) => view_verification(ticket(of)).await,
        Ask::Cancel(of) => cancel_verification(ticket(of)).await,
    };
    answer.map_err(|error| error.0)
}

#[cfg(feature = "ssr")]
mod door {
    use super::ActionError;
    use super::codec::TicketCall;
    use leptos::context::use_context;
    use phone_verify_domain::{
        ApiError, Caller, ClientSecret, ErrorCode, IdempotencyKey, VerificationId, Verifier, View,
    };
    use std::sync::Arc;

    /// What the server gives each call by its context.
    pub(super) fn parts() -> Result<(Arc<dyn Verifier>, Caller), ApiError> {
        use_context::<Arc<dyn Verifier>>()
            .zip(use_context::<Caller>())
            .ok_or_else(|| ApiError::new(ErrorCode::Unavailable, "no verifier in the context of this call"))
    }

    pub(super) fn key(key: Option<String>) -> Result<Option<IdempotencyKey>, ApiError> {
        key.map(|key| {
            IdempotencyKey::parse(&key).ok_or_else(|| {
                ApiError::new(
                    ErrorCode::InvalidRequest,
                    "`idempotency_key` is not 16 to 64 visible ASCII characters",
                )
            })
        })
        .transpose()
    }

    pub(super) fn ticket(call: &TicketCall) -> Result<(VerificationId, ClientSecret), ApiError> {
        let secret = ClientSecret::parse(&call.client_secret).ok_or_else(|| {
            ApiError::new(ErrorCode::Unauthorized, "`client_secret` is missing or malformed")
        })?;
        let id = VerificationId::parse(&call.id)
            .ok_or_else(|| ApiError::new(ErrorCode::NotFound, "no such verification"))?;
        Ok((id, secret))
    }

    pub(super) async fn answer(
        call: impl Future<Output = Result<View, ApiError>>,
    ) -> Result<View, ActionError> {
        call.await.map_err(ActionError::refused)
    }
}
