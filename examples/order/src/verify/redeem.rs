use super::{Refusal, VerifyServer};
use reqwest::StatusCode;
use secrecy::ExposeSecret as _;

impl VerifyServer {
    /// Redeems a token that was checked. The server does this once for each token, so that one verification cannot place
    /// two orders; only the server can know, which is why this is not done offline.
    ///
    /// # Errors
    /// [`Refusal::Used`] the second time; [`Refusal::Unavailable`] when the server gives no answer: then no order is
    /// taken.
    pub async fn redeem(&self, token: &str) -> Result<(), Refusal> {
        let url = self
            .base
            .join("/v1/tokens/redeem")
            .map_err(|_| Refusal::Unavailable)?;
        let answer = self
            .http
            .post(url)
            .basic_auth(&self.site_key, Some(self.site_secret.expose_secret()))
            .json(&serde_json::json!({ "token": token }))
            .send()
            .await
            .map_err(|_| Refusal::Unavailable)?;
        match answer.status() {
            StatusCode::OK => Ok(()),
            StatusCode::CONFLICT => Err(Refusal::Used),
            StatusCode::UNPROCESSABLE_ENTITY => Err(Refusal::Invalid),
            _ => Err(Refusal::Unavailable),
        }
    }
}
