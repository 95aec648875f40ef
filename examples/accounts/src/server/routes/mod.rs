//! The routes.

mod dashboard;
pub(super) mod files;
mod finish;
mod login;
mod register;
mod second_step;
mod verify;

pub use finish::finish_proof_of;

use super::Accounts;
use super::stop::Stop;
use super::visitor::{Standing, Visitor};
use axum::Router;
use axum::response::Redirect;
use axum::routing::{get, post};
use http::StatusCode;
use phone_verify_domain::ErrorCode;
use tower_sessions::Session;

/// Every path of this app's own and what stands there; what is not here is phone-verify's.
macro_rules! table {
    ($($path:literal => $route:expr,)+) => {
        /// The paths of all routes.
        pub const PATHS: &[&str] = &[$($path),+];

        pub(super) fn routes() -> Router<Accounts> {
            Router::new()$(.route($path, $route))+
        }
    };
}

table! {
    "/" => get(|| async { Redirect::to("/dashboard") }),
    "/register" => get(register::show).post(register::register),
    "/login" => get(login::show).post(login::log_in),
    "/logout" => post(log_out),
    "/verify" => get(verify::show).post(verify::act),
    "/second-step" => get(second_step::show).post(second_step::act),
    "/recovery" => post(second_step::recover),
    "/dashboard" => get(dashboard::show),
    "/two-factor" => post(dashboard::turn),
    "/number" => post(dashboard::change_number),
    "/api/finish_proof" => post(finish::call),
    "/app/accounts.css" => get(files::style),
    "/app/accounts.js" => get(files::script),
    "/app/accounts.wasm" => get(files::wasm),
}

/// Ends the session, here and in the database.
async fn log_out(session: Session) -> Result<Redirect, Stop> {
    session.flush().await?;
    Ok(Redirect::to("/login"))
}

/// Begins a full session of a user, under a new id.
async fn let_in(
    accounts: &Accounts,
    session: &Session,
    user: String,
    number: String,
) -> Result<Redirect, Stop> {
    let visitor = Visitor {
        standing: Standing::Full {
            user,
            since: accounts.now().as_seconds(),
        },
        number,
        proof: None,
    };
    visitor.become_(session).await?;
    Ok(Redirect::to("/dashboard"))
}

/// The status of a refusal.
fn status(code: ErrorCode) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST)
}
