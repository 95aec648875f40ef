//! The browser API, and the host API beside it.

pub(super) mod verifications;

use super::host;
use super::services::Services;
use axum::Router;

pub(super) fn routes() -> Router<Services> {
    verifications::routes().merge(host::routes())
}
