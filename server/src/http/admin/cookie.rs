use crate::admin::SessionSecret;
use cookie::{Cookie, SameSite};
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use std::time::Duration;

/// The cookie's name. By https no other host and no path can set one of that prefix (RFC 6265bis, 4.1.3.2).
fn name(own_origin: &str) -> &'static str {
    if is_https(own_origin) {
        "__Host-phone-verify-admin"
    } else {
        "phone-verify-admin"
    }
}

fn is_https(own_origin: &str) -> bool {
    own_origin.starts_with("https://")
}

/// What the browser keeps for the admin pages, if it keeps anything.
pub(super) fn secret(headers: &HeaderMap, own_origin: &str) -> Option<SessionSecret> {
    let name = name(own_origin);
    let sent = headers.get_all(COOKIE).iter();
    sent.filter_map(|header| header.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| SessionSecret::of(cookie.value()))
}

/// Makes the browser keep it, for itself and for requests that begin on this server.
pub(super) fn keep(secret: &SessionSecret, lasts: Duration, own_origin: &str) -> Option<HeaderValue> {
    set(secret.expose(), lasts, own_origin)
}

/// Makes the browser forget it.
pub(super) fn forget(own_origin: &str) -> Option<HeaderValue> {
    set("", Duration::ZERO, own_origin)
}

fn set(value: &str, lasts: Duration, own_origin: &str) -> Option<HeaderValue> {
    let seconds = i64::try_from(lasts.as_secs()).unwrap_or(i64::MAX);
    let cookie = Cookie::build((name(own_origin), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(is_https(own_origin))
        .max_age(cookie::time::Duration::seconds(seconds));
    HeaderValue::from_str(&cookie.to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_other_sites_do_not_get_it_and_by_https_nobody_else_sets_it() {
        let secret = SessionSecret::of("value");
        let lasts = Duration::from_mins(1);
        let https = keep(&secret, lasts, "https://verify.example").unwrap();
        assert_eq!(
            https.to_str().unwrap(),
            "__Host-phone-verify-admin=value; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=60"
        );
        let http = keep(&secret, lasts, "http://127.0.0.1:3000").unwrap();
        assert_eq!(
            http.to_str().unwrap(),
            "phone-verify-admin=value; HttpOnly; SameSite=Strict; Path=/; Max-Age=60"
        );
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("a=b; phone-verify-admin=value"));
        let found = super::secret(&headers, "http://127.0.0.1:3000").unwrap();
        assert_eq!(found.expose(), "value");
        assert!(super::secret(&headers, "https://verify.example").is_none());
    }
}
