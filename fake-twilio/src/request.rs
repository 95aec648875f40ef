use crate::account;
use crate::parameters::Form;
use axum::http::{HeaderMap, Method, Uri, header};

/// A request as it came in.
pub(crate) struct ApiRequest {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Form,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) form: Form,
    /// Whether a body came with another content type than a form's.
    pub(crate) strange_body: bool,
}

impl ApiRequest {
    pub(crate) fn read(method: Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let (user, password) = text(header::AUTHORIZATION).and_then(account::basic).unzip();
        let is_form = text(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.split(';').next() == Some("application/x-www-form-urlencoded"));
        Self {
            method,
            path: uri.path().to_owned(),
            query: Form::parse(uri.query().unwrap_or_default().as_bytes()),
            user,
            password,
            form: Form::parse(if is_form { body } else { &[] }),
            strange_body: !body.is_empty() && !is_form,
        }
    }

    /// The path's segments after `/2010-04-01/Accounts/`, without `.json`.
    pub(crate) fn segments(&self) -> Option<Vec<&str>> {
        let rest = self
            .path
            .strip_prefix("/2010-04-01/Accounts/")?
            .strip_suffix(".json")?;
        Some(rest.split('/').collect())
    }
}
