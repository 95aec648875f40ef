//! The phone-verification widget as a Leptos component, the same through both doors: embedded in any page, where it talks
//! REST, and in pages that a server renders with Leptos, where it talks by server functions.
//!
//! Take one of the features `csr`, `hydrate` and `ssr`, never two at once.
//!
//! ```text
//! PhoneVerify -> steps (what is on the screen) -> controller (what a press does) -> flow (what follows from it)
//!                                                     |-> gateway: rest | actions
//!                                                     `-> browser: json, storage, languages
//! ```

// A component's view is one deeply nested type.
#![recursion_limit = "256"]

#[cfg(feature = "browser")]
pub mod browser;
pub mod code_input;
mod controller;
pub mod countries;
#[cfg(feature = "ssr")]
pub mod first_form;
pub mod flow;
pub mod gateway;
pub mod number_input;
mod options;
#[cfg(feature = "server-functions")]
pub mod pages;
mod parts;
mod phone_verify;
mod steps;
pub mod words;

pub use controller::{Controller, Event, Listener, Look};
pub use gateway::Gateway;
#[cfg(feature = "ssr")]
pub use gateway::actions::register_server_functions;
pub use options::{Options, list};
pub use phone_verify::{PhoneVerify, widget};
