use super::callback::StatusCallbacks;
use super::client::{Client, Resource};
use super::twiml;
use crate::senders::{Message, SendOutcome, Sender};
use std::sync::Arc;

/// For how many seconds the phone may ring: shorter than most voicemails wait before they answer.
const RING_SECONDS: u32 = 25;

/// For how many seconds a call may last. Ten digits, three times, take little more than a minute.
const CALL_SECONDS: u32 = 120;

/// The events of which Twilio reports; by itself it would report the end alone.
const EVENTS: [&str; 4] = ["initiated", "ringing", "answered", "completed"];

/// Voice calls by `Calls.json` that speak the digits.
pub struct TwilioCalls {
    client: Arc<Client>,
    from: String,
    callbacks: StatusCallbacks,
}

impl TwilioCalls {
    /// Calls from `from`: a number of the account, or one verified as its caller id.
    #[must_use]
    pub fn new(client: Arc<Client>, from: String, callbacks: StatusCallbacks) -> Self {
        Self {
            client,
            from,
            callbacks,
        }
    }
}

#[async_trait::async_trait]
impl Sender for TwilioCalls {
    fn name(&self) -> &'static str {
        "calls"
    }

    async fn send(&self, message: &Message<'_>) -> SendOutcome {
        let mut form = vec![
            ("To", message.to.expose().to_owned()),
            ("From", self.from.clone()),
            (
                "Twiml",
                twiml::speak_code(message.locale, message.site_name, message.code),
            ),
            ("Timeout", RING_SECONDS.to_string()),
            ("TimeLimit", CALL_SECONDS.to_string()),
        ];
        let (verification, delivery) = (message.verification, message.delivery_id);
        if let Some(url) = self.callbacks.url("calls", verification, delivery) {
            form.push(("StatusCallback", url));
            form.extend(EVENTS.map(|event| ("StatusCallbackEvent", event.to_owned())));
        }
        self.client
            .create(Resource::Calls, &form, message.delivery_id)
            .await
    }
}
