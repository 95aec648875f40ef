//! Events told to a site's own server, as Standard Webhooks has it (docs/webhooks.md).
//!
//! An event is written in the transaction in which it happens ([`crate::store::Listeners`]), and sent from there until it is taken:
//! at least once, whatever crashes in between, by whichever process comes first.

mod dispatcher;
mod schedule;
mod secret;

pub use dispatcher::Dispatcher;
pub use secret::{WebhookSecret, WebhookSecretError};

use crate::hooks::EventKind;
use std::collections::BTreeSet;
use url::Url;

/// Where a site hears of events.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The address.
    pub url: Url,
    /// What is signed with.
    pub secret: WebhookSecret,
    /// Which events.
    pub kinds: BTreeSet<EventKind>,
}
