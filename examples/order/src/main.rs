//! `order --listen ADDR --verify-url URL --site-key KEY --site-secret SECRET`: a shop with one form.

use clap::Parser;
use order::{Shop, VerifyServer};
use secrecy::SecretString;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use url::Url;

/// An order form that takes no order without a verified phone number.
#[derive(Parser)]
struct Arguments {
    /// Where this program listens; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:4000")]
    listen: SocketAddr,
    /// Where the phone-verify server is.
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    verify_url: Url,
    /// The `iss` of its tokens: its public URL. Only needed where that is not the address above.
    #[arg(long)]
    issuer: Option<String>,
    /// The public name of this site there.
    #[arg(long, default_value = "demo")]
    site_key: String,
    /// What this site proves itself with there.
    #[arg(
        long,
        env = "ORDER_SITE_SECRET",
        hide_env_values = true,
        default_value = "demo-secret"
    )]
    site_secret: SecretString,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let verify = VerifyServer::new(
        &arguments.verify_url,
        arguments.issuer,
        arguments.site_key,
        arguments.site_secret,
        order::system_clock(),
    )?;
    let listener = TcpListener::bind(arguments.listen).await?;
    println!("order form at http://{}/", listener.local_addr()?);
    axum::serve(listener, order::router(Shop::new(verify)))
        .with_graceful_shutdown(async {
            // Without a handler for the signal the program ends at once, which does no harm here.
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    Ok(())
}
