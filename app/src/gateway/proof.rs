//! Proof of work, where the server asks for it: its own script is fetched, does the work, and the same is asked again. In
//! JavaScript, because few ever need it and in wasm it would be several times as long.

use js_sys::Promise;
#[cfg(feature = "server-functions")]
use phone_verify_domain::ApiError;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use web_sys::Request;

#[wasm_bindgen(module = "/src/gateway/proof.js")]
extern "C" {
    #[cfg(feature = "server-functions")]
    fn solve(from: &str, challenge: &str) -> Promise;
    fn answer_to(request: Request) -> Promise;
}

/// What the server answers to a request of the browser API in the end, read as JSON; `None` where that is nothing or no JSON.
pub(super) async fn answer(request: Request) -> Option<JsValue> {
    JsFuture::from(answer_to(request)).await.ok()
}

/// The proof that the refusal of a server function asks for, in ALTCHA's base64; `None` where it asks for none, or none can be had.
#[cfg(feature = "server-functions")]
pub(super) async fn proof_for(error: &ApiError) -> Option<String> {
    let demand = error.proof.as_deref()?;
    let proof = JsFuture::from(solve(demand.solver.as_deref()?, &demand.challenge)).await;
    proof.ok()?.as_string()
}
