use super::Guard;
use crate::admin::{self, PASSWORD};
use crate::harness::{NUMBER, Started, TestServer, start_body};
use crate::v2::{self, SERVICE};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

/// A route and who may use it.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub guard: Guard,
    /// Whether a request that is let through writes or sends something.
    pub changes: bool,
    /// Made of the browser's files, which this program may have been compiled without.
    pub built: bool,
}

fn row(method: Method, path: &'static str, guard: Guard) -> Route {
    let changes = !matches!(guard, Guard::Reads);
    Route {
        method,
        path,
        guard,
        changes,
        built: false,
    }
}

fn get(path: &'static str) -> Route {
    row(Method::GET, path, Guard::Reads)
}

fn post(path: &'static str, guard: Guard) -> Route {
    row(Method::POST, path, guard)
}

fn built(path: &'static str) -> Route {
    Route {
        built: true,
        ..get(path)
    }
}

/// Lets through what only reads.
fn reading(route: Route) -> Route {
    Route {
        changes: false,
        ..route
    }
}

/// All of them.
pub fn all() -> Vec<Route> {
    vec![
        get("/healthz"),
        get("/readyz"),
        get("/.well-known/jwks.json"),
        get("/openapi.json"),
        get("/openapi"),
        get("/openapi.css"),
        get("/favicon.ico"),
        get("/robots.txt"),
        built("/embed/v1/{file}"),
        built("/pkg/{*path}"),
        built("/static/{*path}"),
        get("/dev/outbox"),
        get("/dev/embedded"),
        get("/dev/embedded.js"),
        get("/dev/dev.css"),
        built("/"),
        post("/", Guard::OwnPages),
        built("/configurator"),
        built("/configurator/preview"),
        built("/verify/{session}"),
        post("/verify/{session}", Guard::OwnPages),
        get("/verify/{session}/continue"),
        post("/api/start_verification", Guard::OwnPages),
        post("/api/resend_code", Guard::OwnPages),
        post("/api/check_code", Guard::OwnPages),
        reading(post("/api/view_verification", Guard::OwnPages)),
        post("/api/cancel_verification", Guard::OwnPages),
        post("/v1/verifications", Guard::Site),
        reading(row(Method::GET, "/v1/verifications/{id}", Guard::Site)),
        row(Method::DELETE, "/v1/verifications/{id}", Guard::Site),
        post("/v1/verifications/{id}/resend", Guard::Site),
        post("/v1/verifications/{id}/check", Guard::Site),
        post("/v1/sessions", Guard::Secret),
        reading(row(Method::GET, "/v1/sessions/{session}", Guard::Secret)),
        post("/v1/tokens/redeem", Guard::Secret),
        post("/v1/siteverify", Guard::SecretField),
        reading(row(Method::GET, "/v1/subjects/{subject}/number", Guard::Secret)),
        row(Method::PUT, "/v1/subjects/{subject}/number", Guard::Secret),
        row(Method::DELETE, "/v1/subjects/{subject}/number", Guard::Secret),
        post("/v1/numbers/erase", Guard::Secret),
        reading(row(Method::GET, "/v2/Services", Guard::Secret)),
        reading(row(Method::GET, "/v2/Services/{service}", Guard::Secret)),
        post("/v2/Services/{service}/Verifications", Guard::Secret),
        reading(row(
            Method::GET,
            "/v2/Services/{service}/Verifications/{name}",
            Guard::Secret,
        )),
        post("/v2/Services/{service}/Verifications/{name}", Guard::Secret),
        post("/v2/Services/{service}/VerificationCheck", Guard::Secret),
        reading(row(Method::GET, "/v2/Attempts", Guard::Secret)),
        reading(row(Method::GET, "/v2/Attempts/Summary", Guard::Secret)),
        reading(row(Method::GET, "/v2/Attempts/{attempt}", Guard::Secret)),
        get("/admin/login"),
        post("/admin/login", Guard::OwnPages),
        get("/admin"),
        get("/admin/numbers"),
        post("/admin/numbers", Guard::OwnPages),
        get("/admin/budget"),
        get("/admin/breakers"),
        post("/admin/breakers", Guard::OwnPages),
        get("/admin/decisions"),
        get("/admin/sites"),
        get("/admin/log"),
        post("/admin/logout", Guard::OwnPages),
        post("/twilio/messages/status", Guard::Signature),
        post("/twilio/calls/status", Guard::Signature),
        post("/twilio/messages/inbound", Guard::Signature),
        post("/twilio/calls/inbound", Guard::Signature),
        post("/twilio/calls/code", Guard::Signature),
    ]
}

