//! Events that are written down to be sent to a site's own server, and what becomes of them.

use super::{NumberIndex, Sealed};
use crate::hooks::EventKind;
use phone_verify_domain::{Channel, DeliveryReason, SiteKey, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Which events of which sites are written down, in the transactions in which they happen. Without any it costs nothing.
#[derive(Clone, Debug, Default)]
pub struct Listeners(Arc<HashMap<SiteKey, Listener>>);

/// What one site wants to hear of.
#[derive(Clone, Debug)]
pub struct Listener {
    /// Which events.
    pub kinds: BTreeSet<EventKind>,
    /// Whether they carry the number, where it is known.
    pub with_number: bool,
}

impl Listeners {
    /// These sites.
    #[must_use]
    pub fn new(sites: impl IntoIterator<Item = (SiteKey, Listener)>) -> Self {
        Self(Arc::new(sites.into_iter().collect()))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A site that wants to hear of such an event.
    #[must_use]
    pub fn of(&self, site: &SiteKey, kind: EventKind) -> Option<&Listener> {
        self.0.get(site).filter(|listener| listener.kinds.contains(&kind))
    }

    /// The sites that want to hear of such an event.
    pub fn all_of(&self, kind: EventKind) -> impl Iterator<Item = &SiteKey> {
        let listening = self.0.iter();
        listening.filter_map(move |(site, listener)| listener.kinds.contains(&kind).then_some(site))
    }
}

/// What became of a sending, to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryNews {
    /// A provider took it, or reports that it arrived.
    Sent,
    /// It did not leave, or did not arrive.
    Failed(Option<DeliveryReason>),
}

/// A sender that went down or works again, to be told to all sites that want to hear of it.
#[derive(Clone, Debug)]
pub struct BreakerNews {
    /// [`EventKind::BreakerOpened`] or [`EventKind::BreakerClosed`].
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// The sender, as `[senders]` names it.
    pub sender: &'static str,
    /// The channel that it serves.
    pub channel: Channel,
}

/// An event that is due to be sent.
#[derive(Clone, Debug)]
pub struct DueWebhook {
    /// Its name, the same in every attempt: `webhook-id`.
    pub id: String,
    /// Whose.
    pub site: SiteKey,
    /// What happened.
    pub kind: EventKind,
    /// What is sent, without the number.
    pub body: String,
    /// The number, where it goes with it.
    pub number: Option<(NumberIndex, Sealed)>,
    /// How often it was tried before.
    pub attempts: u32,
    /// Until when nobody else tries it.
    pub lease_until: Timestamp,
}

/// What came of one attempt.
#[derive(Clone, Debug)]
pub struct WebhookAttempt {
    /// Of what.
    pub id: String,
    /// The lease under which it was made.
    pub lease_until: Timestamp,
    /// Now.
    pub now: Timestamp,
    /// The HTTP status of the answer; `None` where there was none.
    pub answer: Option<u16>,
    /// What is next.
    pub next: AfterAttempt,
}

/// What follows an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterAttempt {
    /// It was taken: nothing.
    Taken,
    /// Another attempt at this moment.
    Again(Timestamp),
    /// Nothing by itself: it was tried often enough.
    GivenUp,
}

/// An event as it is kept, for who operates the server.
#[derive(Clone, Debug)]
pub struct KeptWebhook {
    /// Its name.
    pub id: String,
    /// Whose.
    pub site: SiteKey,
    /// What happened.
    pub kind: EventKind,
    /// When it was written.
    pub created_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// The HTTP status of the last answer.
    pub last_answer: Option<u16>,
    /// Where it stands.
    pub state: WebhookState,
}

/// Where an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookState {
    /// It was taken then.
    Taken(Timestamp),
    /// It is tried then.
    Due(Timestamp),
    /// It is not tried any more.
    GivenUp,
}

/// Which events are sent once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The one of this name, whether or not it was taken.
    One(String),
    /// All that were given up, of this site or of all.
    GivenUp(Option<SiteKey>),
}
