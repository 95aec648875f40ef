//! A whole server whose messages and calls go to a fake.

use crate::front::Front;
use crate::harness::{Reply, Started, TestServer};
use fake_twilio::{Behaviour, FakeTwilio, ScriptedAnswer, Sent};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What the account replies to whoever writes or calls.
pub const INCOMING: &str = "Nobody reads this: <help> & advice at example.com";

/// The auth token that the account moves to.
pub const SECOND_TOKEN: &str = "the-second-token";

/// A Verify service.
pub const SERVICE: &str = "VA00000000000000000000000000000003";

pub struct World {
    pub fake: FakeTwilio,
    pub server: TestServer,
    _front: Option<Front>,
}

impl World {
    /// Without a public URL.
    pub async fn new() -> Self {
        Self::with(None, &[]).await
    }

    /// With one that leads to the server, so that the fake can report.
    pub async fn public() -> Self {
        let front = Front::open().await;
        let url = front.url.clone();
        Self::with(Some(front), &[("HTTP__PUBLIC_URL", &url)]).await
    }

    /// Without a public URL, and with Lookup.
    pub async fn with_lookup() -> Self {
        Self::with(None, &[("TWILIO__LOOKUP", "true")]).await
    }

    /// With a Verify service alone.
    pub async fn verify(settings: &[(&str, &str)]) -> Self {
        let mut all = vec![
            ("SENDERS__SMS", "verify"),
            ("SENDERS__CALL", "verify"),
            ("TWILIO__VERIFY_SERVICE_SID", SERVICE),
        ];
        all.extend_from_slice(settings);
        Self::with(None, &all).await
    }

    pub async fn with(mut front: Option<Front>, settings: &[(&str, &str)]) -> Self {
        let fake = FakeTwilio::start().await.unwrap();
        let (url, account) = (fake.url(), fake.account().clone());
        let mut all = vec![
            ("TWILIO__ACCOUNT_SID", account.sid.as_str()),
            ("TWILIO__AUTH_TOKEN", account.auth_token.as_str()),
            ("TWILIO__SECONDARY_AUTH_TOKEN", SECOND_TOKEN),
            ("TWILIO__FROM", "+15005550006"),
            ("TWILIO__API_URL", url.as_str()),
            ("TWILIO__LOOKUPS_URL", url.as_str()),
            ("TWILIO__VERIFY_URL", url.as_str()),
            ("TWILIO__INCOMING_RESPONSE", INCOMING),
        ];
        all.extend_from_slice(settings);
        let mut server = TestServer::with(&all).await;
        if let Some(front) = &mut front {
            front.lead_to(server.authority());
            server.url.clone_from(&front.url);
        }
        Self {
            fake,
            server,
            _front: front,
        }
    }

    /// Starts by text message or by call.
    pub async fn try_start(&self, number: &str, channel: &str) -> Reply {
        let body = json!({ "site_key": "demo", "phone_number": number, "channel": channel });
        self.server.post("/v1/verifications", &body).await
    }

    /// Starts, and must succeed.
    pub async fn start(&self, number: &str, channel: &str) -> (Started, Value) {
        let reply = self.try_start(number, channel).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        (Started::of(&reply), reply.body)
    }

    /// The one message or call that may have reached `number`.
    #[track_caller]
    pub fn only_sent_to(&self, number: &str) -> Sent {
        let sent = self.fake.sent_to(number);
        assert_eq!(sent.len(), 1, "{sent:?}");
        sent[0].clone()
    }

    /// The paths below the service that were asked for, oldest first.
    pub fn asked_of_verify(&self) -> Vec<String> {
        let service = format!("/v2/Services/{SERVICE}/");
        let requests = self.fake.requests().into_iter();
        requests
            .filter_map(|request| request.path.strip_prefix(&service).map(str::to_owned))
            .collect()
    }

    /// How often Twilio was asked to compare a code.
    pub fn checks_asked(&self) -> usize {
        let paths = self.asked_of_verify();
        paths.iter().filter(|path| *path == "VerificationCheck").count()
    }

    /// Checks the code of the one message or call, and returns the token.
    pub async fn approve(&self, started: &Started, sent: &Sent) -> String {
        let reply = self.server.check(started, sent.code.as_deref().unwrap()).await;
        assert_eq!((reply.status, &reply.body["status"]), (200, &"approved".into()));
        reply.body["token"].as_str().unwrap().to_owned()
    }

    /// What the view says of the last delivery.
    pub async fn delivery(&self, started: &Started) -> (String, Option<String>) {
        let view = self.server.view(started).await.body;
        let text = |name: &str| view["delivery"][name].as_str().map(str::to_owned);
        (text("state").unwrap(), text("reason"))
    }
}

/// Twilio refuses everything so.
pub fn refusing(status: u16, code: u32) -> Behaviour {
    Behaviour {
        answer: Some(ScriptedAnswer {
            status,
            code: Some(code),
            message: None,
            headers: BTreeMap::new(),
        }),
        ..Behaviour::default()
    }
}
