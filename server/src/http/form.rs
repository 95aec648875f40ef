//! Form bodies: of the right type, small, in time, and each field at most once.

use super::body::{self, MAX_BYTES};
use super::problem::Problem;
use axum::extract::{FromRequest, Request};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use phone_verify_domain::ErrorCode;

/// An `application/x-www-form-urlencoded` body.
pub(crate) struct Form(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        require_form(&parts.headers)?;
        let bytes = body::read(&parts.headers, body, MAX_BYTES).await?;
        Ok(Self(url::form_urlencoded::parse(&bytes).into_owned().collect()))
    }
}

impl Form {
    /// The fields of a query.
    pub(crate) fn of_query(query: Option<&str>) -> Self {
        let query = query.unwrap_or_default();
        Self(
            url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// All fields but these, in their order.
    pub(crate) fn without<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fields = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        fields.filter(move |(name, _)| !names.contains(name))
    }

    /// A field's value; the empty text where it is not there.
    ///
    /// # Errors
    /// 400 for a field that is there twice, which two readers could read in two ways, and for NUL.
    pub(crate) fn one(&self, name: &str) -> Result<&str, Problem> {
        let mut values = self.0.iter().filter(|(field, _)| field == name);
        let value = values.next().map_or("", |(_, value)| value);
        if values.next().is_some() || value.contains('\0') {
            let detail = format!("`{name}` is there twice, or contains NUL.");
            return Err(Problem::new(ErrorCode::InvalidRequest, detail));
        }
        Ok(value)
    }
}

fn require_form(headers: &HeaderMap) -> Result<(), Problem> {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let essence = types.next().and_then(|value| value.to_str().ok()).map(|value| {
        let essence = value.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    });
    let is_form = essence.as_deref() == Some("application/x-www-form-urlencoded") && types.next().is_none();
    if is_form && !headers.contains_key(CONTENT_ENCODING) {
        return Ok(());
    }
    let detail = "The body must be an unencoded form: set `Content-Type: application/x-www-form-urlencoded`.";
    Err(Problem::new(ErrorCode::UnsupportedMediaType, detail).closing())
}
