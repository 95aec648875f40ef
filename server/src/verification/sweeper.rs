use super::Engine;
use crate::store::Retention;
use std::time::Duration;
use tokio::sync::watch;

/// Tidies the store while the server runs: what is over is marked, and goes in the end. Nothing waits for it: every
/// decision looks at the clock itself.
pub struct Sweeper {
    /// Whose store is tidied.
    pub engine: Engine,
    /// How long ended rows are kept.
    pub retention: Retention,
    /// The pause between two rounds.
    pub every: Duration,
}

/// The pause between two sweeps of a round, for others to use the store.
const BREATH: Duration = Duration::from_millis(20);

impl Sweeper {
    /// Sweeps until `stop` holds `true` or its sender is gone.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            let pause = match self.engine.sweep(self.retention).await {
                Ok(0) => self.every,
                // One call tidies a bounded number of rows; there may be more.
                Ok(_) => BREATH,
                Err(error) => {
                    tracing::warn!(%error, "not swept");
                    self.every
                }
            };
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}
