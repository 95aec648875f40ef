//! Proof of work for server functions, where the server asks for it: its own script is fetched and does the work. The browser API's
//! is in `ask.js`.

use js_sys::Promise;
use phone_verify_domain::ApiError;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/src/gateway/ask.js")]
extern "C" {
    fn solve(from: &str, challenge: &str) -> Promise;
}

/// The proof that the refusal of a server function asks for, in ALTCHA's base64; `None` where it asks for none, or none can be had.
pub(super) async fn proof_for(error: &ApiError) -> Option<String> {
    let demand = error.proof.as_deref()?;
    let proof = JsFuture::from(solve(demand.solver.as_deref()?, &demand.challenge)).await;
    proof.ok()?.as_string()
}
