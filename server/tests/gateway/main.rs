//! The generic HTTP sender over real HTTP: what the gateway gets, and what each of its answers and failures means.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../harness/mod.rs"]
mod harness;

mod answers;
mod gateway;
