//! The operator's desk: who may sit at it, and what can be seen and done there.
//!
//! Whatever is done is written into the log first; what cannot be logged is not done.

mod breakers;
mod budget;
mod decisions;
mod log_in;
mod number;
mod overview;
mod password;

pub use budget::{AccountReport, BudgetReport};
pub use log_in::{LogIn, SessionSecret};
pub use number::{NumberAction, NumberReport};
pub use overview::{Count, Overview, Period, Share};
pub use password::{PasswordError, PasswordHash, SHORTEST};

use crate::budget::Budgets;
use crate::clock::Clock;
use crate::keys::Keys;
use crate::limits::Limits;
use crate::random::{Random, RandomError};
use crate::sites::Sites;
use crate::store::{AdminLine, LimitKey, OperatorStore, Store, StoreError, session_name};
use phone_verify_domain::PhoneNumber;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// What can be seen and done there. Whoever runs commands on the server's machine needs no password for it.
pub struct Desk {
    parts: DeskParts,
}

/// A desk with a door before it.
pub struct AdminDesk {
    desk: Desk,
    entrance: Entrance,
    /// Argon2id takes 19 MiB and a core: nobody who guesses takes more than one of each.
    guesses: Semaphore,
}

/// What a desk works with.
pub struct DeskParts {
    /// What is known of verifications.
    pub store: Arc<dyn Store>,
    /// What is kept of the operator.
    pub operator: Arc<dyn OperatorStore>,
    /// What makes indexes and reads encrypted numbers.
    pub keys: Arc<Keys>,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    /// Who is served.
    pub sites: Sites,
    /// What numbers are limited by.
    pub limits: Limits,
    /// What sends may cost.
    pub budgets: Option<Budgets>,
}

/// Who is let in, and for how long.
pub struct Entrance {
    /// What cookies are drawn from.
    pub random: Arc<dyn Random>,
    /// Who may log in.
    pub password: PasswordHash,
    /// How long a log-in lasts.
    pub session: Duration,
}

/// Something did not answer; nothing was done that the log does not tell.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The random source.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The password.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

/// Lines of the log that are shown at once.
const LINES: u32 = 200;

/// Who does something at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Somebody who is logged in.
    LogIn(LimitKey),
    /// Whoever runs a command on the server's machine.
    CommandLine,
}

impl By {
    /// What stands in the log for it.
    fn in_log(self) -> String {
        match self {
            Self::LogIn(session) => session_name(session),
            Self::CommandLine => "command line".to_owned(),
        }
    }
}

impl AdminDesk {
    /// A desk behind this entrance.
    #[must_use]
    pub fn new(desk: Desk, entrance: Entrance) -> Self {
        Self {
            desk,
            entrance,
            guesses: Semaphore::new(1),
        }
    }
}

impl Deref for AdminDesk {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

impl Desk {
    /// A desk of these parts.
    #[must_use]
    pub const fn new(parts: DeskParts) -> Self {
        Self { parts }
    }

    /// The sites that are served.
    #[must_use]
    pub fn sites(&self) -> &Sites {
        &self.parts.sites
    }

    /// What was done last.
    ///
    /// # Errors
    /// [`AdminError::Store`]
    pub async fn log(&self) -> Result<Vec<AdminLine>, AdminError> {
        Ok(self.parts.operator.admin_log(None, LINES).await?)
    }

    /// What stands for a number in the log.
    fn in_log(&self, number: &PhoneNumber) -> LimitKey {
        self.parts.keys.limit_key("admin_log", number.expose().as_bytes())
    }
}
