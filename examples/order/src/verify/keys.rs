use super::{Refusal, VerifyServer};
use phone_verify_token::{Claims, Expected, KeyCache, VerifyingKeys};
use tokio::sync::Mutex;

/// The phone-verify server's published keys, fetched when they are needed and kept for a while.
#[derive(Debug, Default)]
pub struct Keys(Mutex<KeyCache>);

impl Keys {
    /// Verifies a token, with keys that are fetched before where that has to be.
    pub async fn verify(
        &self,
        server: &VerifyServer,
        token: &str,
        expected: &Expected<'_>,
        now: i64,
    ) -> Result<Claims, Refusal> {
        // Held over the fetch: many requests at once cause one.
        let mut kept = self.0.lock().await;
        if kept.wants_fetch(token, now) {
            kept.keep(fetch(server).await.ok_or(Refusal::Unavailable)?, now);
        }
        Ok(kept.verify(token, expected, now)?)
    }
}

async fn fetch(server: &VerifyServer) -> Option<VerifyingKeys> {
    let url = server.base.join("/.well-known/jwks.json").ok()?;
    let answer = server.http.get(url).send().await.ok()?;
    let jwks: serde_json::Value = answer.error_for_status().ok()?.json().await.ok()?;
    VerifyingKeys::from_jwks(&jwks).ok()
}
