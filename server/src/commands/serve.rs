use super::{CommandError, FileArgument, descriptors, logging, runtime};
use crate::compose::{Overrides, compose};
use crate::config::{Config, Mode, SenderName};
use std::io::Write;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// `phone-verify serve`
pub(super) fn run(listen: Option<SocketAddr>, file: &FileArgument) -> Result<(), CommandError> {
    let config = file.load(listen)?;
    logging::start(&config.log)?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    descriptors::raise();
    runtime()?.block_on(serve(&config))
}

async fn serve(config: &Config) -> Result<(), CommandError> {
    let wanted = config.http.listen;
    let cannot_listen = |source| CommandError::Listen {
        address: wanted,
        source,
    };
    let listener = TcpListener::bind(wanted).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let server = compose(config, address, Overrides::default()).await?;
    let stop = signals().map_err(CommandError::Runtime)?;
    log_choices(config);
    announce(config, address);
    server.serve(listener, stop).await;
    Ok(())
}

/// What was chosen, for whoever reads the log later.
fn log_choices(config: &Config) {
    let routes = config.routes();
    let names = |senders: &[SenderName]| {
        senders
            .iter()
            .map(|sender| sender.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        mode = config.mode.as_str(),
        sms = names(&routes.sms),
        call = names(&routes.call),
        sites = config.sites.len(),
        "serving"
    );
}

/// Standard output has these lines and no others, so that programs can read them; that nobody reads them is no failure.
fn announce(config: &Config, address: SocketAddr) {
    let _ = write_announcement(config, address);
}

fn write_announcement(config: &Config, address: SocketAddr) -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "phone-verify listens on http://{address}")?;
    if config.mode == Mode::Development {
        writeln!(output, "development; on this machine:")?;
        writeln!(output, "  full-stack page  http://{address}/")?;
        writeln!(output, "  embedded widget  http://{address}/dev/embedded")?;
        writeln!(output, "  outbox           http://{address}/dev/outbox")?;
    }
    output.flush()
}

/// Comes true on the first SIGTERM or SIGINT.
#[cfg(unix)]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Comes true on the first Ctrl-C.
#[cfg(not(unix))]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
