use super::Engine;
use std::time::Duration;
use tokio::sync::watch;

/// Asks providers, while the server runs, what became of deliveries of which no report came. No request waits for it.
pub struct Follower {
    engine: Engine,
    every: Duration,
}

impl Follower {
    /// Of the deliveries of `engine`; `every` is the pause between two rounds in which nothing was due.
    #[must_use]
    pub const fn new(engine: Engine, every: Duration) -> Self {
        Self { engine, every }
    }

    /// Asks until `stop` holds `true` or its sender is gone; at once no more where no sender can be asked.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        if !self.engine.can_follow() {
            return;
        }
        loop {
            let pause = match self.engine.follow().await {
                Ok(0) => self.every,
                // There may be more.
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::warn!(%error, "providers are not asked what became of deliveries");
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
