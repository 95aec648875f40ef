//! The listening side: connections that a script may break, and the handle for tests.

use crate::account::Account;
use crate::api;
use crate::behaviour::{Behaviour, Script};
use crate::call;
use crate::callback::WebhookCall;
use crate::console::Console;
use crate::control;
use crate::journal::{CallbackRecord, Journal, RequestRecord, Sent};
use crate::lookup::Line;
use crate::message;
use crate::resource::{Item, Kind};
use crate::verify::{VerificationRecord, Verifications};
use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt as _;

/// Marks a response that must not be sent: the connection is closed instead.
#[derive(Clone)]
pub(crate) struct HangUp;

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) account: Account,
    pub(crate) http: reqwest::Client,
    script: Mutex<Script>,
    journal: Mutex<Journal>,
    lines: Mutex<HashMap<String, Line>>,
    console: Mutex<Console>,
    verifications: Mutex<Verifications>,
    outages: mpsc::UnboundedSender<Duration>,
}

impl Shared {
    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn lines(&self) -> MutexGuard<'_, HashMap<String, Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn console(&self) -> MutexGuard<'_, Console> {
        self.console.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn verifications(&self) -> MutexGuard<'_, Verifications> {
        self.verifications.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses connections for so long, a moment from now.
    pub(crate) fn refuse_for(&self, pause: Duration) {
        // Without a receiver nothing listens any more.
        let _ = self.outages.send(pause);
    }

    pub(crate) fn json(&self, item: &Item) -> Value {
        match item.resource {
            Kind::Messages => message::json(item, &self.account),
            Kind::Calls => call::json(item, &self.account),
        }
    }
}

/// A running fake; it stops when it is dropped.
pub struct FakeTwilio {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl FakeTwilio {
    /// Listens on a free port of the loopback address, for the default account.
    ///
    /// # Errors
    /// The port cannot be had.
    pub async fn start() -> io::Result<Self> {
        Self::listen(SocketAddr::from(([127, 0, 0, 1], 0)), Account::default()).await
    }

    /// Listens on `address` for `account`.
    ///
    /// # Errors
    /// The address cannot be had.
    pub async fn listen(address: SocketAddr, account: Account) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (outages, asked) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            account,
            http: http_client().map_err(io::Error::other)?,
            script: Mutex::default(),
            journal: Mutex::default(),
            lines: Mutex::default(),
            console: Mutex::default(),
            verifications: Mutex::default(),
            outages,
        });
        let router = control::router()
            .fallback(api::handle)
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(accept(listener, address, router, asked));
        Ok(Self {
            address,
            shared,
            task,
        })
    }

    /// Sets the account up so from now on.
    pub fn set_up(&self, console: Console) {
        *self.shared.console() = console;
    }

    /// Where it listens: scheme, host and port, without a final slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The account that may ask.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.shared.account
    }

    /// Every API request so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.shared.journal().requests()
    }

    /// What any request asked for and the public description does not allow.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.requests()
            .into_iter()
            .flat_map(|request| request.violations)
            .collect()
    }

    /// What may have reached `to`, newest first.
    #[must_use]
    pub fn sent_to(&self, to: &str) -> Vec<Sent> {
        self.shared.journal().sent(Some(to))
    }

    /// What may have reached anybody, newest first.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        self.shared.journal().sent(None)
    }

    /// What Verify knows of `to`, oldest first, what has ended included.
    #[must_use]
    pub fn verifications_of(&self, to: &str) -> Vec<VerificationRecord> {
        self.shared.verifications().records(Some(to))
    }

    /// Ends every pending verification of Verify as its ten minutes do.
    pub fn expire_verifications(&self) {
        self.shared.verifications().expire();
    }

    /// The callbacks made so far, oldest first.
    #[must_use]
    pub fn callbacks(&self) -> Vec<CallbackRecord> {
        self.shared.journal().callbacks()
    }

    /// Follows `behaviour` from now on.
    pub fn behave(&self, behaviour: Behaviour) {
        self.shared.script().add(behaviour);
    }

    /// Has Lookup say this of `number` from now on.
    pub fn line(&self, number: &str, line: Line) {
        self.shared.lines().insert(number.to_owned(), line);
    }

    /// Follows no behaviour any more.
    pub fn behave_well(&self) {
        self.shared.script().clear();
    }

    /// Makes one request to a webhook.
    pub async fn call_webhook(&self, call: WebhookCall) -> CallbackRecord {
        self.shared.call_webhook(call).await
    }

    /// Refuses connections for so long, a moment from now, and closes those there are.
    pub fn refuse_for(&self, pause: Duration) {
        self.shared.refuse_for(pause);
    }

    /// Waits until the fake ends, which it does by itself only if its address is taken from it.
    pub async fn ended(mut self) {
        // It was aborted, or it panicked: both are its end.
        let _ = (&mut self.task).await;
    }
}

impl Drop for FakeTwilio {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the fake is its own program, and this is its one client"
)]
fn http_client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        // What Twilio gives a webhook.
        .timeout(Duration::from_secs(15))
        .build()
}

async fn accept(
    mut listener: TcpListener,
    address: SocketAddr,
    router: Router,
    mut outages: mpsc::UnboundedReceiver<Duration>,
) {
    let mut connections = JoinSet::new();
    loop {
        let pause = tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(serve(stream, router.clone()));
                }
                continue;
            }
            Some(_) = connections.join_next() => continue,
            Some(pause) = outages.recv() => pause,
        };
        // The call that asked for the outage is still to be answered.
        tokio::time::sleep(Duration::from_millis(50)).await;
        drop(listener);
        connections.shutdown().await;
        tokio::time::sleep(pause).await;
        let Ok(again) = TcpListener::bind(address).await else {
            return;
        };
        listener = again;
    }
}

async fn serve(stream: TcpStream, router: Router) {
    let service = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let response = match router.oneshot(request.map(Body::new)).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            match response.extensions().get::<HangUp>() {
                Some(HangUp) => Err(io::Error::other("scripted")),
                None => Ok(response),
            }
        }
    });
    // A broken connection is what scripts ask for.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
