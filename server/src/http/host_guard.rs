//! Which host names the server answers to: a page that has pointed its own name at this address gets nothing (DNS rebinding).

use super::problem::Problem;
use crate::config::{BaseUrl, Config};
use axum::extract::Request;
use http::header::HOST;
use http::uri::Authority;
use phone_verify_domain::ErrorCode;
use std::net::SocketAddr;

/// Which hosts are answered.
#[derive(Clone, Debug)]
pub enum Hosts {
    /// The one of `public_url`.
    Public(BaseUrl),
    /// This machine's own names, with any port.
    Loopback,
    /// All.
    Any,
}

impl Hosts {
    /// As the settings say.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        match &config.http.public_url {
            Some(url) => Self::Public(url.clone()),
            None if config.is_loopback_only() => Self::Loopback,
            None => Self::Any,
        }
    }

    fn answer(&self, host: &str) -> bool {
        self.is_plainly_answered(host) || self.is_answered_as_read(host)
    }

    /// Whether the name is spelled as nearly every request spells it: reading a URL takes longer than all else here.
    fn is_plainly_answered(&self, host: &str) -> bool {
        match self {
            Self::Public(url) => url.authority() == host,
            Self::Loopback => host
                .parse::<SocketAddr>()
                .is_ok_and(|address| address.ip().is_loopback()),
            Self::Any => true,
        }
    }

    fn is_answered_as_read(&self, host: &str) -> bool {
        // Read by the same parser as `public_url`, so that case, default ports and spellings of addresses do not matter.
        let scheme = match self {
            Self::Public(url) if url.is_https() => "https",
            _ => "http",
        };
        let Some(asked) = BaseUrl::parse(&format!("{scheme}://{host}")) else {
            return false;
        };
        match self {
            Self::Public(url) => asked == *url,
            Self::Loopback => asked.is_loopback(),
            Self::Any => true,
        }
    }
}

/// Refuses requests for other hosts with 421. Probes and providers ask by whatever name they were given.
pub(super) fn refusal(hosts: &Hosts, request: &Request) -> Option<Problem> {
    let path = request.uri().path();
    let apart = matches!(path, "/healthz" | "/readyz" | "/metrics") || path.starts_with("/twilio/");
    if apart || is_answered(hosts, request) {
        return None;
    }
    Some(Problem::new(
        ErrorCode::Misdirected,
        "This server answers for another host name: call it by the one in its public_url.",
    ))
}

fn is_answered(hosts: &Hosts, request: &Request) -> bool {
    if matches!(hosts, Hosts::Any) {
        return true;
    }
    // An absolute request target names a host as well, and must name the same.
    let target = request.uri().authority().map(Authority::as_str);
    let mut headers = request.headers().get_all(HOST).iter();
    let header = headers.next().map(|value| value.to_str().unwrap_or_default());
    headers.next().is_none()
        && (target.is_some() || header.is_some())
        && target.into_iter().chain(header).all(|host| hosts.answer(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(url: &str) -> Hosts {
        Hosts::Public(BaseUrl::parse(url).unwrap())
    }

    #[test]
    fn with_a_public_url_its_host_alone_is_answered() {
        let hosts = public("https://verify.example.com");
        for host in [
            "verify.example.com",
            "VERIFY.example.com",
            "verify.example.com:443",
        ] {
            assert!(hosts.answer(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "verify.example.com.evil.example",
            "verify.example.com:80",
            "verify.example.com:8443",
            "127.0.0.1",
            "localhost",
            "user@verify.example.com",
            "verify.example.com/path",
            "verify.example.com?x",
        ] {
            assert!(!hosts.answer(host), "{host}");
        }
        assert!(public("http://127.0.0.1:3000").answer("127.0.0.1:3000"));
        assert!(!public("http://127.0.0.1:3000").answer("localhost:3000"));
    }

    #[test]
    fn development_answers_to_the_names_of_this_machine() {
        for host in [
            "localhost",
            "localhost:3000",
            "shop.localhost:1",
            "127.0.0.1:3000",
            "[::1]:3000",
            "[::1]",
        ] {
            assert!(Hosts::Loopback.answer(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "192.168.0.1:3000",
            "0.0.0.0:3000",
            "[::2]",
        ] {
            assert!(!Hosts::Loopback.answer(host), "{host}");
        }
    }
}
