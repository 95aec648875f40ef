use crate::decisions::{Asked, Outcome, Rule, Saw};
use crate::random::RandomError;
use crate::store::{Limited, StoreError};
use phone_verify_domain::{ApiError, ErrorCode, Status, Timestamp};
use std::time::Duration;

/// When to come back after a failure that is the server's or the provider's own: long enough for one to restart.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// The store cannot be asked: denied, whatever it was.
pub(super) fn unavailable(error: &StoreError) -> ApiError {
    tracing::error!(%error, "denied");
    ApiError::new(ErrorCode::Unavailable, "the database cannot be asked").retry_after(AFTER_FAILURE)
}

/// Nothing can be drawn: denied.
pub(super) fn no_random(error: RandomError) -> ApiError {
    tracing::error!(%error, "denied");
    ApiError::new(ErrorCode::Unavailable, "no random bytes can be drawn").retry_after(AFTER_FAILURE)
}

/// Something of the server's own is broken: its keys, or a task of its own.
pub(super) fn broken(what: &'static str, error: &dyn std::error::Error) -> ApiError {
    tracing::error!(error = %error, "{what}");
    ApiError::new(ErrorCode::Unavailable, what).retry_after(AFTER_FAILURE)
}

/// The same for an id that never was, another's secret and another site's id.
pub(super) fn not_found() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "no such verification")
}

/// Why a verification that is not pending takes no code and sends none.
pub(super) fn ended(status: Status) -> ApiError {
    match status {
        Status::Approved => ApiError::new(
            ErrorCode::AlreadyApproved,
            "the verification is approved; only its own code shows the token again, for two minutes",
        ),
        Status::Exhausted => ApiError::new(ErrorCode::Exhausted, "no checks are left"),
        Status::Canceled => ApiError::new(ErrorCode::Canceled, "the verification was canceled"),
        // A pending one is refused only when it expired between two looks at the clock.
        Status::Expired | Status::Pending => ApiError::new(ErrorCode::Expired, "its time is over"),
    }
}

impl super::Engine {
    /// A limit refused.
    pub(super) fn limited(&self, asked: Asked, limited: Limited, now: Timestamp) -> ApiError {
        self.parts.metrics.limited(limited.name);
        let saw = Saw {
            counted: limited.full.map(|full| full.used),
            allowed: limited.full.map(|full| full.window.count),
            window: limited.full.map(|full| full.window.period),
            retry_in: Some(now.until(limited.retry_at)),
            ..Saw::default()
        };
        self.too_many(asked, Rule::of_limit(limited.name), saw, "a limit is used up")
    }

    /// Too early or too often. Written down here, where it is known what the rule saw.
    pub(super) fn too_many(&self, asked: Asked, rule: Rule, saw: Saw, detail: &str) -> ApiError {
        self.explain(asked, rule, Outcome::Refused, saw);
        let wait = saw.retry_in.unwrap_or_default();
        ApiError::new(ErrorCode::TooManyRequests, detail).retry_after(wait)
    }
}

/// The provider that keeps the code did not say whether it is right.
pub(super) fn no_answer() -> ApiError {
    let detail = "the provider that keeps the code does not answer; the check is spent";
    ApiError::new(ErrorCode::SenderUnavailable, detail).retry_after(AFTER_FAILURE)
}

/// The sender refused, or could not be reached; it is known to be down for `wait`.
pub(super) fn sender(code: ErrorCode, wait: Duration) -> ApiError {
    let error = ApiError::new(code, "the sender did not take the message; nothing was sent");
    if code.status() == 503 {
        error.retry_after(wait.max(AFTER_FAILURE))
    } else {
        error
    }
}
