//! Contract 1 by `fetch`. What is sent is put together in JavaScript, as is the proof of work where the server asks for it: in wasm both
//! would be several times as long.

use super::Ask;
use crate::browser::json::{self, ToJson};
use js_sys::Promise;
use phone_verify_domain::{ApiError, ErrorCode, View};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/src/gateway/ask.js")]
extern "C" {
    type Asking;

    fn ask(method: &str, url: &str, secret: &str, key: &str, body: &JsValue) -> Asking;

    #[wasm_bindgen(method, getter)]
    fn answer(this: &Asking) -> Promise;

    #[wasm_bindgen(method)]
    fn abort(this: &Asking);
}

/// Aborts the request when the future that waits for it is dropped; one that has its answer does not mind.
struct Asked(Asking);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(super) async fn answer(api: String, wanted: Ask) -> Result<View, ApiError> {
    let asked = Asked(asking(&api, &wanted));
    let answer = JsFuture::from(asked.0.answer()).await.ok();
    // No problem has the members of a view. What is no answer and what is no sensible answer is the same to the user.
    answer
        .and_then(|answer| {
            json::view(&answer)
                .map(Ok)
                .or_else(|| json::problem(&answer).map(Err))
        })
        .unwrap_or_else(|| Err(ApiError::new(ErrorCode::Unavailable, "")))
}

fn asking(api: &str, wanted: &Ask) -> Asking {
    let (method, ticket, action, key, body) = match wanted {
        Ask::Start(body, key) => ("POST", None, "", key.as_str(), body.to_json().into()),
        Ask::Resend(ticket, body, key) => (
            "POST",
            Some(ticket),
            "/resend",
            key.as_str(),
            body.to_json().into(),
        ),
        Ask::Check(ticket, body) => ("POST", Some(ticket), "/check", "", body.to_json().into()),
        Ask::View(ticket) => ("GET", Some(ticket), "", "", JsValue::UNDEFINED),
        Ask::Cancel(ticket) => ("DELETE", Some(ticket), "", "", JsValue::UNDEFINED),
    };
    let (slash, id, secret) = ticket.map_or(("", "", ""), |ticket| ("/", &ticket.id, &ticket.secret));
    let url = [api, "/v1/verifications", slash, id, action].concat();
    ask(method, &url, secret, key, &body)
}
