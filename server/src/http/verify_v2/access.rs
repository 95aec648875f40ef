//! Who asks, and for which service.

use super::refusal::Refusal;
use crate::hosts::authenticate_account;
use crate::http::credentials::basic;
use crate::http::services::Services;
use crate::sites::Site;
use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use std::collections::HashMap;
use std::sync::Arc;

/// The sites that the caller speaks for: by Account SID or site key, and a site secret.
pub(super) struct Account(pub(super) Vec<Arc<Site>>);

/// The service that the path names, of those that the caller speaks for, and what it names within it.
pub(super) struct Service {
    pub(super) site: Arc<Site>,
    /// What the path's last segment names, decoded; empty where the path ends before.
    pub(super) name: String,
}

impl Account {
    /// The site of this service SID.
    pub(super) fn service(&self, sid: &str) -> Result<&Arc<Site>, Refusal> {
        let found = self.0.iter().find(|site| site.sids.service == sid);
        found.ok_or_else(Refusal::not_found)
    }
}

impl FromRequestParts<Services> for Account {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Refusal> {
        let given = basic(&parts.headers);
        let (user, secret) = given
            .as_ref()
            .and_then(|text| text.split_once(':'))
            .ok_or_else(Refusal::unauthenticated)?;
        match authenticate_account(&services.sites, user, secret) {
            none if none.is_empty() => Err(Refusal::unauthenticated()),
            sites => Ok(Self(sites)),
        }
    }
}

impl FromRequestParts<Services> for Service {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Refusal> {
        let account = Account::from_request_parts(parts, services).await?;
        let Ok(Path(mut segments)) =
            Path::<HashMap<String, String>>::from_request_parts(parts, services).await
        else {
            return Err(Refusal::not_found());
        };
        let site = account.service(&segments.remove("service").unwrap_or_default())?;
        Ok(Self {
            site: site.clone(),
            name: segments.remove("name").unwrap_or_default(),
        })
    }
}
