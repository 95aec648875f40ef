//! One request to Twilio, asked again only while it surely was not acted upon.

use super::account::Account;
use super::error::Reaction;
use crate::random::Random;
use crate::senders::SendOutcome;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use secrecy::ExposeSecret;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The most that is read of an answer, in bytes; Twilio's are some two thousand.
const LONGEST_ANSWER: usize = 64 * 1024;

/// How long to wait for Twilio.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For one answer.
    pub request: Duration,
    /// For everything, asking again included.
    pub overall: Duration,
    /// For asking again after "too many requests".
    pub throttled: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(8),
            overall: Duration::from_secs(10),
            throttled: Duration::from_secs(4),
        }
    }
}

/// The longest waits before the second and the third request after "too many requests"; each is drawn from nothing up to
/// this (full jitter), so that clients that were refused together do not come back together.
const THROTTLE_WAITS: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(400)];

/// What is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// A text message.
    Messages,
    /// A voice call.
    Calls,
}

impl Resource {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Messages => "Messages",
            Self::Calls => "Calls",
        }
    }
}

/// Asks Twilio, as one account.
pub struct Client {
    http: reqwest::Client,
    account: Account,
    random: Arc<dyn Random>,
    patience: Patience,
}

/// What came of one request.
pub(super) enum Attempt {
    /// It was taken; the answer's body.
    Taken(Vec<u8>),
    /// It was refused.
    Refused(Refusal),
    /// There was no connection: not a byte was written.
    NotConnected(reqwest::Error),
    /// It may have been taken: the reason why nobody knows.
    Lost(Loss),
}

/// An answer that is not 2xx.
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: Option<u32>,
    retry_after: Option<Duration>,
}

/// Why nobody knows.
#[derive(Debug, thiserror::Error)]
pub(super) enum Loss {
    #[error("no whole answer: {}", with_causes(.0))]
    Broken(reqwest::Error),
    #[error("the answer is longer than {LONGEST_ANSWER} bytes")]
    TooLong,
    #[error("the answer names no SID")]
    NoSid,
}

/// Why something cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// No answer, or a broken one.
    #[error("no whole answer")]
    Lost(#[from] Loss),
    /// Its HTTP status and Twilio's code.
    #[error("refused with status {0}, code {1:?}")]
    Refused(u16, Option<u32>),
}

#[derive(Deserialize)]
struct Created {
    sid: String,
}

#[derive(Deserialize)]
struct Problem {
    code: u32,
}

impl Client {
    /// A client that asks as `account`. `http` must not follow redirects: a message would be sent wherever one leads.
    #[must_use]
    pub fn new(http: reqwest::Client, account: Account, random: Arc<dyn Random>, patience: Patience) -> Self {
        Self {
            http,
            account,
            random,
            patience,
        }
    }

