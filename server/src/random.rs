//! The one place that draws random bytes.

/// A cryptographically secure source of random bytes; injected wherever something is drawn.
pub trait Random: Send + Sync {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`RandomError`] when the source does not answer; nothing may then be made of `bytes`.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

/// The random source does not answer.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the system's random source does not answer")]
pub struct RandomError;

/// The operating system's generator (ASVS 11.5.1).
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(bytes).map_err(|_| RandomError)
    }
}
