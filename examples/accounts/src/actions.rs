//! The server function that the page around the component calls.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// What became of a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Finished {
    /// The user holds the number.
    Held,
    /// Why not, in words.
    Refused(String),
}

/// Takes the result of the verification that this session's user has done with the component. It has no argument: which
/// verification it was and whose, the server knows.
///
/// # Errors
/// The server cannot tell right now.
#[server(name = FinishProof, prefix = "/api", endpoint = "finish_proof", input = Json, output = Json)]
pub async fn finish_proof() -> Result<Finished, ServerFnError> {
    use crate::server::{Accounts, finish_proof_of};

    let accounts = expect_context::<Accounts>();
    let session = expect_context::<tower_sessions::Session>();
    finish_proof_of(&accounts, &session)
        .await
        .map_err(|_| ServerFnError::new("try again"))
}
