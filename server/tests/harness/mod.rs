//! A whole server on a real port with a real database in a folder of its own, and a client that speaks HTTP to it.
#![allow(dead_code, unused_imports, reason = "each test program uses its own part")]

mod broken_store;
mod reply;
mod senders;
mod wire;

pub use broken_store::BrokenStore;
pub use reply::Reply;
pub use senders::{Gate, SendersOf};
pub use wire::Wire;

use phone_verify::clock::{Clock, ManualClock};
use phone_verify::compose::{Overrides, compose, open_store};
use phone_verify::config::Config;
use phone_verify::store::Store;
use phone_verify_domain::Timestamp;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// An ordinary number of a mobile phone.
pub const NUMBER: &str = "+12025550134";
/// Another.
pub const OTHER_NUMBER: &str = "+447400123456";
/// No code that was ever sent, in a shape that could be one.
pub const NO_ID: &str = "00000000000000000000000000000000";

/// A running server; it ends with its test.
pub struct TestServer {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// What the server takes for the time.
    pub clock: Arc<ManualClock>,
    client: reqwest::Client,
    /// One that is not led elsewhere.
    staying: reqwest::Client,
    folder: TempDir,
    config: Config,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<tokio::task::JoinHandle<()>>,
}

impl TestServer {
    /// Development as it comes, without pacing and spacing, so that a test says itself what it waits for.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// The same with settings: `("LIMITS__NUMBER__SPACING", "60s")`.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::compose(settings, Overrides::default()).await
    }

    /// The same with other parts.
    pub async fn compose(settings: &[(&str, &str)], overrides: Overrides) -> Self {
        let folder = TempDir::new().unwrap();
        let mut environment: BTreeMap<String, String> = BTreeMap::new();
        let mut set = |name: &str, value: &str| {
            environment.insert(format!("PHONE_VERIFY__{name}"), value.to_owned());
        };
        set("DATA_DIR", folder.path().join("data").to_str().unwrap());
        set("KEYS_DIR", folder.path().join("keys").to_str().unwrap());
        set("LIMITS__NUMBER__SPACING", "0s");
        set("LIMITS__CHECKS__PACING_FACTOR", "0s");
        for (name, value) in settings {
            set(name, value);
        }
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_800_000_000_000)));
        let mut server = Self {
            url: String::new(),
            clock,
            client: client(reqwest::redirect::Policy::default()),
            staying: client(reqwest::redirect::Policy::none()),
            folder,
            config: Config::parse(None, &environment).unwrap(),
            stop: None,
            serving: None,
        };
        server.serve(overrides).await;
        server
    }

    async fn serve(&mut self, overrides: Overrides) {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let overrides = Overrides {
            clock: Some(clock),
            ..overrides
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = compose(&self.config, address, overrides).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        self.url = format!("http://{address}");
        self.stop = Some(stop);
        self.serving = Some(tokio::spawn(server.serve(listener, async {
            let _ = stopped.await;
        })));
    }

    /// The paths of all its routes.
    pub async fn paths(&self) -> BTreeSet<String> {
        let address = self.authority().parse().unwrap();
        let server = compose(&self.config, address, Overrides::default()).await;
        // A router tells its paths to nobody but the debugger.
        let described = format!("{:?}", server.unwrap().routes());
        let paths = described.split('"').filter(|text| text.starts_with('/'));
        paths
            .filter(|path| !path.contains("axum_fallback"))
            .map(str::to_owned)
            .collect()
    }

    /// Stops it and starts it again with the same folder, on another port.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.serve(Overrides::default()).await;
    }

    /// `127.0.0.1:PORT`
    pub fn authority(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Its database, opened a second time: what the server wrote down, not what it says.
    pub async fn store(&self) -> Arc<dyn Store> {
        open_store(&self.config).await.unwrap()
    }

    /// The folder that the server may write into.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Stops it as SIGTERM does, and waits for its end.
    pub async fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(serving) = self.serving.take() {
            serving.await.unwrap();
        }
    }

    /// A request to a path of this server.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path)).await
    }

    /// The same without being led elsewhere.
    pub async fn get_here(&self, path: &str) -> Reply {
        Reply::of(self.request_here(Method::GET, path)).await
    }

    /// A request that is not led elsewhere.
    pub fn request_here(&self, method: Method, path: &str) -> RequestBuilder {
        self.staying.request(method, format!("{}{path}", self.url))
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        Reply::of(self.request(Method::POST, path).json(body)).await
    }

    /// `POST /v1/verifications` for the demo site.
    pub async fn try_start(&self, number: &str) -> Reply {
        self.post("/v1/verifications", &start_body(number)).await
    }

    /// The same, and it must succeed.
    pub async fn started(&self, number: &str) -> Started {
        let reply = self.try_start(number).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        Started::of(&reply)
    }

    pub async fn check(&self, started: &Started, code: &str) -> Reply {
        let path = format!("/v1/verifications/{}/check", started.id);
        let body = json!({ "code": code });
        Reply::of(
            self.request(Method::POST, &path)
                .bearer_auth(&started.secret)
                .json(&body),
        )
        .await
    }

    pub async fn resend(&self, started: &Started, body: &Value) -> Reply {
        let path = format!("/v1/verifications/{}/resend", started.id);
        Reply::of(
            self.request(Method::POST, &path)
                .bearer_auth(&started.secret)
                .json(body),
        )
        .await
    }

    pub async fn view(&self, started: &Started) -> Reply {
        let path = format!("/v1/verifications/{}", started.id);
        Reply::of(self.request(Method::GET, &path).bearer_auth(&started.secret)).await
    }

    pub async fn cancel(&self, started: &Started) -> Reply {
        let path = format!("/v1/verifications/{}", started.id);
        Reply::of(self.request(Method::DELETE, &path).bearer_auth(&started.secret)).await
    }

    /// The messages of the outbox, newest first.
    pub async fn outbox(&self) -> Vec<Value> {
        let reply = Reply::of(
            self.request(Method::GET, "/dev/outbox")
                .header("accept", "application/json"),
        )
        .await;
        reply.body.as_array().unwrap().clone()
    }

    /// The code of the newest message.
    pub async fn code(&self) -> String {
        self.outbox().await[0]["code"].as_str().unwrap().to_owned()
    }

    /// A verification that was started and approved, and its token.
    pub async fn approved(&self) -> (Started, String) {
        let started = self.started(NUMBER).await;
        let reply = self.check(&started, &self.code().await).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let token = reply.body["token"].as_str().unwrap().to_owned();
        (started, token)
    }

    /// `POST /v1/tokens/redeem` as the demo site's server.
    pub async fn redeem(&self, token: &str) -> Reply {
        self.redeem_as("demo", "demo-secret", token).await
    }

    pub async fn redeem_as(&self, key: &str, secret: &str, token: &str) -> Reply {
        let body = json!({ "token": token });
        Reply::of(
            self.request(Method::POST, "/v1/tokens/redeem")
                .basic_auth(key, Some(secret))
                .json(&body),
        )
        .await
    }

    /// A call of the host API as the demo site's server.
    pub async fn host(&self, method: Method, path: &str, body: &Value) -> Reply {
        self.host_as("demo", method, path, body).await
    }

    /// The same as the server of the site `key`, whose secret is `key-secret`.
    pub async fn host_as(&self, key: &str, method: Method, path: &str, body: &Value) -> Reply {
        let request = self
            .request(method, path)
            .basic_auth(key, Some(format!("{key}-secret")));
        Reply::of(if body.is_null() {
            request
        } else {
            request.json(body)
        })
        .await
    }

    /// A session of the demo site's, which must begin.
    pub async fn session(&self, body: &Value) -> String {
        let reply = self.host(Method::POST, "/v1/sessions", body).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.body["session"].as_str().unwrap().to_owned()
    }

    /// Starts with this body, checks the code that was sent, and returns the token.
    pub async fn token_of(&self, body: &Value) -> String {
        let reply = self.post("/v1/verifications", body).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        let checked = self.check(&Started::of(&reply), &self.code().await).await;
        assert_eq!(checked.status, 200, "{checked:?}");
        checked.body["token"].as_str().unwrap().to_owned()
    }

    /// A connection of bytes.
    pub async fn wire(&self) -> Wire {
        Wire::to(self.authority()).await
    }
}

/// What a browser keeps of a verification.
#[derive(Clone, Debug)]
pub struct Started {
    pub id: String,
    pub secret: String,
}

impl Started {
    pub fn of(reply: &Reply) -> Self {
        let text = |name: &str| reply.body[name].as_str().unwrap().to_owned();
        Self {
            id: text("id"),
            secret: text("client_secret"),
        }
    }
}

pub fn start_body(number: &str) -> Value {
    json!({ "site_key": "demo", "phone_number": number, "channel": "sms" })
}

/// A code that is not `code`.
pub fn wrong(code: &str) -> String {
    let digit = if code.starts_with('0') { '1' } else { '0' };
    format!("{digit}{}", &code[1..])
}

#[expect(clippy::disallowed_methods, reason = "the tests' own client")]
fn client(redirects: reqwest::redirect::Policy) -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(redirects)
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}
