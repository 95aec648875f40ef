//! The Twilio senders over real HTTP, against the fake that counts what may have reached a phone.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../harness/mod.rs"]
mod harness;

mod codes;
mod countries;
mod down;
mod faults;
mod follow;
mod front;
mod languages;
mod log;
mod lookup;
mod opt_out;
mod press_key;
mod prices;
mod requests;
mod settings;
mod support;
mod verify;
mod verify_custom;
mod verify_faults;
mod webhooks;
mod whole;
mod world;
