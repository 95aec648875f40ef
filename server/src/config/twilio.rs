use super::value::{BaseUrl, secret};
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[twilio]`: one's own account. Twilio's usual variables (`TWILIO_ACCOUNT_SID`, …) are read too and lose to these.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TwilioConfig {
    /// The account: `AC` and 32 hexadecimal digits.
    pub account_sid: Option<String>,
    /// Authenticates requests where there is no API key, and proves that webhooks are Twilio's.
    #[serde(deserialize_with = "secret::optional")]
    pub auth_token: Option<SecretString>,
    /// The next auth token while the account is being moved to it: webhooks signed with either are taken.
    #[serde(deserialize_with = "secret::optional")]
    pub secondary_auth_token: Option<SecretString>,
    /// An API key's SID, `SK…`: authenticates requests in place of the auth token.
    pub api_key: Option<String>,
    /// That key's secret.
    #[serde(deserialize_with = "secret::optional")]
    pub api_key_secret: Option<SecretString>,
    /// The number that messages and calls come from, in E.164; messages also from an alphanumeric sender.
    pub from: Option<String>,
    /// A messaging service, `MG…`: messages come from its senders.
    pub messaging_service_sid: Option<String>,
    /// Who messages come from by country of the destination, in place of the former two: a number, an alphanumeric sender or a
    /// messaging service, as in `senders.GB = "Shop"`.
    pub senders: BTreeMap<String, String>,
    /// A Verify service, `VA…`.
    pub verify_service_sid: Option<String>,
    /// Whether that service takes codes of our own making (Twilio must allow it): it then is a sender like the others.
    pub verify_custom_code: bool,
    /// Whether Twilio's own protection against SMS pumping looks at each message. Without it: as Twilio does, which looks.
    pub risk_check: Option<RiskCheck>,
    /// Whether Twilio keeps the text of messages. Without it: as the account is set up.
    pub content_retention: Option<ContentRetention>,
    /// Whether Twilio keeps the numbers that messages went to. Without it: as the account is set up.
    pub address_retention: Option<AddressRetention>,
    /// Twilio's region, as in `ie1`.
    pub region: Option<String>,
    /// Twilio's edge location, as in `dublin`.
    pub edge: Option<String>,
    /// What whoever texts or calls the sending number is told.
    pub incoming_response: Option<String>,
    /// Whether a number's line type is asked of Twilio Lookup before the first send to it.
    pub lookup: bool,
    /// In place of `https://api.twilio.com`: scheme, host and port.
    pub api_url: Option<BaseUrl>,
    /// In place of `https://verify.twilio.com`.
    pub verify_url: Option<BaseUrl>,
    /// In place of `https://lookups.twilio.com`.
    pub lookups_url: Option<BaseUrl>,
}

/// `RiskCheck` of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskCheck {
    /// Messages are looked at, and those that look like pumping are not sent.
    Enable,
    /// They are sent unseen.
    Disable,
}

/// `ContentRetention` of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContentRetention {
    /// Twilio keeps the text.
    Retain,
    /// It forgets the text once the message has left.
    Discard,
}

/// `AddressRetention` of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressRetention {
    /// Twilio keeps the number.
    Retain,
    /// It strikes out the number's last digits once the message has left.
    Obfuscate,
}

impl RiskCheck {
    /// As Twilio's API has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enable => "enable",
            Self::Disable => "disable",
        }
    }
}

impl ContentRetention {
    /// As Twilio's API has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retain => "retain",
            Self::Discard => "discard",
        }
    }
}

impl AddressRetention {
    /// As Twilio's API has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retain => "retain",
            Self::Obfuscate => "obfuscate",
        }
    }
}

impl TwilioConfig {
    /// Whether requests can be authenticated: an account, and an auth token or a whole API key.
    #[must_use]
    pub fn can_authenticate(&self) -> bool {
        self.account_sid.is_some()
            && (self.auth_token.is_some() || (self.api_key.is_some() && self.api_key_secret.is_some()))
    }

    /// Whether an API key's SID is there without its secret, or the secret without it.
    #[must_use]
    pub fn half_a_key(&self) -> bool {
        self.api_key.is_some() != self.api_key_secret.is_some()
    }
}
