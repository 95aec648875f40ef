//! `accounts --listen ADDR`: the app, in development by itself; its data lie in the folder that it is started in.

use accounts::server::{open, settings};
use clap::Parser;
use phone_verify::compose::Overrides;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Accounts with a verified phone number and a second factor.
#[derive(Parser)]
struct Arguments {
    /// Where this program listens; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// The settings of phone-verify, for production.
    #[arg(long)]
    config: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let environment = std::env::vars().collect();
    let config = settings(arguments.config.as_deref(), arguments.listen, environment)?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let listener = TcpListener::bind(arguments.listen).await?;
    let address = listener.local_addr()?;
    let server = open(&config, address, Overrides::default()).await?;
    println!("accounts at http://{address}/");
    server.serve(listener, stopped()).await;
    Ok(())
}

/// Comes true on SIGTERM and Ctrl-C.
async fn stopped() {
    let interrupt = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
