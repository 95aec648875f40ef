use super::{LoggedIn, minute, page, unavailable};
use crate::admin::By;
use crate::breakers::Standing;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::services::Services;
use crate::limits::{TrackRecord, Turned};
use crate::store::{BreakerName, KeptBreaker};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use phone_verify_app::pages::admin::{
    AdminContent, BreakerButton, BreakerDone, BreakerRow, BreakerStanding, BreakersPage,
};
use phone_verify_domain::{ErrorCode, Timestamp};

/// So many hexadecimal digits of a prefix's name tell it from others for people.
const SHOWN_DIGITS: usize = 8;

/// `GET /admin/breakers`: how they stand.
pub(super) async fn list(State(services): State<Services>, inside: LoggedIn) -> Response {
    shown(&services, &inside, BreakersPage::default()).await
}

/// `POST /admin/breakers`: opens or closes one. A number that is typed for its prefix is in no URL.
pub(super) async fn turn(
    State(services): State<Services>,
    inside: LoggedIn,
    form: Form,
) -> Result<Response, Problem> {
    let button = BreakerButton::parse(form.one(BreakerButton::FIELD)?).ok_or_else(|| {
        let detail = "`do` names no button of the form.";
        Problem::new(ErrorCode::InvalidRequest, detail)
    })?;
    let turned = match button {
        BreakerButton::Open => Turned::Opened,
        BreakerButton::Close => Turned::Closed,
    };
    let place = form.one("place")?;
    let by = By::LogIn(inside.session);
    Ok(match inside.desk.turn_breaker(by, place.trim(), turned).await {
        Ok(Some(moved)) => {
            let content = BreakersPage {
                done: Some(BreakerDone { button, moved }),
                ..BreakersPage::default()
            };
            shown(&services, &inside, content).await
        }
        Ok(None) => {
            let content = BreakersPage {
                is_none: Some(place.to_owned()),
                ..BreakersPage::default()
            };
            let mut response = shown(&services, &inside, content).await;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
        Err(error) => {
            tracing::error!(%error, "a breaker may be turned");
            unavailable(&services)
        }
    })
}

async fn shown(services: &Services, inside: &LoggedIn, content: BreakersPage) -> Response {
    let now = services.clock.now();
    match inside.desk.breakers().await {
        Ok(kept) => {
            let content = BreakersPage {
                rows: rows(&kept, now),
                are_off: inside.desk.conversion_rule().is_none(),
                ..content
            };
            page(services, AdminContent::Breakers(content))
        }
        Err(error) => {
            tracing::error!(%error, "the breakers cannot be shown");
            unavailable(services)
        }
    }
}

fn rows(kept: &[KeptBreaker], now: Timestamp) -> Vec<BreakerRow> {
    let standings = Standing::of_all(kept, now).into_iter();
    let rows = kept.iter().zip(standings);
    rows.map(|(kept, standing)| row(kept, standing, now)).collect()
}

fn row(kept: &KeptBreaker, standing: Standing, now: Timestamp) -> BreakerRow {
    let TrackRecord { sent, approved } = kept.breaker.counts.of_day(now);
    BreakerRow {
        place: match kept.name {
            BreakerName::Country(country) => country.to_string(),
            BreakerName::Prefix(key) => hex::encode(key.0),
        },
        country: kept.country,
        prefix: prefix(kept.name),
        standing: match standing {
            Standing::Closed => BreakerStanding::Closed,
            Standing::Bad => BreakerStanding::Bad,
            Standing::OpenByHand { since } => BreakerStanding::OpenByHand { since: minute(since) },
            Standing::Open { since, until } => BreakerStanding::Open {
                since: minute(since),
                until: minute(until),
            },
            Standing::HalfOpen { since, probes } => BreakerStanding::HalfOpen {
                since: minute(since),
                sent: probes.sent,
                approved: probes.approved,
            },
        },
        sent: sent.into(),
        approved: approved.into(),
    }
}

/// What people tell a prefix from others by.
pub(super) fn prefix(name: BreakerName) -> Option<String> {
    match name {
        BreakerName::Country(_) => None,
        BreakerName::Prefix(key) => {
            let digits = hex::encode(key.0);
            Some(digits.get(..SHOWN_DIGITS).unwrap_or(&digits).to_owned())
        }
    }
}
