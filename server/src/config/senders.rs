use super::{Mode, TwilioConfig};
use serde::Deserialize;

/// `[senders]`: what delivers, in order; the next one is tried only where the one before surely sent nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SendersConfig {
    /// Text messages.
    pub sms: Option<Vec<SenderName>>,
    /// Voice calls.
    pub call: Option<Vec<SenderName>>,
}

/// What can deliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SenderName {
    /// Twilio's Messages.
    Messages,
    /// Twilio's Calls.
    Calls,
    /// Twilio Verify.
    Verify,
    /// An HTTP service of one's own.
    Http,
    /// Nothing leaves: `/dev/outbox` shows it. Development only.
    Outbox,
}

impl SenderName {
    /// The name in `[senders]`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Calls => "calls",
            Self::Verify => "verify",
            Self::Http => "http",
            Self::Outbox => "outbox",
        }
    }
}

/// The senders of each channel, in order; a channel without one is not available.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routes {
    /// Text messages.
    pub sms: Vec<SenderName>,
    /// Voice calls.
    pub call: Vec<SenderName>,
}

impl Routes {
    /// Whether no message leaves.
    #[must_use]
    pub fn are_outbox_only(&self) -> bool {
        let mut all = self.sms.iter().chain(&self.call);
        all.all(|sender| *sender == SenderName::Outbox)
    }
}

impl SendersConfig {
    /// Which senders are used. With `[senders]`, a channel that it does not name is not available. Without it: `from` or `messaging_service_sid` gives messages and `from` gives calls,
    /// else `verify_service_sid` gives verify for both, else development has the outbox.
    #[must_use]
    pub fn routes(&self, twilio: &TwilioConfig, mode: Mode) -> Routes {
        let found = if twilio.can_authenticate() {
            from_twilio(twilio)
        } else {
            None
        };
        let chosen = found.unwrap_or_else(|| match mode {
            Mode::Development => both(&[SenderName::Outbox]),
            Mode::Production => both(&[]),
        });
        match (&self.sms, &self.call) {
            (None, None) => chosen,
            (sms, call) => Routes {
                sms: sms.clone().unwrap_or_default(),
                call: call.clone().unwrap_or_default(),
            },
        }
    }
}

fn from_twilio(twilio: &TwilioConfig) -> Option<Routes> {
    let from = twilio.from.is_some();
    if from || twilio.messaging_service_sid.is_some() {
        Some(Routes {
            sms: vec![SenderName::Messages],
            call: if from { vec![SenderName::Calls] } else { Vec::new() },
        })
    } else if twilio.verify_service_sid.is_some() {
        Some(both(&[SenderName::Verify]))
    } else {
        None
    }
}

fn both(senders: &[SenderName]) -> Routes {
    Routes {
        sms: senders.to_vec(),
        call: senders.to_vec(),
    }
}
