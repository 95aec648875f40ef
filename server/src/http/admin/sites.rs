use super::{LoggedIn, page};
use crate::http::services::Services;
use crate::sites::{Countries, OriginRule, Site};
use axum::extract::State;
use axum::response::Response;
use phone_verify_app::pages::admin::{AdminContent, SiteRow};

/// `GET /admin/sites`: who is served, as the configuration has it.
pub(super) async fn sites(State(services): State<Services>, inside: LoggedIn) -> Response {
    let rows = inside.desk.sites().iter().map(|site| row(site)).collect();
    page(&services, AdminContent::Sites(rows))
}

fn row(site: &Site) -> SiteRow {
    let origin = |rule: &OriginRule| match rule {
        OriginRule::Exact(origin) => origin.clone(),
        OriginRule::Loopback => "this machine, any port".to_owned(),
    };
    let webhook = site.webhook.as_ref();
    SiteRow {
        key: site.key.to_string(),
        name: site.name.clone(),
        origins: site.origins.iter().map(origin).collect(),
        countries: match &site.countries {
            Countries::All => None,
            Countries::Only(some) => Some(some.iter().cloned().collect()),
        },
        channels: site.channels.clone(),
        keeps_numbers: site.keeps_numbers,
        webhook_host: webhook.and_then(|webhook| webhook.url.host_str().map(str::to_owned)),
    }
}
