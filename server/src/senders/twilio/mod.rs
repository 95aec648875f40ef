//! Twilio: text messages and voice calls through its REST API, version 2010-04-01.
//!
//! Requests carry what Twilio's public API description lists and nothing else. What became of one is decided by Twilio's
//! numeric code alone ([`error`]); nothing is asked twice that may have been acted upon ([`Client`]).

mod account;
mod callback;
mod calls;
mod client;
pub mod error;
mod messages;
mod twiml;

pub use account::{Account, AccountError, Credentials};
pub use callback::StatusCallbacks;
pub use calls::TwilioCalls;
pub use client::{Client, Patience};
pub use messages::{Originator, TwilioMessages};
