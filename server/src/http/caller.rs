use super::client_address::{Peer, client_address};
use super::services::Services;
use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::ORIGIN;
use http::request::Parts;
use phone_verify_domain::Caller;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

/// Who calls, as far as connection and headers tell.
pub(crate) struct From(pub(crate) Caller);

impl FromRequestParts<Services> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Infallible> {
        Ok(Self(caller(parts, services.trusted_proxies)))
    }
}

/// The caller of a request.
pub(crate) fn caller(parts: &Parts, trusted_proxies: usize) -> Caller {
    // The accept loop gives every request a peer; without one it counts for nobody in particular.
    let peer = parts
        .extensions
        .get::<Peer>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    Caller {
        address: Some(client_address(&parts.headers, peer, trusted_proxies)),
        origin: origin(&parts.headers),
    }
}

/// The Origin header; `null` where it is there and cannot be one.
pub(crate) fn origin(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(ORIGIN).iter();
    let first = values.next()?;
    let single = first.to_str().ok().filter(|_| values.next().is_none());
    Some(single.unwrap_or("null").to_owned())
}
