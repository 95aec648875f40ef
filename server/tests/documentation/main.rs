//! The documentation says what is there.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod configuration;
mod deploy;
mod looks;
mod paths;
