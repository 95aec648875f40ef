//! The whole app over HTTP, by a browser without scripts.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod attacks;
mod browser;
mod journeys;
mod routes;
mod world;
