//! Opens the database, whichever it is, and what is built right above it.

use super::{ComposeError, webhooks};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::decisions::{DecisionWriter, Decisions};
use crate::keys::Keys;
use crate::metrics::{MeasuredStore, Metrics};
use crate::random::SystemRandom;
use crate::store::{OperatorStore, PostgresStore, SqliteStore, Store};
use secrecy::ExposeSecret as _;
use std::sync::Arc;

/// Opens the database that the settings name, and brings it up to date.
///
/// # Errors
/// [`ComposeError::Store`]
pub async fn open_store(config: &Config) -> Result<Arc<dyn Store>, ComposeError> {
    Ok(open_stores(config).await?.0)
}

/// The same database as the engine sees it, and as the operator's pages do.
pub(super) async fn open_stores(
    config: &Config,
) -> Result<(Arc<dyn Store>, Arc<dyn OperatorStore>), ComposeError> {
    let url = config.database_url();
    let url = url.expose_secret();
    let listeners = webhooks::listeners(&config.sites()?);
    let patience = config.database.patience();
    Ok(if is_postgres(url) {
        let store = PostgresStore::open_with(url, patience).await?;
        let store = Arc::new(store.announcing_to(listeners));
        (store.clone(), store)
    } else {
        let store = SqliteStore::open_with(url, patience).await?;
        let store = Arc::new(store.announcing_to(listeners));
        (store.clone(), store)
    })
}

/// Opens the database and the keys that belong to it, for a command that works on both without a server.
///
/// # Errors
/// [`ComposeError`]
pub async fn open_with_keys(config: &Config) -> Result<(Arc<dyn Store>, Keys), ComposeError> {
    let given = config.keys.given();
    let keys = Keys::load(&config.keys_dir, &given, &SystemRandom, Arc::new(SystemClock))?;
    let store = open_store(config).await?;
    require_own_keys(config, &*store, &keys).await?;
    Ok((store, keys))
}

pub(super) async fn measured_store(
    config: &Config,
    given: Option<Arc<dyn Store>>,
    keys: &Keys,
    metrics: &Metrics,
) -> Result<(Arc<dyn Store>, Option<Arc<dyn OperatorStore>>), ComposeError> {
    let (inner, operator) = if let Some(store) = given {
        (store, None)
    } else {
        let (store, operator) = open_stores(config).await?;
        (store, Some(operator))
    };
    require_own_keys(config, &*inner, keys).await?;
    let metrics = metrics.clone();
    Ok((Arc::new(MeasuredStore { inner, metrics }), operator))
}

/// Where decisions are noted, and what writes them down; nothing does where nothing of them is to be kept, or no database is there to
/// keep it.
pub(super) fn decision_log(
    config: &Config,
    operator: Option<&Arc<dyn OperatorStore>>,
    clock: &Arc<dyn Clock>,
) -> (Decisions, Option<DecisionWriter>) {
    let Some(operator) = operator.filter(|_| !config.retention.decisions.is_zero()) else {
        return (Decisions::forgotten(), None);
    };
    let decisions = Decisions::noted();
    let writer = DecisionWriter {
        decisions: decisions.clone(),
        store: operator.clone(),
        clock: clock.clone(),
    };
    (decisions, Some(writer))
}

pub(super) async fn require_own_keys(
    config: &Config,
    store: &dyn Store,
    keys: &Keys,
) -> Result<(), ComposeError> {
    if store.keys_match(keys.fingerprint()).await? {
        return Ok(());
    }
    Err(ComposeError::ForeignKeys {
        keys_dir: config.keys_dir.clone(),
    })
}

pub(super) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}
