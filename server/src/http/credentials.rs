//! Who may: the holder of a verification's secret, or a site's own server.

use super::problem::Problem;
use super::services::Services;
use crate::hosts::authenticate;
use crate::sites::Site;
use axum::extract::FromRequestParts;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use phone_verify_domain::ClientSecret;
use std::sync::Arc;
use zeroize::Zeroizing;

/// `Authorization: Bearer <client_secret>`.
pub(crate) struct Bearer(pub(crate) ClientSecret);

impl<S: Send + Sync> FromRequestParts<S> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        credentials(&parts.headers, "bearer")
            .and_then(ClientSecret::parse)
            .map(Self)
            .ok_or_else(|| {
                Problem::unauthorized(
                    "Bearer realm=\"phone-verify\"",
                    "Set `Authorization: Bearer` to the verification's `client_secret`.",
                )
                .closing()
            })
    }
}

/// `Authorization: Basic`, site key and site secret.
pub(crate) struct HostSite(pub(crate) Arc<Site>);

impl FromRequestParts<Services> for HostSite {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Problem> {
        basic(&parts.headers)
            .as_deref()
            .and_then(|text| text.split_once(':'))
            .and_then(|(key, secret)| authenticate(&services.sites, key, secret))
            .map(Self)
            .ok_or_else(|| {
                // Nothing is read from somebody who has not said who they are.
                Problem::unauthorized(
                    "Basic realm=\"phone-verify\", charset=\"UTF-8\"",
                    "Authenticate by HTTP Basic with the site key and the site secret.",
                )
                .closing()
            })
    }
}

/// User, colon and password of HTTP Basic.
pub(super) fn basic(headers: &HeaderMap) -> Option<Zeroizing<String>> {
    let bytes = BASE64_STANDARD.decode(credentials(headers, "basic")?).ok()?;
    String::from_utf8(bytes).ok().map(Zeroizing::new)
}

/// What follows the scheme, in the one Authorization header that there is.
fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (given, rest) = value.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim_matches(' '))
}
