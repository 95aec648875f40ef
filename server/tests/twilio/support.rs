//! Senders that talk to a fake.

use crate::world::SERVICE;
use fake_twilio::FakeTwilio;
use phone_verify::config::{BaseUrl, TwilioConfig};
use phone_verify::random::{Random, RandomError};
use phone_verify::senders::text::Texts;
use phone_verify::senders::twilio::{Patience, Twilio, TwilioCalls, TwilioMessages, TwilioVerify};
use phone_verify::senders::{Carried, Message, SendOutcome, Sender};
use phone_verify_domain::{Channel, Code, PhoneNumber, VerificationId};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The verification of these tests, as it is written.
pub const VERIFICATION: &str = "07070707070707070707070707070707";

/// Names the deliveries of these tests.
pub const DELIVERY: &str = "00112233445566778899aabbccddeeff";

/// A number that nothing is special about.
pub const TO: &str = "+12025550134";

/// Patience for tests in which Twilio does not answer.
pub const SHORT: Patience = Patience {
    request: Duration::from_millis(400),
    overall: Duration::from_secs(2),
    throttled: Duration::from_secs(1),
};

/// Draws the shortest waits.
pub struct Zeros;

impl Random for Zeros {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        bytes.fill(0);
        Ok(())
    }
}

/// The HTTP client as the server builds it, but for proxies of the machine that runs the tests.
#[expect(clippy::disallowed_methods, reason = "tests are their own composition")]
pub fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(2))
        .timeout(Duration::from_secs(8))
        .build()
        .unwrap()
}

/// `[twilio]` for a fake, with the auth token and a number.
pub fn config(fake: &FakeTwilio) -> TwilioConfig {
    TwilioConfig {
        account_sid: Some(fake.account().sid.clone()),
        auth_token: Some(fake.account().auth_token.clone().into()),
        from: Some("+15005550006".to_owned()),
        verify_service_sid: Some(SERVICE.to_owned()),
        api_url: BaseUrl::parse(&fake.url()),
        verify_url: BaseUrl::parse(&fake.url()),
        ..TwilioConfig::default()
    }
}

/// Both senders.
pub struct Senders {
    pub messages: TwilioMessages,
    pub calls: TwilioCalls,
    pub verify: TwilioVerify,
}

impl Senders {
    pub fn new(config: &TwilioConfig, public_url: Option<&str>, patience: Patience) -> Self {
        let public_url = public_url.map(|url| BaseUrl::parse(url).unwrap());
        let random = Arc::new(Zeros);
        let twilio = Twilio::new(config, public_url.as_ref(), http(), random, patience).unwrap();
        Self {
            messages: twilio.messages(Texts::new(&BTreeMap::new()).unwrap()).unwrap(),
            calls: twilio.calls(None).unwrap(),
            verify: twilio.verify().unwrap().unwrap(),
        }
    }

    /// To the fake, with the auth token and a number.
    pub fn to(fake: &FakeTwilio) -> Self {
        Self::new(&config(fake), None, Patience::default())
    }

    /// Sends the code 012345 to a number on one channel.
    pub async fn send(&self, channel: Channel, to: &str) -> SendOutcome {
        let code = Code::parse("012345", 6).unwrap();
        match channel {
            Channel::Sms => self.by(&self.messages, channel, to, Carried::Ours(&code)).await,
            Channel::Call => self.by(&self.calls, channel, to, Carried::Ours(&code)).await,
        }
    }

    /// Has Verify send a code of its own.
    pub async fn send_by_verify(&self, channel: Channel, to: &str) -> SendOutcome {
        self.by(&self.verify, channel, to, Carried::Providers).await
    }

    async fn by(&self, sender: &dyn Sender, channel: Channel, to: &str, code: Carried<'_>) -> SendOutcome {
        let (calling_code, national) = to[1..].split_at(1);
        let to = PhoneNumber::new(calling_code.parse().unwrap(), national).unwrap();
        let message = Message {
            verification: VerificationId::from_bytes([7; 16]),
            delivery_id: DELIVERY,
            to: &to,
            channel,
            code,
            site_name: "Tom & Jerry <shop>",
            bound_to: None,
            locale: Some("en-GB"),
            valid_for: Duration::from_millis(599_500),
        };
        sender.send(&message).await
    }
}

/// Names and values as a form holds them.
pub fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
