//! What the shop needs of a phone-verify server: published keys, and redeeming once.

use crate::browser::Form;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use order::Clock;
use phone_verify_token::{Claims, SigningKey, VerifyingKeys};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

pub const SECRET: &str = "demo-secret";

pub struct Issuer {
    pub url: String,
    state: Arc<Published>,
}

struct Published {
    keys: Mutex<Vec<SigningKey>>,
    redeemed: Mutex<HashSet<String>>,
    key_fetches: AtomicUsize,
    down: Mutex<bool>,
    now: AtomicI64,
}

impl Issuer {
    pub async fn start() -> Self {
        let state = Arc::new(Published {
            keys: Mutex::new(vec![SigningKey::generate().unwrap()]),
            redeemed: Mutex::default(),
            key_fetches: AtomicUsize::new(0),
            down: Mutex::new(false),
            now: AtomicI64::new(1_800_000_000),
        });
        let router = Router::new()
            .route("/.well-known/jwks.json", get(jwks))
            .route("/v1/tokens/redeem", post(redeem))
            .with_state(Arc::clone(&state));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, state }
    }

    /// The claims of a token that the shop takes for this form.
    pub fn claims(&self, form: &Form) -> Claims {
        let now = self.now();
        Claims {
            iss: self.url.clone(),
            aud: "demo".into(),
            sub: None,
            nonce: Some(form.nonce.clone()),
            jti: format!("jti-{}", form.nonce),
            iat: now,
            exp: now + 300,
            phone_number: None,
            phone_number_index: "ab".repeat(32),
            phone_number_verified: true,
            phone_verified_at: now,
            amr: vec!["sms".into()],
            purpose: Some("order".into()),
            country: "US".into(),
            origin: None,
        }
    }

    /// Signs with the newest key.
    pub fn sign(&self, claims: &Claims) -> String {
        self.state
            .keys
            .lock()
            .unwrap()
            .last()
            .unwrap()
            .sign(claims)
            .unwrap()
    }

    /// A good token for this form.
    pub fn token(&self, form: &Form) -> String {
        self.sign(&self.claims(form))
    }

    /// A new signing key; the old one stays published.
    pub fn rotate(&self) {
        let key = SigningKey::generate().unwrap();
        self.state.keys.lock().unwrap().push(key);
    }

    /// From now on every answer is 503.
    pub fn go_down(&self, down: bool) {
        *self.state.down.lock().unwrap() = down;
    }

    /// The time that the shop goes by too.
    pub fn now(&self) -> i64 {
        self.state.now.load(Ordering::SeqCst)
    }

    pub fn pass(&self, seconds: i64) {
        self.state.now.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn clock(&self) -> Clock {
        let state = Arc::clone(&self.state);
        Arc::new(move || state.now.load(Ordering::SeqCst))
    }

    pub fn key_fetches(&self) -> usize {
        self.state.key_fetches.load(Ordering::SeqCst)
    }

    pub fn redeemed(&self) -> usize {
        self.state.redeemed.lock().unwrap().len()
    }
}

async fn jwks(State(state): State<Arc<Published>>) -> Result<Json<Value>, StatusCode> {
    state.key_fetches.fetch_add(1, Ordering::SeqCst);
    if *state.down.lock().unwrap() {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    let keys = state.keys.lock().unwrap();
    let keys = VerifyingKeys::from_keys(keys.iter().map(SigningKey::verifying_key)).unwrap();
    Ok(Json(keys.to_jwks()))
}

async fn redeem(
    State(state): State<Arc<Published>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let basic = format!("Basic {}", STANDARD.encode(format!("demo:{SECRET}")));
    if *state.down.lock().unwrap() {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({})));
    }
    if headers.get(AUTHORIZATION).is_none_or(|given| *given != basic) {
        return (StatusCode::UNAUTHORIZED, Json(json!({})));
    }
    let token = body["token"].as_str().unwrap().to_owned();
    if state.redeemed.lock().unwrap().insert(token) {
        (StatusCode::OK, Json(json!({})))
    } else {
        (StatusCode::CONFLICT, Json(json!({ "code": "already_redeemed" })))
    }
}
