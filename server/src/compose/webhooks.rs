use super::{ComposeError, http_client};
use crate::clock::Clock;
use crate::keys::Keys;
use crate::sites::Sites;
use crate::store::{Listener, Listeners, Store};
use crate::webhooks::Dispatcher;
use std::sync::Arc;
use std::time::Duration;

/// How late an event may be sent.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What the store writes down, for which sites.
pub(super) fn listeners(sites: &Sites) -> Listeners {
    Listeners::new(sites.iter().filter_map(|site| {
        let listener = Listener {
            kinds: site.webhook.as_ref()?.kinds.clone(),
            with_number: site.token_number,
        };
        Some((site.key.clone(), listener))
    }))
}

/// What sends it.
pub(super) fn dispatcher(
    sites: &Sites,
    store: &Arc<dyn Store>,
    keys: &Arc<Keys>,
    clock: &Arc<dyn Clock>,
) -> Result<Dispatcher, ComposeError> {
    let listening = sites.iter();
    Ok(Dispatcher {
        store: store.clone(),
        keys: keys.clone(),
        clock: clock.clone(),
        http: http_client()?,
        sites: listening
            .filter_map(|site| Some((site.key.clone(), site.webhook.clone()?)))
            .collect(),
        every: LOOK_EVERY,
    })
}
