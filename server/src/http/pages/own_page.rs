//! What only this server's own pages may do, and who does it.

use crate::http::caller;
use crate::http::services::Services;
use http::HeaderMap;
use http::header::HOST;
use http::request::Parts;
use phone_verify_domain::Caller;

/// Who calls from one of this server's own pages. That it is one has been shown; by whichever of the server's names, it is
/// one origin.
pub(crate) fn caller(parts: &Parts, services: &Services) -> Caller {
    Caller {
        origin: Some(services.own_origin.clone()),
        ..caller::caller(parts, services.trusted_proxies)
    }
}

/// Whether a page of this server asks: its Origin is the public one or the host that was asked for, which the guard before
/// this has let through. A browser that sends no Origin must say `same-origin` instead.
pub(crate) fn asks(headers: &HeaderMap, public: &str) -> bool {
    match caller::origin(headers) {
        Some(origin) => {
            let host = headers.get(HOST).and_then(|host| host.to_str().ok());
            let authority = origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"));
            origin == public || (authority.is_some() && authority == host)
        }
        None => headers
            .get("sec-fetch-site")
            .is_some_and(|site| site.as_bytes() == b"same-origin"),
    }
}

#[cfg(test)]
mod tests {

    use http::{HeaderMap, HeaderName, HeaderValue};

    fn would(fields: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("localhost:3000"));
        for (name, value) in fields {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        super::asks(&headers, "https://verify.example")
    }

    #[test]
    fn only_this_servers_pages_may_ask() {
        assert!(would(&[("origin", "https://verify.example")]));
        assert!(would(&[("origin", "http://localhost:3000")]));
        assert!(would(&[("sec-fetch-site", "same-origin")]));
        for refused in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://localhost:3001")],
            &[("origin", "http://localhost")],
            &[("origin", "localhost:3000")],
            &[("origin", "ftp://localhost:3000")],
            &[
                ("origin", "https://verify.example"),
                ("origin", "https://verify.example"),
            ],
            &[
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "same-origin"),
            ],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "none")],
        ] {
            assert!(!would(refused), "{refused:?}");
        }
    }
}
