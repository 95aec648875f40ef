use crate::sites::{OriginRule, Site};
use phone_verify_domain::{ApiError, ErrorCode};
use url::{Host, Url};

/// Refuses a request whose Origin is `null` or not on the site's list. An absent one is not a browser's: allowed.
pub(super) fn check(site: &Site, origin: Option<&str>, own: Option<&str>) -> Result<(), ApiError> {
    let Some(origin) = origin else {
        return Ok(());
    };
    let listed = || site.origins.iter().any(|rule| allows(rule, origin));
    if origin != "null" && (own == Some(origin) || listed()) {
        Ok(())
    } else {
        Err(ApiError::new(
            ErrorCode::OriginRefused,
            format!("this origin is not among the origins of the site `{}`", site.key),
        ))
    }
}

fn allows(rule: &OriginRule, origin: &str) -> bool {
    match rule {
        OriginRule::Exact(listed) => listed == origin,
        OriginRule::Loopback => is_loopback(origin),
    }
}

fn is_loopback(origin: &str) -> bool {
    let Ok(url) = Url::parse(origin) else {
        return false;
    };
    // What a browser sends is the serialised origin itself, without a path, user or the default port.
    matches!(url.scheme(), "http" | "https")
        && url.origin().ascii_serialization() == origin
        && match url.host() {
            Some(Host::Domain(host)) => host == "localhost" || host.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
            Some(Host::Ipv6(address)) => address == std::net::Ipv6Addr::LOCALHOST,
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_origins_are_those_of_development() {
        for origin in [
            "http://localhost",
            "http://localhost:3000",
            "https://localhost:8443",
            "http://shop.localhost:5173",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            assert!(is_loopback(origin), "{origin}");
        }
        for origin in [
            "null",
            "",
            "localhost",
            "http://localhost.example",
            "http://notlocalhost",
            "http://localhost:3000/",
            "http://localhost:80",
            "http://user@localhost",
            "http://LOCALHOST",
            "http://127.0.0.2",
            "http://2130706433",
            "http://192.168.0.1",
            "ftp://localhost",
            "file://",
            "http://localhost, http://shop.example",
        ] {
            assert!(!is_loopback(origin), "{origin}");
        }
    }
}
