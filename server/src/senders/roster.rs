use super::breaker::{Breaker, Change};
use super::{Message, SendOutcome, Sender, Tracker};
use phone_verify_domain::{Channel, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// The senders of each channel, in the order in which they are tried. Clones share what is known of who is down.
#[derive(Clone, Default)]
pub struct Senders(HashMap<Channel, Arc<[Watched]>>);

/// One sender of one channel, and the breaker that watches it.
pub struct Watched {
    sender: Arc<dyn Sender>,
    breaker: Breaker,
}

impl Senders {
    /// These senders; a channel may be missing, or have none.
    #[must_use]
    pub fn new(senders: impl IntoIterator<Item = (Channel, Vec<Arc<dyn Sender>>)>) -> Self {
        let watched = |sender| Watched {
            sender,
            breaker: Breaker::default(),
        };
        let of_channel =
            |(channel, senders): (Channel, Vec<_>)| (channel, senders.into_iter().map(watched).collect());
        Self(senders.into_iter().map(of_channel).collect())
    }

    /// The senders of a channel, the preferred one first.
    #[must_use]
    pub fn of(&self, channel: Channel) -> &[Watched] {
        self.0.get(&channel).map_or(&[], |senders| senders)
    }

    /// The sender of a channel that `[senders]` calls `name`.
    #[must_use]
    pub fn named(&self, channel: Channel, name: &str) -> Option<&Watched> {
        self.of(channel).iter().find(|sender| sender.name() == name)
    }

    /// Whether any sender of a channel can be asked what became of what it sent.
    #[must_use]
    pub fn can_be_asked(&self, channel: Channel) -> bool {
        self.of(channel).iter().any(|sender| sender.tracker().is_some())
    }

    /// How long until one of a channel's senders may be asked; nothing where one may be now, or where there is none.
    #[must_use]
    pub fn wait(&self, channel: Channel, now: Timestamp) -> Duration {
        let waits = self.of(channel).iter().map(|sender| sender.breaker.wait(now));
        waits.min().unwrap_or_default()
    }

    /// The channel and the name of each sender that is down, in order.
    #[must_use]
    pub fn down(&self) -> Vec<(Channel, &'static str)> {
        let states = self.states().into_iter().filter(|(_, _, is_up)| !is_up);
        states.map(|(channel, name, _)| (channel, name)).collect()
    }

    /// The channel and the name of each sender in order, and whether it works as far as is known.
    #[must_use]
    pub fn states(&self) -> Vec<(Channel, &'static str, bool)> {
        let channels = [Channel::Sms, Channel::Call].into_iter();
        let all = channels.flat_map(|channel| self.of(channel).iter().map(move |sender| (channel, sender)));
        all.map(|(channel, sender)| (channel, sender.name(), sender.is_up()))
            .collect()
    }
}

impl Watched {
    /// The sender's name in `[senders]`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.sender.name()
    }

    /// Who can be asked what became of what it sent.
    #[must_use]
    pub fn tracker(&self) -> Option<&dyn Tracker> {
        self.sender.tracker()
    }

    /// Whether it works, as far as is known.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.breaker.is_closed()
    }

    /// Sends one message within `patience`, past which it may have left; `None`, and nothing is asked, while the sender is
    /// down. `now` tells the time before and after. The outcome comes with what it changed.
    pub async fn send(
        &self,
        message: &Message<'_>,
        patience: Duration,
        now: impl Fn() -> Timestamp,
    ) -> Option<(SendOutcome, Option<Change>)> {
        let leave = self.breaker.admit(now())?;
        let sent = tokio::time::timeout(patience, self.sender.send(message)).await;
        let outcome = sent.unwrap_or(SendOutcome::Unknown);
        let (sender, channel) = (self.name(), message.channel);
        let change = self.breaker.hear(leave, &outcome, now());
        match change {
            Some(Change::Opened) => tracing::error!(
                sender,
                %channel,
                ?outcome,
                "the sender is down: it is left alone, and probed every 15 seconds"
            ),
            Some(Change::Closed) => tracing::warn!(sender, %channel, "the sender works again"),
            None => {}
        }
        Some((outcome, change))
    }
}
