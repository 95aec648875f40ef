use super::assets::Assets;
use super::host_guard::Hosts;
use super::twilio_in::TwilioWebhooks;
use crate::admin::AdminDesk;
use crate::clock::Clock;
use crate::hosts::HostDesk;
use crate::keys::Keys;
use crate::metrics::Metrics;
use crate::opt_outs::OptOuts;
use crate::random::Random;
use crate::senders::outbox::Outbox;
use crate::sites::Sites;
use crate::store::Store;
use crate::verification::Engine;
use phone_verify_domain::{SiteKey, Verifier};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

/// What the routes work with; clones are the same.
#[derive(Clone)]
pub struct Services(Arc<Parts>);

/// The parts, as `compose` puts them together.
pub struct Parts {
    /// The rules.
    pub verifier: Arc<dyn Verifier>,
    /// What calls have to say once a key is pressed.
    pub engine: Engine,
    /// Serves the sites' own servers.
    pub desk: HostDesk,
    /// The operator's; none where no password is set.
    pub admin: Option<Arc<AdminDesk>>,
    /// Who is served.
    pub sites: Sites,
    /// Whether it can be written to: readiness.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What Twilio's webhooks need.
    pub twilio: TwilioWebhooks,
    /// The public keys of tokens.
    pub keys: Arc<Keys>,
    /// How long hosts may keep the public keys: no new one is used earlier.
    pub keys_may_be_kept_for: Duration,
    /// What is counted and timed.
    pub metrics: Metrics,
    /// What request ids are drawn from.
    pub random: Arc<dyn Random>,
    /// What browsers load.
    pub assets: Assets,
    /// The messages of development; none in production.
    pub outbox: Option<Arc<Outbox>>,
    /// Whether messages go there and nowhere else.
    pub nothing_is_sent: bool,
    /// Whether `/dev/*` is there.
    pub development: bool,
    /// The site that the server's own page verifies for, in development.
    pub page_site: Option<SiteKey>,
    /// Which hosts are answered.
    pub hosts_answered: Hosts,
    /// How many proxies are believed.
    pub trusted_proxies: usize,
    /// The serialised origin of the server's own pages.
    pub own_origin: String,
}

impl Services {
    /// These parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Whose owners want no text messages.
    pub(super) fn opt_outs(&self) -> OptOuts<'_> {
        OptOuts {
            store: &*self.store,
            keys: &self.keys,
        }
    }
}

impl Deref for Services {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
