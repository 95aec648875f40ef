//! Who sends a request, and how far that is proved: all of it from the session, none of it from what is posted.

use super::Accounts;
use super::proof::Proof;
use super::stop::Stop;
use super::users::User;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

/// Where it stands in the session.
const KEY: &str = "visitor";

/// Seconds that the second step may follow the password in.
const HALF_LIFE: i64 = 600;

/// Seconds after a full log-in in which a change needs no password.
const RECENT: i64 = 900;

/// How far somebody has got.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) enum Standing {
    /// Nowhere.
    #[default]
    Nobody,
    /// The password was right; the second factor is awaited.
    Half {
        /// Whose.
        user: String,
        /// When, in seconds since 1970.
        since: i64,
    },
    /// Logged in.
    Full {
        /// Who.
        user: String,
        /// When, in seconds since 1970.
        since: i64,
    },
}

/// A session's owner.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Visitor {
    pub(super) standing: Standing,
    /// The number that is to be proved, as it was typed.
    pub(super) number: String,
    /// The proof that is under way.
    pub(super) proof: Option<Proof>,
}

impl Visitor {
    /// The session's.
    pub(super) async fn of(session: &Session) -> Result<Self, Stop> {
        Ok(session.get(KEY).await?.unwrap_or_default())
    }

    /// Keeps what has changed, except how far its owner is.
    pub(super) async fn keep(&self, session: &Session) -> Result<(), Stop> {
        Ok(session.insert(KEY, self).await?)
    }

    /// Begins a session of another standing, under a new id: whoever knew the old one has nothing.
    pub(super) async fn become_(self, session: &Session) -> Result<(), Stop> {
        session.cycle_id().await?;
        self.keep(session).await
    }

    /// Whose password was right in this session, for the second step and nothing else.
    pub(super) async fn half(accounts: &Accounts, session: &Session) -> Result<(User, Self), Stop> {
        let visitor = Self::of(session).await?;
        match &visitor.standing {
            Standing::Half { user, since } if accounts.now().as_seconds() < since + HALF_LIFE => {
                let user = accounts.users.by_id(user).await?;
                let user = user.filter(|user| user.two_factor);
                Ok((user.ok_or(Stop::Elsewhere("/login"))?, visitor))
            }
            Standing::Full { .. } => Err(Stop::Elsewhere("/dashboard")),
            Standing::Half { .. } | Standing::Nobody => Err(Stop::Elsewhere("/login")),
        }
    }

    /// Who is logged in, whether the number is proved or not.
    pub(super) async fn full(accounts: &Accounts, session: &Session) -> Result<(User, Self), Stop> {
        let visitor = Self::of(session).await?;
        match &visitor.standing {
            Standing::Full { user, .. } => {
                let user = accounts.users.by_id(user).await?;
                Ok((user.ok_or(Stop::Elsewhere("/login"))?, visitor))
            }
            Standing::Half { since, .. } if accounts.now().as_seconds() < since + HALF_LIFE => {
                Err(Stop::Elsewhere("/second-step"))
            }
            Standing::Half { .. } | Standing::Nobody => Err(Stop::Elsewhere("/login")),
        }
    }

    /// Who is logged in and has proved a number.
    pub(super) async fn proved(accounts: &Accounts, session: &Session) -> Result<(User, Self), Stop> {
        let (user, visitor) = Self::full(accounts, session).await?;
        if user.number_due {
            return Err(Stop::Elsewhere("/verify"));
        }
        Ok((user, visitor))
    }

    /// Whether the log-in is so fresh that it stands for the password.
    pub(super) fn is_recent(&self, accounts: &Accounts) -> bool {
        matches!(self.standing, Standing::Full { since, .. } if accounts.now().as_seconds() < since + RECENT)
    }
}
