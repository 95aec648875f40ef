use super::{CommandError, FileArgument, descriptors, logging, runtime};
use crate::compose::{Overrides, compose};
use crate::config::{Config, Mode, SenderName};
use crate::http::{self, ConnectionLimits};
use axum::Router;
use std::io::Write;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Who reads metrics at once: a Prometheus or two, and a person.
const SCRAPERS: ConnectionLimits = ConnectionLimits {
    total: 16,
    per_address: None,
};

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
    let (listener, address) = bind(config.http.listen).await?;
    let metrics = match config.http.metrics_listen {
        Some(wanted) => Some(bind(wanted).await?),
        None => None,
    };
    let server = compose(config, address, Overrides::default()).await?;
    let stop = signals().map_err(CommandError::Runtime)?;
    log_choices(config);
    let metrics = metrics.map(|(listener, address)| {
        tracing::info!(%address, "metrics are served");
        Metrics::start(listener, server.metrics())
    });
    announce(config, address);
    server.serve(listener, stop).await;
    if let Some(metrics) = metrics {
        metrics.end().await;
    }
    Ok(())
}

async fn bind(wanted: SocketAddr) -> Result<(TcpListener, SocketAddr), CommandError> {
    let cannot_listen = |source| CommandError::Listen {
        address: wanted,
        source,
    };
    let listener = TcpListener::bind(wanted).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    Ok((listener, address))
}

/// The listener of the metrics: it is there until the server has finished, so that its last figures can be read.
struct Metrics {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Metrics {
    fn start(listener: TcpListener, routes: Router) -> Self {
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            let _ = stopped.await;
        };
        let task = tokio::spawn(http::serve(listener, routes, SCRAPERS, stopped));
        Self { stop, task }
    }

    async fn end(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
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
