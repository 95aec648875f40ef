//! Proof of work, where the server asks for it: its own script is fetched, does the work, and the same is asked again.

use js_sys::Promise;
use phone_verify_domain::ApiError;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

/// The server may ask for more than it did, when others share the network; no more often than this.
pub(super) const TRIES: u8 = 3;

#[wasm_bindgen(
    inline_js = "export const solve = (from, challenge) => import(from).then((script) => script.solve(challenge));"
)]
extern "C" {
    fn solve(from: &str, challenge: &str) -> Promise;
}

/// The proof that a refusal asks for, in ALTCHA's base64; `None` where it asks for none, or none can be had.
pub(super) async fn proof_for(error: &ApiError, api: &str) -> Option<String> {
    let demand = error.proof.as_deref()?;
    let script = [api, demand.solver.as_deref()?].concat();
    let proof = JsFuture::from(solve(&script, &demand.challenge)).await;
    proof.ok()?.as_string()
}
