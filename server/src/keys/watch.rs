use super::Keys;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Reads the folder of the keys again and again while the server runs, so that it knows new keys before any process uses them.
pub struct KeyWatch {
    /// What is read again.
    pub keys: Arc<Keys>,
    /// The pause between two readings.
    pub every: Duration,
}

impl KeyWatch {
    /// Reads until `stop` holds `true` or its sender is gone. What cannot be read is in the log and in [`Keys::trouble`].
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(self.every) => {}
            }
            let keys = self.keys.clone();
            // A folder on a network may keep whoever reads it waiting.
            let reading = tokio::task::spawn_blocking(move || keys.read_again());
            if let Err(error) = reading.await {
                tracing::error!(%error, "reading the keys broke off");
            }
        }
    }
}
