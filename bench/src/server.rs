//! The server's own program, in a folder of its own.

use crate::Result;
use crate::client::Client;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// Counts that no load reaches: every limit is taken and none refuses.
const LIMITS: [(&str, &[&str]); 8] = [
    ("NUMBER", &["PER_HOUR"]),
    (
        "ADDRESS",
        &[
            "PER_10_MINUTES",
            "PER_HOUR",
            "PER_DAY",
            "CHECKS_PER_10_MINUTES",
            "CHECKS_PER_HOUR",
            "CHECKS_PER_DAY",
        ],
    ),
    ("PREFIX", &["PER_MINUTE", "PER_HOUR", "PER_DAY"]),
    ("COUNTRY", &["PER_MINUTE", "PER_HOUR", "PER_DAY"]),
    ("SITE", &["PER_MINUTE", "PER_HOUR", "PER_DAY"]),
    ("DEPLOYMENT", &["PER_MINUTE", "PER_HOUR", "PER_DAY"]),
    ("FAILED_CHECKS", &["PER_MINUTE", "PER_HOUR"]),
    ("CHECKS", &["PER_NUMBER_PER_DAY"]),
];

/// The messages that a number may get in a day, each of which has a row of its own.
const PLACES: &str = "5";

/// A running server; it is killed when dropped.
pub struct Server {
    pub address: SocketAddr,
    pub metrics: SocketAddr,
    /// From its start to its first 200.
    pub cold_start: Duration,
    child: Child,
    pub folder: TempDir,
}

impl Server {
    /// Starts the program on a database: SQLite in its folder where no URL is given.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start(program: &Path, url: Option<&str>, folder: TempDir) -> Result<Self> {
        Self::start_with(program, url, folder, &[]).await
    }

    /// The same with further settings, by the variables' names.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start_with(
        program: &Path,
        url: Option<&str>,
        folder: TempDir,
        settings: &[(String, String)],
    ) -> Result<Self> {
        let metrics = free_port()?;
        let mut command = Command::new(std::fs::canonicalize(program)?);
        command
            .current_dir(folder.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env_clear()
            .env("RUST_LOG", "error")
            .env("PHONE_VERIFY__OUTBOX__FILE", "outbox.jsonl")
            .env("PHONE_VERIFY__OUTBOX__KEEP", "10")
            .env("PHONE_VERIFY__LIMITS__NUMBER__SPACING", "1s")
            // As in production: a day is counted send by send, and no number is used twice.
            .env("PHONE_VERIFY__LIMITS__NUMBER__PER_DAY", PLACES)
            .env("PHONE_VERIFY__HTTP__CONNECTIONS_PER_ADDRESS", "4000")
            .env("PHONE_VERIFY__HTTP__METRICS_LISTEN", metrics.to_string())
            .envs(limits())
            .envs(settings.iter().cloned())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.path().join("log"))?);
        if let Some(url) = url {
            command.env("PHONE_VERIFY__DATABASE__URL", url);
        }
        let begun = Instant::now();
        let mut child = command.spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().ok_or("no output")?;
        BufReader::new(output).read_line(&mut line)?;
        let Some(address) = line.trim().strip_prefix("phone-verify listens on http://") else {
            let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            return Err(format!("the server did not start: {log}").into());
        };
        let address = address.parse()?;
        let client = Client::new(address);
        while !matches!(client.ask("GET", "/healthz", None, None).await, Ok((200, _))) {
            sleep(Duration::from_millis(1)).await;
        }
        Ok(Self {
            address,
            metrics,
            cold_start: begun.elapsed(),
            child,
            folder,
        })
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, and waits for its end; its folder stays for another.
    ///
    /// # Errors
    /// It does not end with 0.
    pub fn stop(mut self) -> Result<TempDir> {
        let id = self.id().to_string();
        Command::new("kill").args(["-s", "TERM", &id]).status()?;
        let status = self.child.wait()?;
        if !status.success() {
            return Err(format!("the server ended with {status}").into());
        }
        Ok(std::mem::replace(&mut self.folder, TempDir::new()?))
    }

    /// Kills it at once, as a crash would; its folder stays for another.
    ///
    /// # Errors
    /// It cannot be waited for.
    pub fn kill(mut self) -> Result<TempDir> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(std::mem::replace(&mut self.folder, TempDir::new()?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn limits() -> impl Iterator<Item = (String, String)> {
    LIMITS.into_iter().flat_map(|(limit, windows)| {
        windows.iter().map(move |window| {
            let name = format!("PHONE_VERIFY__LIMITS__{limit}__{window}");
            (name, "1000000".to_owned())
        })
    })
}

/// A port on another loopback address than the clients': none of their connections can take it before the server does.
fn free_port() -> Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.2:0")?.local_addr()?)
}
