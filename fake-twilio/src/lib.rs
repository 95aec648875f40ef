//! Twilio for tests and demos.
//!
//! It answers as Twilio's public API description says (version 2010-04-01: create, fetch, list and update messages and
//! calls; Lookup v2: fetch; Verify v2: start, check, fetch and update verifications), **refuses every parameter that the description does not list**, checks values, knows the magic numbers of
//! Twilio's test credentials, and records what it was asked. Beside Twilio's paths it has its own under `/fake`:
//!
//! | call | what it does |
//! | --- | --- |
//! | `GET /fake/requests` | every API request, oldest first: method, path, query, user, form, the answer, violations |
//! | `DELETE /fake/requests` | forgets requests, messages, calls and callbacks |
//! | `GET /fake/messages?to=` | what was taken for sending, newest first, with the digits of the code |
//! | `POST /fake/behaviour` | a [`Behaviour`], or a list of them, to be followed from now on |
//! | `DELETE /fake/behaviour` | back to normal |
//! | `POST /fake/console` | a [`Console`]: how the account is set up |
//! | `POST /fake/lines` | a number for each [`Line`] that Lookup v2 is to know; the others are mobile |
//! | `GET /fake/verifications?to=` | what Verify knows: each with its state, its code, and how often it was sent and checked |
//! | `DELETE /fake/verifications` | ends all pending ones as ten minutes do |
//! | `POST /fake/outage` `{"for_ms": …}` | refuses connections for that long |
//! | `GET /fake/callbacks` | the callbacks that were made and what they were answered |
//! | `POST /fake/callback` | makes one signed request to a webhook: see [`WebhookCall`] |
//!
//! A message that a scripted fault hides from the caller (a dropped or broken answer, a 5xx) counts as sent, because with
//! Twilio it may have been: a test that finds two of them has found a duplicate.

mod account;
mod api;
mod behaviour;
mod call;
mod callback;
mod console;
mod control;
mod journal;
mod listener;
mod lookup;
mod magic;
mod message;
mod parameters;
mod refusal;
mod request;
mod resource;
mod segments;
mod signature;
mod twiml;
mod verify;

pub use account::Account;
pub use behaviour::{Behaviour, Fault, Resource, ScriptedAnswer, ScriptedCallback, ScriptedPrice};
pub use callback::WebhookCall;
pub use console::{Console, VerifyService};
pub use journal::{CallbackRecord, RequestRecord, Sent};
pub use listener::FakeTwilio;
pub use lookup::Line;
pub use segments::segments;
pub use signature::sign;
pub use verify::VerificationRecord;
