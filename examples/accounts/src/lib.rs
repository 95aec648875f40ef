//! Accounts with a verified phone number and a second factor: a full-stack Leptos app that embeds phone-verify.
//!
//! - [`page`]: what each page shows, as plain data: the server draws it, the browser takes it over;
//! - `app`: the pages as Leptos components, every form a plain form;
//! - `actions`: the server function that the component's page calls;
//! - `server` (feature `ssr`): users, sessions, passwords, limits, and the routes.
//!
//! The browser never says who it is or what it has proved: both are in its session on the server.

// A page is one deeply nested type.
#![recursion_limit = "256"]

mod actions;
mod app;
pub mod page;
#[cfg(feature = "ssr")]
pub mod server;

/// Takes over the page that the server has rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    app::hydrate();
}
