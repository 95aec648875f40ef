//! The token between the server that mints it and the hosts that verify it.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod key_cache;
mod mutants;
mod round_trip;
mod support;
