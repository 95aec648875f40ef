use super::callback::StatusCallbacks;
use super::client::{Client, Resource};
use super::tracker::Lookout;
use crate::config::{AddressRetention, ContentRetention, RiskCheck, TwilioConfig};
use crate::numbers;
use crate::senders::text::Texts;
use crate::senders::{Message, SendOutcome, Sender, Tracker};
use phone_verify_domain::{Country, DeliveryReason, ErrorCode, PhoneNumber};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Text messages by `Messages.json`.
pub struct TwilioMessages {
    client: Arc<Client>,
    originators: Originators,
    texts: Texts,
    callbacks: StatusCallbacks,
    options: Vec<(&'static str, &'static str)>,
    lookout: Lookout,
}

/// Who a message comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Originator {
    /// A messaging service, which picks the sender.
    Service(String),
    /// A number, a short code or an alphanumeric sender.
    From(String),
}

/// Why a text names nobody to send from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a number (\"+447400123456\"), a short code, an alphanumeric sender (up to 11 letters, digits and spaces, a letter \
     among them) or a messaging service (\"MG…\")"
)]
pub struct OriginatorError;

/// Who messages come from, by where they go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Originators {
    usual: Originator,
    by_country: HashMap<Country, Originator>,
}

impl Originators {
    /// Whom settings name; none where they name nobody for countries that have no sender of their own.
    #[must_use]
    pub fn new(config: &TwilioConfig) -> Option<Self> {
        let by_country = config.senders.iter().filter_map(|(country, sender)| {
            let country = Country::parse(country)?;
            Some((country, Originator::parse(sender).ok()?))
        });
        Some(Self {
            usual: Originator::new(config)?,
            by_country: by_country.collect(),
        })
    }

    /// The one of the number's own country, if it has one.
    fn own(&self, to: &PhoneNumber) -> Option<&Originator> {
        if self.by_country.is_empty() {
            return None;
        }
        let country = numbers::parse(to.expose(), None).ok()?.country?;
        self.by_country.get(&country)
    }
}

impl Originator {
    /// A messaging service by its SID, else a number, a short code or an alphanumeric sender.
    ///
    /// # Errors
    /// [`OriginatorError`]
    pub fn parse(text: &str) -> Result<Self, OriginatorError> {
        let is_service = text.len() == 34
            && text
                .strip_prefix("MG")
                .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if is_service {
            return Ok(Self::Service(text.to_owned()));
        }
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_from = match text.strip_prefix('+') {
            Some(digits) => (7..=15).contains(&digits.len()) && all_digits(digits),
            None if all_digits(text) => (3..=8).contains(&text.len()),
            None => {
                text.len() <= 11
                    && text.trim() == text
                    && text.bytes().any(|byte| byte.is_ascii_alphabetic())
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
            }
        };
        if is_from {
            Ok(Self::From(text.to_owned()))
        } else {
            Err(OriginatorError)
        }
    }

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
    /// Sends as one of `originators`, in the words of `texts`, with what `config` says of risk and retention.
    #[must_use]
    pub fn new(
        client: Arc<Client>,
        originators: Originators,
        texts: Texts,
        callbacks: StatusCallbacks,
        config: &TwilioConfig,
    ) -> Self {
        Self {
            lookout: Lookout::new(client.clone(), Resource::Messages, callbacks.are_asked_for()),
            client,
            originators,
            texts,
            callbacks,
            options: options(config),
        }
    }
}

#[async_trait::async_trait]
impl Sender for TwilioMessages {
    fn name(&self) -> &'static str {
        "messages"
    }

    async fn send(&self, message: &Message<'_>) -> SendOutcome {
        let code = match message.code.ours() {
            Ok(code) => code,
            Err(outcome) => return outcome,
        };
        let body = self.texts.of(message, code);
        let own = self.originators.own(message.to);
        let mut form = vec![
            ("To", message.to.expose().to_owned()),
            own.unwrap_or(&self.originators.usual).parameter(),
            ("Body", body),
            ("ValidityPeriod", validity_period(message.valid_for).to_string()),
        ];
        form.extend(
            self.options
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        let (verification, delivery) = (message.verification, message.delivery_id);
        if let Some(url) = self.callbacks.url("messages", verification, delivery) {
            form.push(("StatusCallback", url));
        }
        let outcome = self
            .client
            .create(Resource::Messages, &form, message.delivery_id)
            .await;
        match outcome {
            // It is one country's sender that cannot be used: the others still can.
            SendOutcome::Unusable if own.is_some() => SendOutcome::Rejected {
                reason: Some(DeliveryReason::Sender),
                error: Some(ErrorCode::SenderUnavailable),
            },
            outcome => outcome,
        }
    }

    fn tracker(&self) -> Option<&dyn Tracker> {
        Some(&self.lookout)
    }
}

/// The parameters that settings add to each message.
fn options(config: &TwilioConfig) -> Vec<(&'static str, &'static str)> {
    let risk = config.risk_check.map(RiskCheck::as_str);
    let content = config.content_retention.map(ContentRetention::as_str);
    let address = config.address_retention.map(AddressRetention::as_str);
    [
        ("RiskCheck", risk),
        ("ContentRetention", content),
        ("AddressRetention", address),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
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
