use super::limits;
use crate::admin::{AdminDesk, DeskParts};
use crate::clock::Clock;
use crate::config::Config;
use crate::keys::Keys;
use crate::random::Random;
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
    Some(Arc::new(AdminDesk::new(DeskParts {
        password: config.admin.password()?,
        session: config.admin.session,
        operator: operator?,
        store: store.clone(),
        keys: keys.clone(),
        clock: clock.clone(),
        random: random.clone(),
        sites: sites.clone(),
        limits: limits(config),
        budgets: config.budgets(),
    })))
}
