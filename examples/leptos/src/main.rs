//! The program of `docs/leptos.md`: your routes, and phone-verify behind them.

use axum::{Router, routing::get};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use phone_verify::{compose::Overrides, compose::compose, config::Config};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::load(None, &std::env::vars().collect())?;
    let listener = tokio::net::TcpListener::bind(config.http.listen).await?;
    let server = compose(&config, listener.local_addr()?, Overrides::default()).await?;
    let (embedded, options) = (server.embedded(), get_configuration(None)?.leptos_options);
    let files = Router::new().nest_service("/site", leptos_axum::site_pkg_dir_service(&options));
    let page = leptos_axum::render_app_to_stream(move || {
        // Leptos starts a page by an inline script with a nonce: the policy lets that one run.
        if let Some(policy) = use_nonce().and_then(|nonce| embedded.page_policy(&nonce)) {
            expect_context::<ResponseOptions>().insert_header(http::header::CONTENT_SECURITY_POLICY, policy);
        }
        view! {
            <!DOCTYPE html>
            <html lang="en">
                <head><link rel="stylesheet" href=embedded.style_sheets().first().copied() /><HydrationScripts options=options.clone() /></head>
                <body><leptos_host::App /></body>
            </html>
        }
    });
    let server = server.with_routes(files.route("/", get(page)));
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    server.serve(listener, stop).await;
    Ok(())
}
