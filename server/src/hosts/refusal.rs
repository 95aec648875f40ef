use crate::store::StoreError;
use phone_verify_domain::{ApiError, ErrorCode};
use std::time::Duration;

/// When to come back after something here did not answer: long enough for it to restart.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// The store cannot be asked: denied, whatever it was.
pub(super) fn unavailable(error: &StoreError) -> ApiError {
    broken("the database cannot be asked", error)
}

/// Something here is broken: the random source, or a key.
pub(super) fn broken(what: &'static str, error: &dyn std::error::Error) -> ApiError {
    tracing::error!(%error, "{what}");
    ApiError::new(ErrorCode::Unavailable, what).retry_after(AFTER_FAILURE)
}
