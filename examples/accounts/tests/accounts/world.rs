//! The app, listening, in a folder of its own, with a clock that a test moves.

use accounts::server::{open, settings};
use phone_verify::clock::{Clock as _, ManualClock, SystemClock};
use phone_verify::compose::Overrides;
use std::collections::BTreeMap;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::TcpListener;

pub const PASSWORD: &str = "correct horse battery";

/// A running app.
pub struct World {
    pub url: String,
    pub clock: Arc<ManualClock>,
    pub folder: TempDir,
}

impl World {
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With variables as the program reads them.
    pub async fn with(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let mut environment: BTreeMap<String, String> = BTreeMap::from([
            ("PHONE_VERIFY__DATA_DIR".to_owned(), path("data")),
            ("PHONE_VERIFY__KEYS_DIR".to_owned(), path("keys")),
        ]);
        environment.extend(
            variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let config = settings(None, address, environment).unwrap();
        let clock = Arc::new(ManualClock::at(SystemClock.now()));
        let overrides = Overrides {
            clock: Some(clock.clone()),
            ..Overrides::default()
        };
        let server = open(&config, address, overrides).await.unwrap();
        tokio::spawn(server.serve(listener, std::future::pending()));
        Self {
            url: format!("http://{address}"),
            clock,
            folder,
        }
    }

    /// Everything that the accounts' database holds, as bytes.
    pub fn database(&self) -> Vec<u8> {
        let data = self.folder.path().join("data");
        ["accounts.db", "accounts.db-wal"]
            .iter()
            .flat_map(|name| std::fs::read(data.join(name)).unwrap_or_default())
            .collect()
    }

    /// What was sent to a number, newest first.
    pub async fn sent(&self, number: &str) -> Vec<serde_json::Value> {
        let mut url = url::Url::parse(&format!("{}/dev/outbox", self.url)).unwrap();
        url.query_pairs_mut().append_pair("to", number);
        let asked = crate::browser::client()
            .get(url)
            .header("accept", "application/json");
        asked.send().await.unwrap().json().await.unwrap()
    }

    /// The code that the owner of a number reads.
    pub async fn code(&self, number: &str) -> String {
        let sent = self.sent(number).await;
        sent[0]["code"].as_str().unwrap().to_owned()
    }
}
