use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A site's server that takes webhooks, or does not.
pub struct Receiver {
    pub url: String,
    shared: Arc<Shared>,
}

struct Shared {
    answer: Mutex<StatusCode>,
    got: Mutex<Vec<Got>>,
}

/// One request to it.
#[derive(Clone)]
pub struct Got {
    pub headers: HeaderMap,
    pub body: String,
    /// What it was answered.
    pub answer: StatusCode,
}

impl Got {
    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
}

impl Receiver {
    pub async fn open() -> Self {
        let shared = Arc::new(Shared {
            answer: Mutex::new(StatusCode::NO_CONTENT),
            got: Mutex::default(),
        });
        let app = Router::new()
            .route("/hook", post(take))
            .with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, shared }
    }

    pub fn answers(&self, status: u16) {
        *self.shared.answer.lock().unwrap() = StatusCode::from_u16(status).unwrap();
    }

    pub fn got(&self) -> Vec<Got> {
        self.shared.got.lock().unwrap().clone()
    }

    /// Waits until what it got is as it should be.
    pub async fn until(&self, is_so: impl Fn(&[Got]) -> bool) -> Vec<Got> {
        for _ in 0..400 {
            let got = self.got();
            if is_so(&got) {
                return got;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!(
            "it got {:?}",
            self.got().iter().map(Got::kind).collect::<Vec<_>>()
        );
    }
}

async fn take(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: String) -> StatusCode {
    let answer = *shared.answer.lock().unwrap();
    shared.got.lock().unwrap().push(Got {
        headers,
        body,
        answer,
    });
    answer
}
