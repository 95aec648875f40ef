use super::Decisions;
use crate::clock::Clock;
use crate::store::DecisionStore;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long a decision waits to be written; a process that is killed loses as much.
const EVERY: Duration = Duration::from_secs(1);

/// Writes noted decisions down while the server runs. Nothing waits for it.
pub struct DecisionWriter {
    /// What was noted.
    pub decisions: Decisions,
    /// Where it is written down.
    pub store: Arc<dyn DecisionStore>,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
}

impl DecisionWriter {
    /// Writes until `stop` holds `true` or its sender is gone, and then what is left.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            let is_over = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => true,
                () = tokio::time::sleep(EVERY) => false,
            };
            self.write(is_over).await;
            if is_over {
                return;
            }
        }
    }

    async fn write(&self, all: bool) {
        let lines = self.decisions.take(self.clock.now(), all);
        if lines.is_empty() {
            return;
        }
        if let Err(error) = self.store.write_decisions(&lines).await {
            tracing::warn!(%error, "decisions are not written yet");
            self.decisions.give_back(lines);
        }
    }
}