/// A body as the route reads it.
pub enum Body {
    Json(String),
    Form(String),
}

impl Body {
    pub fn text(&self) -> &str {
        let (Self::Json(text) | Self::Form(text)) = self;
        text
    }

    pub fn content_type(&self) -> &'static str {
        match self {
            Self::Json(_) => "application/json",
            Self::Form(_) => "application/x-www-form-urlencoded",
        }
    }
}

/// A request that the route lets through and carries out, if it comes from where it should.
pub struct Call {
    pub path: String,
    pub authorization: Option<String>,
    pub cookie: Option<String>,
    pub body: Option<Body>,
}

/// Makes ready what such a request needs, so that nothing but the guard can refuse it.
pub async fn ready(server: &TestServer, route: &Route) -> Call {
    match (&route.method, route.path) {
        (_, "/embed/v1/{file}") => bare("/embed/v1/phone-verify.css"),
        (_, path @ ("/pkg/{*path}" | "/static/{*path}")) => bare(&path.replace("{*path}", "x")),
        (_, path) if path.starts_with("/api/") => json(path, &function_body(server, path).await),
        (_, path) if path.starts_with("/v1/verifications") => of_browser(server, route).await,
        (_, path) if path.starts_with("/v1/") => of_host(server, route).await,
        (_, path) if path.starts_with("/v2/") => as_twilio(server, route).await,
        (_, path) if path.starts_with("/admin") => of_operator(server, route).await,
        (_, path) if path.starts_with("/twilio/") => form(path, &[("From", NUMBER), ("Body", "STOP")]),
        (&Method::POST, path) => {
            // Of two forms with the same nonce the second sends nothing.
            let nonce = server.outbox().await.first().map(|sent| sent["id"].to_string());
            let nonce = nonce.unwrap_or_default();
            let fields = [("do", "start"), ("phone_number", NUMBER), ("nonce", &nonce)];
            form(&path.replace("{session}", &session(server).await), &fields)
        }
        (_, path) => bare(&path.replace("{session}", &session(server).await)),
    }
}

async fn function_body(server: &TestServer, path: &str) -> Value {
    if path == "/api/start_verification" {
        return start_body(NUMBER);
    }
    let Started { id, secret } = server.started(NUMBER).await;
    let mut body = json!({ "id": id, "client_secret": secret });
    match path {
        "/api/resend_code" => {
            body["channel"] = "sms".into();
            body["phone_number"] = NUMBER.into();
        }
        "/api/check_code" => body["code"] = server.code().await.into(),
        _ => {}
    }
    body
}

async fn of_browser(server: &TestServer, route: &Route) -> Call {
    if route.path == "/v1/verifications" {
        return json(route.path, &start_body(NUMBER));
    }
    let Started { id, secret } = server.started(NUMBER).await;
    let path = route.path.replace("{id}", &id);
    let call = match route.path {
        "/v1/verifications/{id}/resend" => json(&path, &json!({ "channel": "sms", "phone_number": NUMBER })),
        "/v1/verifications/{id}/check" => json(&path, &json!({ "code": server.code().await })),
        _ => bare(&path),
    };
    Call {
        authorization: Some(format!("Bearer {secret}")),
        ..call
    }
}

