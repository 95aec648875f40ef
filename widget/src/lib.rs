//! The wasm entry: what the loader calls to put the widget into a page, and what takes over the server's own pages.

#[cfg(feature = "csr")]
mod handle;
#[cfg(feature = "csr")]
mod messages;
#[cfg(feature = "csr")]
mod panic;

#[cfg(feature = "csr")]
pub use handle::{Handle, mount};

/// Takes over the page that the server has rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    phone_verify_app::pages::hydrate();
}
