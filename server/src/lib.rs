//! The phone-verify server as a library; `main` is a thin door to it.

pub mod admin;
pub mod blocks;
mod breakers;
pub mod budget;
pub mod clock;
pub mod commands;
pub mod compose;
pub mod config;
pub mod decisions;
pub mod embed;
pub mod hooks;
pub mod hosts;
pub mod http;
pub mod import;
pub mod keys;
pub mod limits;
pub mod lines;
pub mod metrics;
pub mod numbers;
mod opt_outs;
pub mod proof;
pub mod random;
pub mod senders;
pub mod sites;
pub mod store;
pub mod verification;
pub mod webhooks;
