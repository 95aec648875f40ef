//! What a program that embeds the server works with: an axum app whose own pages stand before the server's, at one origin.
//!
//! ```no_run
//! use axum::{Router, routing::get};
//! use phone_verify::compose::{Overrides, compose};
//! use phone_verify::config::Config;
//!
//! # async fn host() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::load(None, &std::env::vars().collect())?;
//! let listener = tokio::net::TcpListener::bind(config.http.listen).await?;
//! let server = compose(&config, listener.local_addr()?, Overrides::default()).await?;
//! let styles = server.embedded().style_sheets();
//! let pages = Router::new().route("/", get(async move || styles.join("\n")));
//! let stop = async { drop(tokio::signal::ctrl_c().await) };
//! server.with_routes(pages).serve(listener, stop).await;
//! # Ok(())
//! # }
//! ```

use crate::hosts::HostDesk;
use crate::http::{PagePolicy, Services, own_page, page_policy};
use crate::sites::Site;
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use phone_verify_domain::{Caller, SiteKey, Verifier};
use std::sync::Arc;

/// The server, as the program around it may ask it without HTTP; clones are the same.
#[derive(Clone)]
pub struct Embedded {
    services: Services,
}

impl Embedded {
    pub(crate) const fn new(services: Services) -> Self {
        Self { services }
    }

    /// The rules: what a browser may ask.
    #[must_use]
    pub fn verifier(&self) -> &Arc<dyn Verifier> {
        &self.services.verifier
    }

    /// What a site's own server may ask: sessions, tokens, which subject holds which number.
    #[must_use]
    pub fn desk(&self) -> &HostDesk {
        &self.services.desk
    }

    /// The site of this key.
    #[must_use]
    pub fn site(&self, key: &SiteKey) -> Option<Arc<Site>> {
        self.services.sites.get(key).cloned()
    }

    /// Scheme, host and port by which browsers reach the pages.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.services.own_origin
    }

    /// Whether messages go to `/dev/outbox` and nowhere else.
    #[must_use]
    pub fn nothing_is_sent(&self) -> bool {
        self.services.nothing_is_sent
    }

    /// Who sent a request that [`is_own_page`](Self::is_own_page) has let through.
    #[must_use]
    pub fn caller(&self, parts: &Parts) -> Caller {
        own_page::caller(parts, &self.services)
    }

    /// Whether a page of this origin sends a request with these headers: by its Origin, or where the browser sends none by
    /// `Sec-Fetch-Site: same-origin`. Whatever changes something should ask this first.
    #[must_use]
    pub fn is_own_page(&self, headers: &HeaderMap) -> bool {
        own_page::asks(headers, &self.services.own_origin)
    }

    /// Paths of the style sheets of the component and of the server's own pages; none where the browser's files were not
    /// built.
    #[must_use]
    pub fn style_sheets(&self) -> Vec<&'static str> {
        let names = ["embed/phone-verify.css", "pages.css"];
        let paths = names.iter().filter_map(|name| self.services.assets.path(name));
        paths.collect()
    }

    /// The Content-Security-Policy that a page of the program gets if it sets none, and with the nonce that Leptos gives the
    /// script that it ends a page with.
    #[must_use]
    pub fn page_policy(&self, nonce: &str) -> Option<HeaderValue> {
        page_policy(PagePolicy {
            nonce: Some(nonce),
            ..PagePolicy::default()
        })
    }
}
