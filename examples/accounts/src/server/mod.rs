//! The server's half: an axum app that embeds phone-verify.
//!
//! ```text
//! routes -> visitor (who is this, and how far: from the session) -> users, passwords, attempts
//!                                                                -> proof (phone-verify: sessions, codes, numbers)
//! ```

mod attempts;
mod database;
mod guard;
mod passwords;
mod proof;
mod recovery;
mod render;
mod routes;
mod sessions;
mod settings;
mod stop;
mod users;
mod visitor;
mod words;

pub use proof::Prover;
pub use routes::{PATHS, finish_proof_of};
pub use settings::{SettingsError, settings};

use attempts::Attempts;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use passwords::{PasswordError, Passwords};
use phone_verify::clock::{Clock, SystemClock};
use phone_verify::compose::{ComposeError, Overrides, Server, compose};
use phone_verify::config::Config;
use phone_verify::embed::Embedded;
use phone_verify::random::{Random, SystemRandom};
use phone_verify_domain::{SiteKey, Timestamp};
use sessions::Sessions;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};
use users::Users;

/// Bytes of a posted form: the longest fields, percent-encoded.
const LARGEST_FORM: usize = 16 * 1024;

/// How long a session lasts after it has changed last.
const SESSION_LIFE: time::Duration = time::Duration::hours(12);

/// The site that this app is to phone-verify.
pub const SITE: &str = "accounts";

/// What all requests share; clones are the same.
#[derive(Clone)]
pub struct Accounts(Arc<Parts>);

/// The parts.
pub struct Parts {
    embedded: Embedded,
    prover: Prover,
    users: Users,
    passwords: Passwords,
    attempts: Attempts,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Deref for Accounts {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Accounts {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Why the app cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// phone-verify.
    #[error(transparent)]
    PhoneVerify(#[from] ComposeError),
    /// The database of users and sessions.
    #[error("the accounts' database: {0}")]
    Database(#[from] sqlx::Error),
    /// Passwords.
    #[error("passwords cannot be hashed: {0}")]
    Password(#[from] PasswordError),
    /// The settings.
    #[error(
        "[[sites]] has no site `{SITE}` with number_storage = \"encrypted\": a second factor is sent to a number that is kept"
    )]
    Site,
}

/// Puts phone-verify and the app's own pages together, to be reached at `address`.
///
/// # Errors
/// [`OpenError`]
pub async fn open(config: &Config, address: SocketAddr, overrides: Overrides) -> Result<Server, OpenError> {
    let clock = overrides.clock.clone().unwrap_or_else(|| Arc::new(SystemClock));
    let random = overrides.random.clone().unwrap_or_else(|| Arc::new(SystemRandom));
    let server = compose(config, address, overrides).await?;
    let embedded = server.embedded();
    let site = SiteKey::parse(SITE).and_then(|key| embedded.site(&key));
    let site = site.filter(|site| site.keeps_numbers).ok_or(OpenError::Site)?;
    let database = database::open(&config.data_dir.join("accounts.db")).await?;
    let sessions = Sessions {
        database: database.clone(),
        clock: clock.clone(),
    };
    let accounts = Accounts(Arc::new(Parts {
        prover: Prover::new(embedded.clone(), site, clock.clone(), random.clone()),
        embedded,
        users: Users::new(database.clone()),
        passwords: Passwords::new()?,
        attempts: Attempts {
            database,
            clock: clock.clone(),
        },
        clock,
        random,
    }));
    Ok(server.with_routes(pages(accounts, sessions)))
}

/// The app's own routes behind all that they need: only its own pages may post, and every request has its session.
fn pages(accounts: Accounts, sessions: Sessions) -> Router {
    // Leptos spawns what it renders; that phone-verify has told it how before is as good.
    let _ = any_spawner::Executor::init_tokio();
    let is_https = accounts.embedded.origin().starts_with("https://");
    let name = if is_https { "__Host-session" } else { "session" };
    let cookies = SessionManagerLayer::new(sessions)
        .with_name(name)
        .with_secure(is_https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(SESSION_LIFE));
    routes::routes()
        .route_layer(cookies)
        .route_layer(from_fn_with_state(accounts.clone(), guard::guard))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .with_state(accounts)
}
