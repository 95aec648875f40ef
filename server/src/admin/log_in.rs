use super::{AdminDesk, AdminError};
use crate::limits::network_key;
use crate::store::{AdminAction, AdminLine, AdminSession, LimitKey, LimitUse, StoreError};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use phone_verify_domain::{Timestamp, Window};
use secrecy::{ExposeSecret as _, SecretString};
use std::net::IpAddr;
use std::time::Duration;

/// Guesses that one network has.
const OF_A_NETWORK: [Option<Window>; 3] = [
    Some(Window {
        count: 5,
        period: Duration::from_mins(10),
    }),
    Some(Window {
        count: 20,
        period: Duration::from_hours(24),
    }),
    None,
];

/// Guesses that all networks have together: a botnet gets no further than 600 a day. Whoever is logged in stays so.
const OF_ALL: [Option<Window>; 3] = [
    Some(Window {
        count: 100,
        period: Duration::from_hours(4),
    }),
    None,
    None,
];

/// Bytes of a cookie's value.
const SECRET_BYTES: usize = 32;

/// What a browser that is logged in keeps; it cannot be printed.
#[derive(Clone, Debug)]
pub struct SessionSecret(SecretString);

impl SessionSecret {
    /// What a browser sent; whether it is worth anything the desk says.
    #[must_use]
    pub fn of(value: &str) -> Self {
        Self(value.into())
    }

    /// What the browser keeps: base64url.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// What came of a password.
#[derive(Debug)]
pub enum LogIn {
    /// It was the right one.
    In {
        /// For the browser.
        secret: SessionSecret,
        /// For how long.
        lasts: Duration,
    },
    /// It was not.
    Wrong,
    /// It was not looked at.
    TooMany {
        /// When one is looked at again.
        retry_at: Timestamp,
    },
}

impl AdminDesk {
    /// Compares a password that somebody at `address` typed. What is not counted first is not compared.
    ///
    /// # Errors
    /// [`AdminError`]; nobody is logged in.
    pub async fn log_in(&self, password: SecretString, address: Option<IpAddr>) -> Result<LogIn, AdminError> {
        let parts = &self.parts;
        let now = parts.clock.now();
        let limited = parts.operator.take_limits(self.guess_of(address), now).await?;
        if let Some(limited) = limited {
            return Ok(LogIn::TooMany {
                retry_at: limited.retry_at,
            });
        }
        if !self.is_right(password).await {
            let line = AdminLine {
                at: now,
                session: None,
                action: AdminAction::LogInRefused,
                site: None,
                number: None,
                breaker: None,
            };
            parts.operator.log_admin_action(line).await?;
            tracing::warn!("a log-in to the admin pages was refused");
            return Ok(LogIn::Wrong);
        }
        let mut bytes = [0; SECRET_BYTES];
        self.entrance.random.fill(&mut bytes)?;
        let secret = SessionSecret::of(&BASE64_URL_SAFE_NO_PAD.encode(bytes));
        let session = AdminSession {
            id: self.session_of(&secret),
            begun_at: now,
            expires_at: now + self.entrance.session,
        };
        parts.operator.begin_admin_session(session).await?;
        tracing::info!("somebody logged in to the admin pages");
        Ok(LogIn::In {
            secret,
            lasts: self.entrance.session,
        })
    }

    /// The log-in that a cookie stands for, while it goes on.
    ///
    /// # Errors
    /// [`StoreError`]; nobody is let in.
    pub async fn session(&self, secret: &SessionSecret) -> Result<Option<LimitKey>, StoreError> {
        let id = self.session_of(secret);
        let now = self.parts.clock.now();
        let goes_on = self.parts.operator.has_admin_session(id, now).await?;
        Ok(goes_on.then_some(id))
    }

    /// Ends a log-in.
    ///
    /// # Errors
    /// [`StoreError`]; it may have ended.
    pub async fn log_out(&self, session: LimitKey) -> Result<(), StoreError> {
        let now = self.parts.clock.now();
        self.parts.operator.end_admin_session(session, now).await
    }

    /// A new password ends all log-ins: it goes into their names.
    fn session_of(&self, secret: &SessionSecret) -> LimitKey {
        let subject = [secret.expose(), "\n", self.entrance.password.expose()].concat();
        self.parts.keys.limit_key("admin_session", subject.as_bytes())
    }

    fn guess_of(&self, address: Option<IpAddr>) -> Vec<LimitUse> {
        let keys = &self.parts.keys;
        let network = network_key(keys, address);
        vec![
            LimitUse {
                name: "admin_log_ins",
                key: keys.limit_key("admin_log_ins", &network.0),
                windows: OF_A_NETWORK,
                places: Vec::new(),
            },
            LimitUse {
                name: "all_admin_log_ins",
                key: keys.limit_key("all_admin_log_ins", b""),
                windows: OF_ALL,
                places: Vec::new(),
            },
        ]
    }

    async fn is_right(&self, password: SecretString) -> bool {
        let _turn = self.guesses.acquire().await;
        let hash = self.entrance.password.clone();
        let compared = tokio::task::spawn_blocking(move || hash.is_of(&password)).await;
        compared.unwrap_or_default()
    }
}
