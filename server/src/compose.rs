//! The one place that picks implementations and puts them together.

mod admin;
mod rules;
mod senders;
mod stores;
mod webhooks;

use crate::clock::{Clock, SystemClock};
use crate::config::{BaseUrl, Config, ConfigError, Mode};
use crate::decisions::DecisionWriter;
use crate::embed::Embedded;
use crate::hooks::{Hook, Hooks};
use crate::hosts::HostDesk;
use crate::http::{self, Assets, ConnectionLimits, Hosts, Parts, Services, TwilioWebhooks};
use crate::keys::{KeyWatch, Keys, KeysError};
use crate::lines::Lines;
use crate::metrics::{Metrics, Page};
use crate::proof::Proofs;
use crate::random::{Random, RandomError, SystemRandom};
use crate::senders::Codes;
use crate::senders::text::Texts;
use crate::senders::twilio::AccountError;
use crate::store::{Store, StoreError};
use crate::verification::{Engine, EngineParts, Follower, Senders, Sweeper};
use crate::webhooks::Dispatcher;
pub use admin::open_desk;
use axum::Router;
use phone_verify_domain::SiteKey;
pub use rules::limits;
use rules::{policy, test_numbers};
use secrecy::ExposeSecret as _;
use senders::Workshop;
pub(crate) use senders::http_client;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use stores::{decision_log, is_postgres, measured_store};
pub use stores::{open_store, open_with_keys};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Connections of everybody at once: each takes some 20 KiB and a file descriptor.
const CONNECTIONS: usize = 4_096;

/// Nothing waits for the sweeper; ten seconds keep its work small.
const SWEEP_EVERY: Duration = Duration::from_secs(10);

/// How late a provider may be asked what became of a delivery; the first time is two seconds after it.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);

/// How long the last events may take to be told.
const LAST_EVENTS: Duration = Duration::from_secs(5);

/// How long the last sendings may take after the doors have closed: a sender answers within some ten seconds.
const LAST_SENDINGS: Duration = Duration::from_secs(10);

/// What tests and simulations put in place of the real thing, and what a program that embeds the server adds.
#[derive(Default)]
pub struct Overrides {
    /// In place of the machine's clock.
    pub clock: Option<Arc<dyn Clock>>,
    /// In place of the operating system's generator.
    pub random: Option<Arc<dyn Random>>,
    /// In place of the database.
    pub store: Option<Arc<dyn Store>>,
    /// In place of the senders that the settings choose.
    pub senders: Option<Senders>,
    /// Who hears of what happens.
    pub hook: Option<Arc<dyn Hook>>,
}

