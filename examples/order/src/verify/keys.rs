use super::{Refusal, VerifyServer};
use phone_verify_token::VerifyingKeys;
use std::sync::Arc;
use tokio::sync::Mutex;

/// How long fetched keys are used, in seconds: what their answer's `Cache-Control` allows.
const KEPT_SECONDS: i64 = 300;

/// How long to wait after a fetch before a token with an unknown key may cause another, in seconds: whoever makes up
/// key names must not be able to have them fetched over and over.
const BETWEEN_FETCHES_SECONDS: i64 = 10;

/// The phone-verify server's published keys, fetched when they are needed and kept for a while.
#[derive(Debug, Default)]
pub struct Keys(Mutex<Option<Fetched>>);

#[derive(Debug)]
struct Fetched {
    keys: Arc<VerifyingKeys>,
    at: i64,
}

impl Keys {
    /// The keys, at most [`KEPT_SECONDS`] old.
    pub async fn current(&self, server: &VerifyServer, now: i64) -> Result<Arc<VerifyingKeys>, Refusal> {
        self.younger_than(KEPT_SECONDS, server, now).await
    }

    /// The keys, fetched anew unless that was done a moment ago.
    pub async fn fresh(&self, server: &VerifyServer, now: i64) -> Result<Arc<VerifyingKeys>, Refusal> {
        self.younger_than(BETWEEN_FETCHES_SECONDS, server, now).await
    }

    async fn younger_than(
        &self,
        seconds: i64,
        server: &VerifyServer,
        now: i64,
    ) -> Result<Arc<VerifyingKeys>, Refusal> {
        // Held over the fetch: many requests at once cause one.
        let mut kept = self.0.lock().await;
        if let Some(fetched) = &*kept
            && (0..seconds).contains(&(now - fetched.at))
        {
            return Ok(Arc::clone(&fetched.keys));
        }
        let keys = Arc::new(fetch(server).await.ok_or(Refusal::Unavailable)?);
        *kept = Some(Fetched {
            keys: Arc::clone(&keys),
            at: now,
        });
        Ok(keys)
    }
}

async fn fetch(server: &VerifyServer) -> Option<VerifyingKeys> {
    let url = server.base.join("/.well-known/jwks.json").ok()?;
    let answer = server.http.get(url).send().await.ok()?;
    let jwks: serde_json::Value = answer.error_for_status().ok()?.json().await.ok()?;
    VerifyingKeys::from_jwks(&jwks).ok()
}
