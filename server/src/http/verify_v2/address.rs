//! The addresses that answers name.

use super::sid;
use crate::config::BaseUrl;
use crate::http::host_guard::Hosts;
use crate::http::services::Services;
use crate::sites::Site;
use axum::extract::FromRequestParts;
use http::header::HOST;
use http::request::Parts;
use phone_verify_domain::VerificationId;
use std::convert::Infallible;

/// Where the caller reaches this server: the public URL, else the host that it asked for.
pub(super) struct Base(String);

impl FromRequestParts<Services> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Infallible> {
        if let Hosts::Public(url) = &services.hosts_answered {
            return Ok(Self(url.as_str().to_owned()));
        }
        let target = parts.uri.authority().map(http::uri::Authority::as_str);
        let header = || parts.headers.get(HOST)?.to_str().ok();
        let asked = target
            .or_else(header)
            .and_then(|host| BaseUrl::parse(&format!("http://{host}")));
        Ok(Self(asked.map_or_else(
            || services.own_origin.clone(),
            |url| url.as_str().to_owned(),
        )))
    }
}

impl Base {
    pub(super) fn service(&self, site: &Site) -> String {
        format!("{}/v2/Services/{}", self.0, site.sids.service)
    }

    pub(super) fn verification(&self, site: &Site, id: VerificationId) -> String {
        format!(
            "{}/Verifications/{}",
            self.service(site),
            sid::of_verification(id)
        )
    }

    pub(super) fn attempt(&self, delivery_id: &str) -> String {
        format!("{}/v2/Attempts/{}", self.0, sid::of_attempt(delivery_id))
    }

    pub(super) fn summary(&self) -> String {
        format!("{}/v2/Attempts/Summary", self.0)
    }

    /// A list by its path, with these parameters.
    pub(super) fn list<'a>(
        &self,
        name: &str,
        filters: impl Iterator<Item = (&'a str, &'a str)>,
        size: u32,
        page: u64,
    ) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(filters)
            .append_pair("PageSize", &size.to_string())
            .append_pair("Page", &page.to_string())
            .finish();
        format!("{}/v2/{name}?{query}", self.0)
    }
}
