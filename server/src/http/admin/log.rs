use super::{LoggedIn, numbers, page, unavailable};
use crate::http::services::Services;
use axum::extract::State;
use axum::response::Response;
use phone_verify_app::pages::admin::AdminContent;

/// `GET /admin/log`: what was done here.
pub(super) async fn log(State(services): State<Services>, inside: LoggedIn) -> Response {
    match inside.desk.log().await {
        Ok(lines) => page(
            &services,
            AdminContent::Log(lines.iter().map(numbers::row).collect()),
        ),
        Err(error) => {
            tracing::error!(%error, "the log cannot be shown");
            unavailable(&services)
        }
    }
}
