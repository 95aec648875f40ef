use super::stores::{open_stores, require_own_keys};
use super::{ComposeError, limits};
use crate::admin::{AdminDesk, Desk, DeskParts, Entrance};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::keys::Keys;
use crate::random::{Random, SystemRandom};
use crate::sites::Sites;
use crate::store::{OperatorStore, Store};
use std::sync::Arc;

/// The operator's desk, where a password is set and the database keeps what it needs.
pub(super) fn desk(
    config: &Config,
    (store, operator): (&Arc<dyn Store>, Option<Arc<dyn OperatorStore>>),
    (keys, clock, random): (&Arc<Keys>, &Arc<dyn Clock>, &Arc<dyn Random>),
    sites: &Sites,
) -> Option<Arc<AdminDesk>> {
    let entrance = Entrance {
        password: config.admin.password()?,
        session: config.admin.session,
        random: random.clone(),
    };
    let desk = Desk::new(DeskParts {
        operator: operator?,
        store: store.clone(),
        keys: keys.clone(),
        clock: clock.clone(),
        sites: sites.clone(),
        limits: limits(&config.limits),
        budgets: config.budgets(),
    });
    Some(Arc::new(AdminDesk::new(desk, entrance)))
}

/// The same desk without a server, for whoever runs a command on its machine.
///
/// # Errors
/// [`ComposeError`]
pub async fn open_desk(config: &Config) -> Result<Desk, ComposeError> {
    let clock = Arc::new(SystemClock);
    let keys = Keys::load(
        &config.keys_dir,
        &config.keys.given(),
        &SystemRandom,
        clock.clone(),
    )?;
    let (store, operator) = open_stores(config).await?;
    require_own_keys(config, &*store, &keys).await?;
    Ok(Desk::new(DeskParts {
        store,
        operator,
        keys: Arc::new(keys),
        clock,
        sites: config.sites()?,
        limits: limits(&config.limits),
        budgets: config.budgets(),
    }))
}