async fn of_host(server: &TestServer, route: &Route) -> Call {
    let subject = "/v1/subjects/17/number";
    let call = match (&route.method, route.path) {
        (_, "/v1/sessions") => json(route.path, &json!({ "subject": "17" })),
        (_, "/v1/sessions/{session}") => bare(&format!("/v1/sessions/{}", session(server).await)),
        (_, "/v1/tokens/redeem") => json(route.path, &json!({ "token": token(server).await })),
        (_, "/v1/siteverify") => {
            let fields = [("secret", "demo-secret"), ("response", &token(server).await)];
            return form(route.path, &fields);
        }
        (&Method::PUT, _) if route.path.starts_with("/v1/subjects/") => {
            json(subject, &json!({ "token": token(server).await }))
        }
        (_, "/v1/subjects/{subject}/number") => {
            let body = json!({ "token": token(server).await });
            let claimed = server.host(Method::PUT, subject, &body).await;
            assert_eq!(claimed.status, 200, "{claimed:?}");
            bare(subject)
        }
        (_, "/v1/numbers/erase") => {
            server.started(NUMBER).await;
            json(route.path, &json!({ "phone_number": NUMBER }))
        }
        (method, path) => panic!("nothing is known of {method} {path}"),
    };
    Call {
        authorization: Some(format!("Basic {}", BASE64_STANDARD.encode("demo:demo-secret"))),
        ..call
    }
}

async fn as_twilio(server: &TestServer, route: &Route) -> Call {
    let of_service = "/v2/Services/{service}/Verifications".replace("{service}", SERVICE);
    let to = [("To", NUMBER), ("Channel", "sms")];
    // The number's live verification has so many sends.
    let live = format!("{of_service}/{NUMBER}");
    v2::call(server, Method::POST, &live, Some(&[("Status", "canceled")])).await;
    let path = route.path.replace("{service}", SERVICE);
    let call = if path == of_service {
        form(&path, &to)
    } else {
        let started = v2::call(server, Method::POST, &of_service, Some(&to)).await;
        let attempt = &started.body["send_code_attempts"][0]["attempt_sid"];
        let path = path
            .replace("{name}", started.body["sid"].as_str().unwrap())
            .replace("{attempt}", attempt.as_str().unwrap());
        match (&route.method, route.path) {
            (&Method::GET, _) => bare(&path),
            (_, "/v2/Services/{service}/VerificationCheck") => {
                form(&path, &[("To", NUMBER), ("Code", &server.code().await)])
            }
            _ => form(&path, &[("Status", "canceled")]),
        }
    };
    Call {
        authorization: Some(format!("Basic {}", BASE64_STANDARD.encode("demo:demo-secret"))),
        ..call
    }
}

async fn of_operator(server: &TestServer, route: &Route) -> Call {
    let log_in = form("/admin/login", &[("password", PASSWORD)]);
    let call = match (&route.method, route.path) {
        (&Method::POST, "/admin/login") => return log_in,
        (&Method::POST, "/admin/numbers") => form(route.path, &[("do", "look-up"), ("phone_number", NUMBER)]),
        (&Method::POST, "/admin/breakers") => form(route.path, &[("do", "close"), ("place", "US")]),
        (&Method::POST, path) => form(path, &[]),
        (_, "/admin/login") => return bare(route.path),
        (_, path) => bare(path),
    };
    Call {
        cookie: Some(admin::log_in_from(server, admin::fresh_address()).await),
        ..call
    }
}

async fn session(server: &TestServer) -> String {
    server.session(&json!({ "subject": "17" })).await
}

async fn token(server: &TestServer) -> String {
    server.token_of(&start_body(NUMBER)).await
}

fn bare(path: &str) -> Call {
    Call {
        path: path.to_owned(),
        authorization: None,
        cookie: None,
        body: None,
    }
}

fn json(path: &str, body: &Value) -> Call {
    Call {
        body: Some(Body::Json(body.to_string())),
        ..bare(path)
    }
}

fn form(path: &str, fields: &[(&str, &str)]) -> Call {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    Call {
        body: Some(Body::Form(body.finish())),
        ..bare(path)
    }
}
