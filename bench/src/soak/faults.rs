//! What goes wrong meanwhile.

use super::promises::Promises;
use super::traffic;
use crate::Result;
use crate::load::Work as _;
use crate::postgres::Cluster;
use crate::product::Product;
use crate::server::Server;
use serde_json::json;
use sqlx::SqliteConnection;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// So many starts are under way when something dies.
const AT_WORK: usize = 64;

/// How long another program holds SQLite's lock: less than the server waits.
const LOCKED: Duration = Duration::from_secs(1);

/// How long a database may take to recover.
const RECOVERY: Duration = Duration::from_mins(1);

/// Clients that go away in the middle of a head, of a body, and before the answer.
pub async fn break_off(server: &Server, promises: &Promises) {
    for part in [
        "POST /v1/verifications HT",
        "POST /v1/verifications HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
        "GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n",
    ] {
        if let Ok(mut stream) = TcpStream::connect(server.address).await {
            let _ = stream.write_all(part.as_bytes()).await;
            promises.broken_off();
        }
    }
}

/// Kills the server while it works: whoever was answered keeps what was answered, and of the others nobody knows.
///
/// # Errors
/// It cannot be killed.
pub async fn kill_at_work(
    server: Server,
    product: &Arc<Product>,
    promises: &Arc<Promises>,
) -> Result<TempDir> {
    let work = at_work(product, promises);
    sleep(Duration::from_millis(30)).await;
    let folder = server.kill()?;
    work.await?;
    product.client.close();
    Ok(folder)
}

/// Another program holds the lock of SQLite's file for a while: all wait for it.
///
/// # Errors
/// Something was refused.
pub async fn locked(
    other: &mut SqliteConnection,
    product: &Arc<Product>,
    promises: &Arc<Promises>,
) -> Result {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *other).await?;
    let (product, promises) = (product.clone(), promises.clone());
    let wave = tokio::spawn(async move { traffic::wave(&product, &promises).await });
    sleep(LOCKED).await;
    sqlx::query("ROLLBACK").execute(other).await?;
    wave.await?
}

/// The database dies at work, all is denied, it comes back, and all goes on.
///
/// # Errors
/// Something was answered though it could not be written down, or nothing is answered afterwards.
pub async fn database_dies(
    cluster: &mut Cluster,
    product: &Arc<Product>,
    promises: &Arc<Promises>,
) -> Result {
    let work = at_work(product, promises);
    sleep(Duration::from_millis(30)).await;
    cluster.stop()?;
    work.await?;
    let body = json!({"site_key": "demo", "phone_number": "+12025550100"});
    product
        .client
        .json("POST", "/v1/verifications", None, Some(&body), 503)
        .await?;
    promises.refused();
    cluster.start_again()?;
    let is_back = async {
        while !matches!(
            product.client.ask("GET", "/readyz", None, None).await,
            Ok((200, _))
        ) {
            sleep(Duration::from_millis(50)).await;
        }
    };
    Ok(timeout(RECOVERY, is_back).await?)
}

/// Starts that may get no answer.
fn at_work(product: &Arc<Product>, promises: &Arc<Promises>) -> impl Future<Output = Result> + use<> {
    let starts = (0..AT_WORK).map(|_| {
        let (product, promises) = (product.clone(), promises.clone());
        tokio::spawn(async move {
            if let Ok(verification) = product.start().await {
                return promises.started(&verification.id);
            }
            promises.unanswered();
            Ok(())
        })
    });
    let starts: Vec<_> = starts.collect();
    async move {
        for start in starts {
            start.await??;
        }
        Ok(())
    }
}
