//! The shop by HTTP, with a phone-verify server of the test's own that signs whatever a test wants signed.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod attacks;
mod browser;
mod issuer;
mod ordering;
