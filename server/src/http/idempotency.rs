use super::problem::Problem;
use http::HeaderMap;
use phone_verify_domain::{ErrorCode, IdempotencyKey};

/// The header by which a client names a call that sends.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes the header; `idempotency_key` reads it")]
pub(crate) struct IdempotencyHeader {
    /// Drawn by the client; the same key and body again gets the first answer, for 24 hours, and nothing is sent.
    #[param(
        rename = "Idempotency-Key",
        min_length = 16,
        max_length = 64,
        pattern = "^[!-~]{16,64}$"
    )]
    key: Option<String>,
}

/// The `Idempotency-Key`, if there is one.
///
/// # Errors
/// `invalid_request` where it is not 16 to 64 visible ASCII characters, or there are several.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .filter(|_| values.next().is_none())
        .and_then(IdempotencyKey::parse)
        .map(Some)
        .ok_or_else(|| {
            Problem::new(
                ErrorCode::InvalidRequest,
                "`Idempotency-Key` is not 16 to 64 visible ASCII characters.",
            )
        })
}
