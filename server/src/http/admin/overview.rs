use super::{LoggedIn, minute, page, unavailable};
use crate::admin::{Overview, Period};
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use phone_verify_app::pages::admin::{AdminContent, Bar, FaultRow, OverviewPage, ShareRow};
use phone_verify_domain::SiteKey;

/// `GET /admin?period=day|week|month&site=KEY`: what was sent, what came of it, what failed.
pub(super) async fn overview(
    State(services): State<Services>,
    inside: LoggedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = Form::of_query(query.as_deref());
    let (period, name) = match query.one("period")? {
        "day" => (Period::Day, "day"),
        "month" => (Period::Month, "month"),
        _ => (Period::Week, "week"),
    };
    // Of a site that is not served, nothing is asked.
    let site = SiteKey::parse(query.one("site")?);
    let site = site.filter(|key| inside.desk.sites().get(key).is_some());
    let found = inside.desk.overview(period, site.clone()).await;
    Ok(match found {
        Ok(overview) => {
            let content = OverviewPage {
                period: name,
                site: site.map(|key| key.to_string()).unwrap_or_default(),
                sites: inside
                    .desk
                    .sites()
                    .iter()
                    .map(|site| site.key.to_string())
                    .collect(),
                down: services
                    .engine
                    .senders_down()
                    .into_iter()
                    .map(|(channel, sender)| (channel, sender.to_owned()))
                    .collect(),
                ..shown(overview)
            };
            page(&services, AdminContent::Overview(content))
        }
        Err(error) => {
            tracing::error!(%error, "the overview cannot be shown");
            unavailable(&services)
        }
    })
}

fn shown(overview: Overview) -> OverviewPage {
    OverviewPage {
        bars: overview
            .stretches
            .into_iter()
            .map(|(begin, count)| Bar {
                begins: minute(begin),
                sent: count.sent,
                approved: count.approved,
            })
            .collect(),
        shares: overview
            .shares
            .into_iter()
            .map(|share| ShareRow {
                country: share.country,
                channel: share.channel,
                sent: share.count.sent,
                delivered: share.count.delivered,
                approved: share.count.approved,
            })
            .collect(),
        faults: overview
            .faults
            .into_iter()
            .map(|fault| FaultRow {
                country: fault.country,
                channel: fault.channel,
                sender: fault.sender,
                state: fault.state,
                reason: fault.reason,
                count: fault.count,
            })
            .collect(),
        ..OverviewPage::default()
    }
}
