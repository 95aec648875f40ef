use crate::http::services::Services;
use axum::extract::State;
use axum::response::Html;

/// `GET /dev/embedded`: the widget on an ordinary page, by one script tag.
pub(super) async fn page(State(services): State<Services>) -> Html<&'static str> {
    Html(if services.assets.are_built() {
        include_str!("embedded.html")
    } else {
        include_str!("../pages/not_built.html")
    })
}
