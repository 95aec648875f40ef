/// The store did not answer as it should; what it was asked for is denied.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the database cannot be asked: {0}")]
pub struct StoreError(String);

impl StoreError {
    /// A failure with its reason, free of anything that a caller sent.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl From<sqlx::Error> for StoreError {
    // Neither database's messages repeat the values of parameters; what PostgreSQL adds as detail does, and is left out.
    fn from(error: sqlx::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}
