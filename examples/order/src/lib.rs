//! An ordinary order form with an ordinary server: it shows all that a host's back end has to do with phone-verify.
//!
//! - [`sessions`]: the shop's own browser sessions, each with a nonce that binds a token to it;
//! - [`pages`]: the HTML, with the `<phone-verify>` element in the form;
//! - [`order`]: the fields of the form and their rules;
//! - [`verify`]: the token: checked offline by the server's published keys, then redeemed, once;
//! - [`routes`]: the requests that tie them together.

mod clock;
mod headers;
mod order;
mod pages;
mod routes;
mod sessions;
mod verify;

pub use clock::{Clock, system_clock};
pub use routes::{Shop, router};
pub use verify::VerifyServer;
