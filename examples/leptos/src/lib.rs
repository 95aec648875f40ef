//! The page of `docs/leptos.md`: the server draws it, the browser takes it over.
#![expect(clippy::must_use_candidate, reason = "`view!` uses components")]

use leptos::prelude::*;
use phone_verify_app::{Gateway, PhoneVerify};

/// What is in the page: a form of yours may stand around it, and gets the token in `phone-token`.
#[component]
pub fn App() -> impl IntoView {
    view! { <PhoneVerify gateway=Gateway::Actions site_key="demo" name="phone-token" /> }
}

/// What the browser calls.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(App);
}