/// Why a server cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The random source.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The keys are not those that the database was filled with.
    #[error(
        "the keys do not belong to the database: put the right ones into {keys_dir}, or begin with an empty database \
         (numbers and limits that are in it cannot be found by other keys)",
        keys_dir = .keys_dir.display()
    )]
    ForeignKeys {
        /// Where keys are read from.
        keys_dir: PathBuf,
    },
    /// A file or folder.
    #[error("{what}: {source}")]
    Io {
        /// Which, and what for.
        what: String,
        /// Why.
        source: io::Error,
    },
    /// The HTTP client.
    #[error("the HTTP client cannot be made: {0}")]
    Client(#[from] reqwest::Error),
    /// The Twilio account.
    #[error(transparent)]
    Twilio(#[from] AccountError),
    /// A sender whose settings are not there, or that this version does not have.
    #[error("senders: `{0}` cannot be used with these settings: name another")]
    Sender(&'static str),
}

/// A server, put together and not yet serving.
pub struct Server {
    services: Services,
    own_routes: Option<Router>,
    page: Page,
    connections: ConnectionLimits,
    engine: Engine,
    hooks: Hooks,
    key_watch: KeyWatch,
    sweeper: Sweeper,
    follower: Follower,
    dispatcher: Dispatcher,
    decision_writer: Option<DecisionWriter>,
}

/// Puts a server together that will be reached at `address`, the one that its listener is bound to.
///
/// # Errors
/// [`ComposeError`]
pub async fn compose(
    config: &Config,
    address: SocketAddr,
    overrides: Overrides,
) -> Result<Server, ComposeError> {
    let clock = overrides.clock.unwrap_or_else(|| Arc::new(SystemClock));
    let random = overrides.random.unwrap_or_else(|| Arc::new(SystemRandom));
    let given = config.keys.given();
    let keys = Arc::new(Keys::load(&config.keys_dir, &given, &*random, clock.clone())?);
    let metrics = Metrics::default();
    let (store, operator) = measured_store(config, overrides.store, &keys, &metrics).await?;

    let texts = texts(config)?;
    let outbox = senders::outbox(config, &texts, &clock)?;
    let http_sender = senders::http_sender(config, &texts)?;
    let (senders, codes) = match overrides.senders {
        Some(senders) => (senders, Codes::Ours),
        None => Workshop {
            config,
            texts,
            random: random.clone(),
            outbox: outbox.clone(),
            http_sender,
            lines: Lines {
                store: store.clone(),
                keys: keys.clone(),
                clock: clock.clone(),
            },
        }
        .senders()?,
    };
    let sites = config.sites()?;
    let public_url = config.public_url(address);
    let hooks = hooks(overrides.hook)?;
    let assets = assets(config)?;
    let (decisions, decision_writer) = decision_log(config, operator.as_ref(), &clock);
    let engine = Engine::new(EngineParts {
        decisions,
        store: store.clone(),
        senders,
        codes,
        keys: keys.clone(),
        metrics: metrics.clone(),
        hooks: hooks.clone(),
        clock: clock.clone(),
        random: random.clone(),
        sites: sites.clone(),
        proofs: proofs(config, &assets),
        policy: policy(config),
        limits: limits(&config.limits),
        budgets: config.budgets().map(Arc::new),
        test_numbers: test_numbers(config),
        issuer: public_url.clone(),
        own_origin: Some(public_url.clone()),
        process: process_name(&*random)?,
        // One process has an SQLite file to itself.
        shared: is_postgres(config.database_url().expose_secret()),
    });

    let dispatcher = webhooks::dispatcher(&sites, &store, &keys, &clock)?;
    let services = Services::new(Parts {
        verifier: Arc::new(engine.clone()),
        engine: engine.clone(),
        desk: HostDesk {
            store: store.clone(),
            keys: keys.clone(),
            hooks: hooks.clone(),
            clock: clock.clone(),
            random: random.clone(),
            public_url: public_url.clone(),
        },
        admin: admin::desk(config, (&store, operator), (&keys, &clock, &random), &sites),
        sites,
        store: store.clone(),
        clock: clock.clone(),
        twilio: TwilioWebhooks::new(&config.twilio, BaseUrl::parse(&public_url), config.key_gate()),
        keys: keys.clone(),
        keys_may_be_kept_for: config.keys.may_be_kept_for(),
        metrics: metrics.clone(),
        random,
        assets,
        outbox,
        development: config.mode == Mode::Development,
        nothing_is_sent: config.routes().are_outbox_only(),
        page_site: page_site(config),
        hosts_answered: Hosts::of(config),
        trusted_proxies: config.http.proxies(),
        own_origin: public_url,
    });
    Ok(Server {
        services,
        own_routes: None,
        page: Page::new(metrics, engine.clone(), store),
        connections: connections(config),
        hooks,
        key_watch: key_watch(config, keys),
        sweeper: Sweeper {
            engine: engine.clone(),
            retention: config.retention.rule(),
            every: SWEEP_EVERY,
        },
        follower: Follower::new(engine.clone(), FOLLOW_EVERY),
        dispatcher,
        decision_writer,
        engine,
    })
}

impl Server {
    /// Its routes, behind everything that a request passes before them.
    pub fn routes(&self) -> Router {
        http::router(&self.services, self.own_routes.clone())
    }

    /// What an operator's Prometheus reads, for a listener that the public does not reach.
    pub fn metrics(&self) -> Router {
        self.page.clone().routes()
    }

    /// What the program around the server may ask it.
    #[must_use]
    pub fn embedded(&self) -> Embedded {
        Embedded::new(self.services.clone())
    }

    /// Puts a program's own routes before the server's: what `routes` has none for goes to the server. Both stand behind the
    /// server's host names, headers and time-outs.
    #[must_use]
    pub fn with_routes(self, routes: Router) -> Self {
        Self {
            own_routes: Some(routes),
            ..self
        }
    }

    /// Tidies the store once, as a serving server does by itself every ten seconds: for a simulation, which calls the routes under a
    /// clock of its own.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn sweep(&self) -> Result<(), StoreError> {
        self.engine.sweep(self.sweeper.retention).await.map(drop)
    }

    /// Serves until `shutdown` comes true; then finishes what is under way.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) {
        let routes = self.routes();
        let (stop, stopped) = watch::channel(false);
        let watching = tokio::spawn(self.key_watch.run(stopped.clone()));
        let dispatching = tokio::spawn(self.dispatcher.run(stopped.clone()));
        let following = tokio::spawn(self.follower.run(stopped.clone()));
        let deciding = self.decision_writer;
        let deciding = deciding.map(|writer| tokio::spawn(writer.run(stopped.clone())));
        let sweeping = tokio::spawn(self.sweeper.run(stopped));
        http::serve(listener, routes, self.connections, shutdown).await;
        if tokio::time::timeout(LAST_SENDINGS, self.engine.idle())
            .await
            .is_err()
        {
            tracing::warn!("a sending was cut off; it counts as unknown");
        }
        let _ = stop.send(true);
        let deciding = deciding.map(|task| (task, "whoever writes decisions down"));
        let others = [
            (sweeping, "the sweeper"),
            (dispatching, "whoever sends webhooks"),
            (following, "whoever asks what became of deliveries"),
            (watching, "the watch over the keys"),
        ];
        for (task, name) in others.into_iter().chain(deciding) {
            if let Err(error) = task.await {
                tracing::error!(%error, "{name} broke");
            }
        }
        if tokio::time::timeout(LAST_EVENTS, self.hooks.idle())
            .await
            .is_err()
        {
            tracing::warn!("the hook was not told of the last events");
        }
    }
}

