use super::callback::StatusCallbacks;
use super::client::{Client, Resource};
use super::tracker::Lookout;
use super::twiml;
use crate::config::BaseUrl;
use crate::senders::{Message, SendOutcome, Sender, Tracker};
use phone_verify_domain::{Code, VerificationId};
use std::sync::Arc;

/// For how many seconds the phone may ring: shorter than most voicemails wait before they answer.
const RING_SECONDS: u32 = 25;

/// For how many seconds a call may last. Ten digits, three times, take little more than a minute.
const CALL_SECONDS: u32 = 120;

/// The same where the digits may be heard again.
const CALL_WITH_KEYS_SECONDS: u32 = 240;

/// The events of which Twilio reports; by itself it would report the end alone.
const EVENTS: [&str; 4] = ["initiated", "ringing", "answered", "completed"];

/// Voice calls by `Calls.json` that speak the digits.
pub struct TwilioCalls {
    client: Arc<Client>,
    from: String,
    callbacks: StatusCallbacks,
    key_gate: Option<KeyGate>,
    lookout: Lookout,
}

/// Where calls ask what to say once a key is pressed.
#[derive(Clone, Debug)]
pub struct KeyGate(BaseUrl);

impl KeyGate {
    /// Below the server's public URL.
    #[must_use]
    pub fn at(public_url: BaseUrl) -> Self {
        Self(public_url)
    }

    /// The URL for one call: it names the verification and the delivery, and holds nothing else.
    #[must_use]
    pub fn action(&self, verification: VerificationId, delivery: &str) -> String {
        format!(
            "{}/twilio/calls/code?verification={verification}&delivery={delivery}",
            self.0
        )
    }
}

impl TwilioCalls {
    /// Calls from `from`: a number of the account, or one verified as its caller id. With a gate the code is said only
    /// after a key was pressed, and Twilio learns it only then.
    #[must_use]
    pub fn new(
        client: Arc<Client>,
        from: String,
        callbacks: StatusCallbacks,
        key_gate: Option<KeyGate>,
    ) -> Self {
        Self {
            lookout: Lookout::new(client.clone(), Resource::Calls, callbacks.are_asked_for()),
            client,
            from,
            callbacks,
            key_gate,
        }
    }

    /// What is said as the call is taken, and for how many seconds the call may last.
    fn first_words(&self, message: &Message<'_>, code: &Code) -> (String, u32) {
        let (locale, site) = (message.locale, message.site_name);
        match &self.key_gate {
            Some(gate) => {
                let action = gate.action(message.verification, message.delivery_id);
                (twiml::ask_for_key(locale, site, &action), CALL_WITH_KEYS_SECONDS)
            }
            None => (twiml::speak_code(locale, site, code, None), CALL_SECONDS),
        }
    }
}

#[async_trait::async_trait]
impl Sender for TwilioCalls {
    fn name(&self) -> &'static str {
        "calls"
    }

    async fn send(&self, message: &Message<'_>) -> SendOutcome {
        let code = match message.code.ours() {
            Ok(code) => code,
            Err(outcome) => return outcome,
        };
        let (twiml, seconds) = self.first_words(message, code);
        let mut form = vec![
            ("To", message.to.expose().to_owned()),
            ("From", self.from.clone()),
            ("Twiml", twiml),
            ("Timeout", RING_SECONDS.to_string()),
            ("TimeLimit", seconds.to_string()),
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

    fn tracker(&self) -> Option<&dyn Tracker> {
        Some(&self.lookout)
    }
}
