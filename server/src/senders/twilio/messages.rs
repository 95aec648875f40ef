use super::callback::StatusCallbacks;
use super::client::{Client, Resource};
use crate::config::TwilioConfig;
use crate::senders::text::Texts;
use crate::senders::{Message, SendOutcome, Sender};
use std::sync::Arc;
use std::time::Duration;

/// Text messages by `Messages.json`.
pub struct TwilioMessages {
    client: Arc<Client>,
    originator: Originator,
    texts: Texts,
    callbacks: StatusCallbacks,
}

/// Who a message comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Originator {
    /// A messaging service, which picks the sender.
    Service(String),
    /// A number, a short code or an alphanumeric sender.
    From(String),
}

impl Originator {
    /// Whom settings name: the service before the number.
    #[must_use]
    pub fn new(config: &TwilioConfig) -> Option<Self> {
        let service = config.messaging_service_sid.clone().map(Self::Service);
        service.or_else(|| config.from.clone().map(Self::From))
    }

    fn parameter(&self) -> (&'static str, String) {
        match self {
            Self::Service(sid) => ("MessagingServiceSid", sid.clone()),
            Self::From(from) => ("From", from.clone()),
        }
    }
}

impl TwilioMessages {
    /// Sends as `originator`, in the words of `texts`.
    #[must_use]
    pub fn new(
        client: Arc<Client>,
        originator: Originator,
        texts: Texts,
        callbacks: StatusCallbacks,
    ) -> Self {
        Self {
            client,
            originator,
            texts,
            callbacks,
        }
    }
}

#[async_trait::async_trait]
impl Sender for TwilioMessages {
    fn name(&self) -> &'static str {
        "messages"
    }

    async fn send(&self, message: &Message<'_>) -> SendOutcome {
        let body = self.texts.of(message);
        let mut form = vec![
            ("To", message.to.expose().to_owned()),
            self.originator.parameter(),
            ("Body", body),
            ("ValidityPeriod", validity_period(message.valid_for).to_string()),
        ];
        let (verification, delivery) = (message.verification, message.delivery_id);
        if let Some(url) = self.callbacks.url("messages", verification, delivery) {
            form.push(("StatusCallback", url));
        }
        self.client
            .create(Resource::Messages, &form, message.delivery_id)
            .await
    }
}

/// For how many seconds Twilio may try to deliver: as long as the code is good, within what it takes (1 to 36,000).
fn validity_period(valid_for: Duration) -> u64 {
    valid_for.as_secs().clamp(1, 36_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_validity_period_is_the_seconds_left_within_twilios_limits() {
        for (millis, seconds) in [
            (0, 1),
            (999, 1),
            (1_000, 1),
            (599_900, 599),
            (36_000_000, 36_000),
            (36_001_000, 36_000),
        ] {
            assert_eq!(validity_period(Duration::from_millis(millis)), seconds);
        }
    }

    #[test]
    fn the_service_comes_before_the_number() {
        let mut config = TwilioConfig {
            from: Some("+15005550006".to_owned()),
            messaging_service_sid: Some("MG1".to_owned()),
            ..TwilioConfig::default()
        };
        assert_eq!(
            Originator::new(&config),
            Some(Originator::Service("MG1".to_owned()))
        );
        config.messaging_service_sid = None;
        assert_eq!(
            Originator::new(&config),
            Some(Originator::From("+15005550006".to_owned()))
        );
        config.from = None;
        assert_eq!(Originator::new(&config), None);
    }
}