fn key_watch(config: &Config, keys: Arc<Keys>) -> KeyWatch {
    KeyWatch {
        keys,
        every: config.keys.read_every,
    }
}

fn texts(config: &Config) -> Result<Texts, ConfigError> {
    Texts::new(&config.code.template).map_err(|(locale, error)| ConfigError {
        problems: vec![format!("code.template.{locale}: {error}")],
    })
}

/// The browser's files, with those of earlier releases.
fn assets(config: &Config) -> Result<Assets, ComposeError> {
    let embed = config.data_dir.join("embed");
    Assets::open(&embed).map_err(|source| ComposeError::Io {
        what: format!("{}: the folder of earlier releases' files", embed.display()),
        source,
    })
}

fn proofs(config: &Config, assets: &Assets) -> Proofs {
    Proofs {
        asked: config.challenge.asked(),
        solver: assets.path("solve.js"),
    }
}

fn hooks(hook: Option<Arc<dyn Hook>>) -> Result<Hooks, ComposeError> {
    let hooks = hook.map(Hooks::start).transpose();
    let hooks = hooks.map_err(|source| ComposeError::Io {
        what: "the hook's thread".to_owned(),
        source,
    })?;
    Ok(hooks.unwrap_or_default())
}

/// In production the page is there to be read: nobody's site pays for messages that strangers ask for there.
fn page_site(config: &Config) -> Option<SiteKey> {
    match config.mode {
        Mode::Development => SiteKey::parse(&config.sites.first()?.key),
        Mode::Production => None,
    }
}

fn connections(config: &Config) -> ConnectionLimits {
    let per_address = usize::try_from(config.http.connections_per_address.get()).unwrap_or(usize::MAX);
    ConnectionLimits {
        total: CONNECTIONS,
        // Behind a proxy they are all the proxy's.
        per_address: (config.http.proxies() == 0).then_some(per_address),
    }
}

fn process_name(random: &dyn Random) -> Result<String, RandomError> {
    let mut bytes = [0; 8];
    random.fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}
