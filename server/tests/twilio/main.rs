//! The Twilio senders over real HTTP, against the fake that counts what may have reached a phone.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod codes;
mod faults;
mod log;
mod requests;
mod settings;
mod support;
