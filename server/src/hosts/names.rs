use phone_verify_domain::{ApiError, ErrorCode};

/// What a name that the host gave may be (contract 1).
const LONGEST: usize = 255;

/// A field at fault, named.
pub(super) fn invalid(detail: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidRequest, detail)
}

/// A name that the host gave: 1 to 255 characters without control characters.
pub(super) fn name(field: &str, text: &str) -> Result<(), ApiError> {
    if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(invalid(format!(
            "`{field}` is not 1 to 255 characters without control characters"
        )));
    }
    Ok(())
}

/// The same for one that may be left out; an empty one counts as left out.
pub(super) fn optional_name(field: &str, text: Option<String>) -> Result<Option<String>, ApiError> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| name(field, &text).map(|()| text)).transpose()
}
