//! Twilio Verify's shape.

mod access;
mod attempts;
mod checks;
mod ends;
mod errors;
mod libraries;
mod races;
mod services;
mod starts;

use crate::harness::{NUMBER, Reply, TestServer};
use reqwest::Method;
use serde_json::Value;

/// The demo site's names: the SHA-256 of its key.
pub const SERVICE: &str = "VA2a97516c354b68848cdbd8f54a226a0a";
pub const ACCOUNT: &str = "AC2a97516c354b68848cdbd8f54a226a0a";

/// A call with the demo site's credentials; a form where there is one.
pub async fn call(server: &TestServer, method: Method, path: &str, form: Option<&[(&str, &str)]>) -> Reply {
    let request = server
        .request(method, path)
        .basic_auth(ACCOUNT, Some("demo-secret"));
    Reply::of(match form {
        Some(form) => request.form(form),
        None => request,
    })
    .await
}

pub async fn post(server: &TestServer, path: &str, form: &[(&str, &str)]) -> Reply {
    let path = format!("/v2/Services/{SERVICE}/{path}");
    call(server, Method::POST, &path, Some(form)).await
}

pub async fn get(server: &TestServer, path: &str) -> Reply {
    let path = format!("/v2/Services/{SERVICE}/{path}");
    call(server, Method::GET, &path, None).await
}

pub async fn try_start(server: &TestServer, number: &str) -> Reply {
    post(server, "Verifications", &[("To", number), ("Channel", "sms")]).await
}

/// A verification that was started, as it was answered.
pub async fn started(server: &TestServer) -> Value {
    let reply = try_start(server, NUMBER).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.body
}

pub async fn check(server: &TestServer, code: &str) -> Reply {
    post(server, "VerificationCheck", &[("To", NUMBER), ("Code", code)]).await
}

pub fn text<'a>(body: &'a Value, field: &str) -> &'a str {
    body[field].as_str().unwrap()
}

impl Reply {
    /// The answer is this error, in Twilio's shape and no other.
    #[track_caller]
    pub fn assert_twilio(&self, status: u16, code: u32) {
        assert_eq!(
            (self.status, &self.body["code"], &self.body["status"]),
            (status, &code.into(), &status.into()),
            "{self:?}"
        );
        assert_eq!(self.header("content-type"), "application/json");
        let explained = format!("https://www.twilio.com/docs/errors/{code}");
        assert_eq!(self.body["more_info"], explained);
        assert!(!self.body["message"].as_str().unwrap().is_empty());
        assert_eq!(self.body.as_object().unwrap().len(), 4, "{self:?}");
    }
}