    /// Creates one message or call and says what became of it. Log lines name the delivery and Twilio's code, never the
    /// number, the text or the code.
    pub async fn create(
        &self,
        resource: Resource,
        form: &[(&'static str, String)],
        delivery_id: &str,
    ) -> SendOutcome {
        let url = format!(
            "{}/2010-04-01/Accounts/{}/{}.json",
            self.account.api,
            self.account.sid,
            resource.as_str()
        );
        self.send(&url, form, delivery_id).await
    }

    /// The URL of one message or call.
    pub(super) fn url_of(&self, resource: Resource, sid: &str) -> String {
        format!(
            "{}/2010-04-01/Accounts/{}/{}/{sid}.json",
            self.account.api,
            self.account.sid,
            resource.as_str()
        )
    }

    /// Asks for something to be sent at `url`, which is on one of Twilio's hosts, and says what became of it.
    pub(super) async fn send(
        &self,
        url: &str,
        form: &[(&'static str, String)],
        delivery_id: &str,
    ) -> SendOutcome {
        let unknown = |loss: &Loss| {
            tracing::warn!(
                delivery = delivery_id,
                error = %loss,
                "Twilio may or may not have sent it; it is not asked again"
            );
            SendOutcome::Unknown
        };
        match self.ask(url, form, delivery_id).await {
            Attempt::Taken(body) => match sid(&body) {
                Ok(reference) => SendOutcome::Accepted { reference },
                Err(loss) => unknown(&loss),
            },
            Attempt::NotConnected(_) => SendOutcome::NotSent,
            Attempt::Lost(loss) => unknown(&loss),
            Attempt::Refused(refusal) => {
                let reaction = Reaction::to(refusal.status, refusal.code);
                log(&refusal, reaction, delivery_id);
                reaction.outcome()
            }
        }
    }

    /// Posts a form to `url`, which is on one of Twilio's hosts; again only while it surely was not acted upon. `about` is
    /// for the log.
    pub(super) async fn ask(&self, url: &str, form: &[(&'static str, String)], about: &str) -> Attempt {
        let started = Instant::now();
        let mut reconnected = false;
        let mut throttle_waits = THROTTLE_WAITS.into_iter();
        loop {
            let attempt = self.attempt(url, form, started).await;
            match &attempt {
                Attempt::NotConnected(error) => {
                    tracing::warn!(
                        delivery = about,
                        error = with_causes(error),
                        "Twilio cannot be reached"
                    );
                    if std::mem::replace(&mut reconnected, true) {
                        return attempt;
                    }
                }
                Attempt::Refused(refusal)
                    if Reaction::to(refusal.status, refusal.code) == Reaction::Throttled =>
                {
                    let wait = throttle_waits
                        .next()
                        .map(|longest| self.jitter(longest).max(refusal.retry_after.unwrap_or_default()))
                        .filter(|wait| started.elapsed().saturating_add(*wait) <= self.patience.throttled);
                    let Some(wait) = wait else {
                        return attempt;
                    };
                    log(refusal, Reaction::Throttled, about);
                    tokio::time::sleep(wait).await;
                }
                _ => return attempt,
            }
        }
    }

    /// Reads what is at `url`, which is on one of Twilio's hosts, within `patience`. A failure names neither the URL nor
    /// what is in it.
    pub(super) async fn fetch(&self, url: &str, patience: Duration) -> Result<Vec<u8>, FetchError> {
        let (user, password) = self.account.user_and_password();
        let request = self
            .http
            .get(url)
            .basic_auth(user, Some(password.expose_secret()))
            .timeout(patience);
        let response = request
            .send()
            .await
            .map_err(|error| Loss::Broken(error.without_url()))?;
        let status = response.status();
        let body = read(response).await?;
        if status.is_success() {
            return Ok(body);
        }
        let code = serde_json::from_slice::<Problem>(&body)
            .ok()
            .map(|problem| problem.code);
        Err(FetchError::Refused(status.as_u16(), code))
    }

    async fn attempt(&self, url: &str, form: &[(&str, String)], started: Instant) -> Attempt {
        let left = self.patience.overall.saturating_sub(started.elapsed());
        let (user, password) = self.account.user_and_password();
        let request = self
            .http
            .post(url)
            .basic_auth(user, Some(password.expose_secret()))
            .timeout(self.patience.request.min(left))
            .form(form);
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() => return Attempt::NotConnected(error.without_url()),
            Err(error) => return Attempt::Lost(Loss::Broken(error.without_url())),
        };
        let status = response.status();
        let retry_after = retry_after(response.headers());
        let body = read(response).await;
        if status.is_success() {
            return match body {
                Ok(body) => Attempt::Taken(body),
                Err(loss) => Attempt::Lost(loss),
            };
        }
        // A refusal is known by its status; a body that broke off can only take its code away.
        let code = body
            .ok()
            .and_then(|body| serde_json::from_slice::<Problem>(&body).ok())
            .map(|problem| problem.code);
        Attempt::Refused(Refusal {
            status: status.as_u16(),
            code,
            retry_after,
        })
    }

    /// A wait between nothing and `longest`; `longest` where the random source does not answer.
    fn jitter(&self, longest: Duration) -> Duration {
        let mut bytes = [0; 4];
        match self.random.fill(&mut bytes) {
            Ok(()) => longest.mul_f64(f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)),
            Err(_) => longest,
        }
    }
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, Loss> {
    let mut body = Vec::new();
    let broken = |error: reqwest::Error| Loss::Broken(error.without_url());
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(Loss::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The SID in an answer. It goes into the database and the log, so it must look like one.
fn sid(body: &[u8]) -> Result<String, Loss> {
    serde_json::from_slice::<Created>(body)
        .ok()
        .map(|created| created.sid)
        .filter(|sid| (1..=64).contains(&sid.len()) && sid.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .ok_or(Loss::NoSid)
}

/// What `Retry-After` asks for. A date is more than can be waited for here.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?;
    let seconds = value.to_str().ok().and_then(|value| value.trim().parse().ok());
    Some(seconds.map_or(Duration::MAX, Duration::from_secs))
}

/// Says what a refusal is about, and to the operator what to do.
pub(super) fn log(refusal: &Refusal, reaction: Reaction, delivery_id: &str) {
    let (status, code) = (refusal.status, refusal.code);
    match reaction {
        Reaction::Operator(task) => {
            tracing::error!(
                delivery = delivery_id,
                status,
                code,
                advice = task.advice(),
                "Twilio refused"
            );
        }
        Reaction::NotServed => tracing::error!(
            delivery = delivery_id,
            status,
            code,
            advice = "the Twilio account does not reach a country that a site serves: allow it in Twilio's geographic \
                      permissions, or take it from the site's countries",
            "Twilio refused"
        ),
        Reaction::Unknown => tracing::warn!(
            delivery = delivery_id,
            status,
            code,
            "Twilio may or may not have sent it; it is not asked again"
        ),
        Reaction::Throttled | Reaction::Overloaded | Reaction::NumberSpent => {
            tracing::warn!(delivery = delivery_id, status, code, "Twilio has too much to do");
        }
        _ => tracing::info!(delivery = delivery_id, status, code, "Twilio refused"),
    }
}

/// An error with what caused it. reqwest's own text leaves the causes out, and they tell the operator what to do.
pub(super) fn with_causes(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_sid_is_one() {
        assert_eq!(sid(br#"{"sid":"SM01ab"}"#).unwrap(), "SM01ab");
        for body in [
            &b""[..],
            b"<html>",
            b"{}",
            br#"{"sid":null}"#,
            br#"{"sid":""}"#,
            br#"{"sid":"SM\n01"}"#,
            br#"{"sid":"SM01"#,
        ] {
            assert!(sid(body).is_err(), "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn retry_after_is_seconds_and_a_date_is_too_long() {
        let read = |value: &str| {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
            retry_after(&headers)
        };
        assert_eq!(retry_after(&HeaderMap::new()), None);
        assert_eq!(read("0"), Some(Duration::ZERO));
        assert_eq!(read("3"), Some(Duration::from_secs(3)));
        assert_eq!(read("Wed, 21 Oct 2026 07:28:00 GMT"), Some(Duration::MAX));
    }
}
