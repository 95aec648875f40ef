use super::names::{invalid, name, optional_name};
use super::{HostDesk, refusal};
use crate::sites::Site;
use crate::store::{Record, Session, SessionRecord};
use crate::verification::{kept_number, minted_token};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use phone_verify_domain::{ApiError, ErrorCode, seconds_rounded_up};
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

/// How long something can be started in a session: long enough for somebody who looks for the phone first.
const LIFE: Duration = Duration::from_hours(1);

/// Longer addresses are cut off somewhere on their way.
const LONGEST_URL: usize = 2_048;

/// What a host's server wants a browser to be bound to.
#[derive(Clone, Debug, Default)]
pub struct NewSession {
    /// Its user.
    pub subject: String,
    /// Its value for one of its own browser sessions.
    pub nonce: Option<String>,
    /// What the verification is for.
    pub purpose: Option<String>,
    /// The serialised origin of the page.
    pub origin: Option<String>,
    /// Where this server's own page leads in the end.
    pub return_url: Option<String>,
}

/// A session as the host's server gets it.
#[derive(Clone)]
pub struct OpenedSession {
    /// Its value: a secret of the browser that it is for.
    pub session: Zeroizing<String>,
    /// This server's own page for the job.
    pub url: Zeroizing<String>,
    /// Seconds until nothing can be started in it.
    pub expires_in: u64,
}

/// How a session stands.
#[derive(Clone, Debug)]
pub struct SessionState {
    /// Where it stands.
    pub status: SessionStatus,
    /// The token, while it lives.
    pub token: Option<Zeroizing<String>>,
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionStatus {
    /// Nothing has been approved in it.
    Pending,
    /// A number was proved in it.
    Approved,
    /// Its time is over, and nothing was approved.
    Expired,
}

impl SessionStatus {
    /// The fixed word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Expired => "expired",
        }
    }
}

impl HostDesk {
    /// Begins a session for a browser of the site's.
    ///
    /// # Errors
    /// `invalid_request` that names the field at fault: `origin` and `return_url` must be on the site's origins.
    /// `unavailable` where nothing can be drawn or written.
    pub async fn open_session(&self, site: &Site, new: NewSession) -> Result<OpenedSession, ApiError> {
        name("subject", &new.subject)?;
        let now = self.clock.now();
        let value = self.draw()?;
        let session = Session {
            id: self.keys.session_id(&value),
            site: site.key.clone(),
            subject: new.subject,
            nonce: optional_name("nonce", new.nonce)?,
            purpose: optional_name("purpose", new.purpose)?,
            origin: origin(site, &self.public_url, new.origin)?,
            return_url: return_url(site, new.return_url)?,
            created_at: now,
            expires_at: now + LIFE,
        };
        let written = self.store.open_session(session).await;
        written.map_err(|error| refusal::unavailable(&error))?;
        Ok(OpenedSession {
            url: Zeroizing::new(format!("{}/verify/{}", self.public_url, *value)),
            session: value,
            expires_in: seconds_rounded_up(LIFE),
        })
    }

    /// How a session of this site stands.
    ///
    /// # Errors
    /// `not_found` for what is no session of the site's, or was one long ago; `unavailable`.
    pub async fn session_state(&self, site: &Site, value: &str) -> Result<SessionState, ApiError> {
        let found = self.find_session(value).await?;
        let record = found
            .filter(|record| record.session.site == site.key)
            .ok_or_else(|| ApiError::new(ErrorCode::NotFound, "no such session"))?;
        let Some(id) = record.approved else {
            let is_over = record.session.expires_at <= self.clock.now();
            return Ok(SessionState {
                status: if is_over {
                    SessionStatus::Expired
                } else {
                    SessionStatus::Pending
                },
                token: None,
            });
        };
        let approved = self.store.find(id).await;
        let approved = approved.map_err(|error| refusal::unavailable(&error))?;
        let live = approved.filter(|record| {
            let token = record.token.as_ref();
            token.is_some_and(|token| token.expires_at > self.clock.now())
        });
        let token = live.map(|record| self.token(site, &record)).transpose()?;
        Ok(SessionState {
            status: SessionStatus::Approved,
            token,
        })
    }

    /// The session of this value, whosever it is, also for a while after its end.
    ///
    /// # Errors
    /// `unavailable`
    pub async fn find_session(&self, value: &str) -> Result<Option<SessionRecord>, ApiError> {
        let found = self.store.session(self.keys.session_id(value)).await;
        found.map_err(|error| refusal::unavailable(&error))
    }

    /// The token of an approved verification. It carries the number only where this server keeps it: the host's server does not
    /// present it, as the browser does.
    fn token(&self, site: &Site, record: &Record) -> Result<Zeroizing<String>, ApiError> {
        let number = if site.token_number {
            kept_number(&self.keys, record)?
        } else {
            None
        };
        let number = number.as_deref().map(String::as_str);
        minted_token(&self.keys, &self.public_url, record, number).map(Zeroizing::new)
    }

    /// 256 random bits, of which 128 would do (ASVS 7.2.3).
    fn draw(&self) -> Result<Zeroizing<String>, ApiError> {
        let mut bytes = Zeroizing::new([0; 32]);
        self.random
            .fill(&mut *bytes)
            .map_err(|error| refusal::broken("no random bytes can be drawn", &error))?;
        Ok(Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes)))
    }
}

fn origin(site: &Site, own: &str, origin: Option<String>) -> Result<Option<String>, ApiError> {
    match origin.filter(|origin| !origin.is_empty()) {
        Some(origin) if origin != own && !site.allows(&origin) => {
            Err(invalid("`origin` is not among the site's origins"))
        }
        origin => Ok(origin),
    }
}

/// The address as every browser reads it, on an origin of the site's and nowhere else.
fn return_url(site: &Site, text: Option<String>) -> Result<Option<String>, ApiError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let refused = || invalid("`return_url` is not an address on one of the site's origins");
    if text.len() > LONGEST_URL {
        return Err(refused());
    }
    let url = Url::parse(&text).map_err(|_| refused())?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    let is_web = matches!(url.scheme(), "http" | "https");
    if is_plain && is_web && site.allows(&url.origin().ascii_serialization()) {
        Ok(Some(url.into()))
    } else {
        Err(refused())
    }
}
