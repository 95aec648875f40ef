//! Verify v2: `/v2/Services/{Sid}/Verifications` and `VerificationCheck`.

use crate::api::scripted;
use crate::behaviour::Resource;
use crate::journal::Ticket;
use crate::listener::Shared;
use crate::magic;
use crate::parameters::{self, Form};
use crate::refusal::Refusal;
use crate::request::ApiRequest;
use crate::resource::{Item, Kind, new_sid, sid_with};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

/// How long a code is good, from the first start (docs/verify/api/rate-limits-and-timeouts).
const SECONDS: i64 = 600;

/// Sends and checks of one verification (codes 60203 and 60202).
const SENDS: usize = 5;
const CHECKS: u32 = 5;

/// What a path of Verify names.
pub(crate) struct Route {
    service: String,
    /// The segments after the service.
    rest: Vec<String>,
}

impl Route {
    /// The route at a path, if it is one of Verify's.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let mut segments = path.strip_prefix("/v2/Services/")?.split('/');
        let service = segments.next()?.to_owned();
        let rest = segments.map(|segment| segment.replace("%2B", "+")).collect();
        Some(Self { service, rest })
    }
}

/// One verification, as the fake's own paths show it.
#[derive(Clone, Debug, Serialize)]
pub struct VerificationRecord {
    /// `VE` and 32 hexadecimal digits.
    pub sid: String,
    /// To whom.
    pub to: String,
    /// As Twilio calls its states.
    pub status: String,
    /// The digits.
    pub code: String,
    /// How often it was sent.
    pub sends: usize,
    /// How often a code was compared.
    pub checks: u32,
}

/// Everything that Verify knows.
#[derive(Default)]
pub(crate) struct Verifications(Vec<Verification>);

struct Verification {
    sid: String,
    service: String,
    to: String,
    status: &'static str,
    code: String,
    created: Timestamp,
    updated: Timestamp,
    checks: u32,
    /// When, by which channel, and the attempt's SID.
    sends: Vec<(Timestamp, String, String)>,
}

impl Verifications {
    pub(crate) fn records(&self, to: Option<&str>) -> Vec<VerificationRecord> {
        let wanted = self.0.iter().filter(|one| to.is_none_or(|to| one.to == to));
        wanted
            .map(|one| VerificationRecord {
                sid: one.sid.clone(),
                to: one.to.clone(),
                status: one.status_at(Timestamp::now()).to_owned(),
                code: one.code.clone(),
                sends: one.sends.len(),
                checks: one.checks,
            })
            .collect()
    }

    pub(crate) fn expire(&mut self) {
        for one in self.0.iter_mut().filter(|one| one.is_live(Timestamp::now())) {
            one.status = "expired";
        }
    }

    /// The live one of a number, or of a SID.
    fn live(&mut self, service: &str, name: &str, now: Timestamp) -> Option<&mut Verification> {
        self.0
            .iter_mut()
            .find(|one| one.service == service && (one.to == name || one.sid == name) && one.is_live(now))
    }

    /// A start: the live one of the number once more, or a new one.
    fn start(&mut self, service: &str, form: &Form) -> Result<&mut Verification, Refusal> {
        let now = Timestamp::now();
        let to = form
            .get("To")
            .ok_or_else(|| Refusal::violation(60200, "Missing required parameter To"))?;
        let channel = form
            .get("Channel")
            .ok_or_else(|| Refusal::violation(60200, "Missing required parameter Channel"))?;
        magic::verify_to(to, channel)?;
        let live = self
            .0
            .iter()
            .position(|one| one.service == service && one.to == to && one.is_live(now));
        let index = live.unwrap_or(self.0.len());
        if live.is_none() {
            self.0.push(Verification {
                sid: sid_with("VE"),
                service: service.to_owned(),
                to: to.to_owned(),
                status: "pending",
                code: drawn_code(),
                created: now,
                updated: now,
                checks: 0,
                sends: Vec::new(),
            });
        }
        let one = &mut self.0[index];
        if one.checks >= CHECKS {
            return Err(Refusal::new(429, 60202, "Max check attempts reached"));
        }
        if one.sends.len() >= SENDS {
            return Err(Refusal::new(429, 60203, "Max send attempts reached"));
        }
        if let Some(code) = form.get("CustomCode") {
            code.clone_into(&mut one.code);
        }
        one.sends.push((now, channel.to_owned(), sid_with("VL")));
        one.updated = now;
        Ok(one)
    }

    fn check(&mut self, service: &str, form: &Form) -> Result<Value, Refusal> {
        let now = Timestamp::now();
        let (Some(code), Some(name)) = (form.get("Code"), form.get("VerificationSid").or(form.get("To")))
        else {
            return Err(Refusal::violation(
                60200,
                "Code, and To or VerificationSid, are required",
            ));
        };
        let one = self
            .live(service, name, now)
            .ok_or_else(|| not_found(service, "VerificationCheck"))?;
        if one.checks >= CHECKS {
            return Err(Refusal::new(429, 60202, "Max check attempts reached"));
        }
        one.checks += 1;
        one.updated = now;
        if one.code == code {
            one.status = "approved";
        }
        Ok(one.checked(&one.service))
    }
}

impl Verification {
    fn status_at(&self, now: Timestamp) -> &'static str {
        match self.status {
            "pending" if now.as_second() - self.created.as_second() >= SECONDS => "expired",
            "pending" if self.checks >= CHECKS => "max_attempts_reached",
            status => status,
        }
    }

    /// Whether Twilio still knows it: one whose checks are spent stays until its time is over.
    fn is_live(&self, now: Timestamp) -> bool {
        matches!(self.status_at(now), "pending" | "max_attempts_reached")
    }

    fn channel(&self) -> &str {
        self.sends.last().map_or("sms", |(_, channel, _)| channel)
    }

    fn checked(&self, service: &str) -> Value {
        json!({
            "sid": self.sid,
            "service_sid": service,
            "to": self.to,
            "channel": self.channel(),
            "status": self.status_at(self.updated),
            "valid": self.status == "approved",
            "amount": null,
            "payee": null,
            "date_created": iso8601(self.created),
            "date_updated": iso8601(self.updated),
            "sna_attempts_error_codes": [],
        })
    }

    fn json(&self) -> Value {
        let attempts: Vec<Value> = self
            .sends
            .iter()
            .map(|(at, channel, sid)| {
                json!({ "time": iso8601(*at), "channel": channel.to_uppercase(), "attempt_sid": sid })
            })
            .collect();
        json!({
            "sid": self.sid,
            "service_sid": self.service,
            "to": self.to,
            "channel": self.channel(),
            "status": self.status_at(self.updated),
            "valid": self.status == "approved",
            "lookup": {},
            "amount": null,
            "payee": null,
            "send_code_attempts": attempts,
            "date_created": iso8601(self.created),
            "date_updated": iso8601(self.updated),
            "sna": null,
            "url": format!(
                "https://verify.twilio.com/v2/Services/{}/Verifications/{}",
                self.service, self.sid
            ),
        })
    }

    /// What reaches the phone.
    fn item(&self) -> Item {
        let digits: Vec<String> = self.code.chars().map(String::from).collect();
        let (kind, content) = match self.channel() {
            "call" => (
                Kind::Calls,
                format!(
                    "<Response>{}</Response>",
                    format!("<Say>{}</Say>", digits.join(" ")).repeat(3)
                ),
            ),
            _ => (
                Kind::Messages,
                format!("Your Shop verification code is: {}", self.code),
            ),
        };
        Item {
            resource: kind,
            sid: new_sid(kind),
            to: self.to.clone(),
            from: None,
            messaging_service_sid: None,
            content: Some(content),
            created: self.updated,
            updated: self.updated,
            status: "sent".to_owned(),
            error_code: None,
            status_callback: None,
            events: Vec::new(),
            price: None,
        }
    }
}

/// Answers a request to Verify.
pub(crate) async fn answer(
    fake: &Arc<Shared>,
    request: &ApiRequest,
    route: &Route,
    ticket: Ticket,
) -> Result<Response, Refusal> {
    if request.strange_body {
        return Err(Refusal::violation(20422, "The body is not a form"));
    }
    if !is_service(&route.service) {
        return Err(Refusal::not_found(&request.path));
    }
    let rest: Vec<&str> = route.rest.iter().map(String::as_str).collect();
    match (rest.as_slice(), &request.method) {
        (["Verifications"], &Method::POST) => start(fake, request, &route.service, ticket).await,
        (["VerificationCheck"], &Method::POST) => check(fake, request, &route.service, ticket).await,
        (["Verifications", name], &Method::GET) => {
            parameters::check(&request.query, parameters::NONE)?;
            let shown = fake
                .verifications()
                .live(&route.service, name, Timestamp::now())
                .map(|one| one.json())
                .ok_or_else(|| Refusal::not_found(&request.path))?;
            Ok(ok(fake, ticket, shown))
        }
        (["Verifications", name], &Method::POST) => {
            parameters::check(&request.form, parameters::UPDATE_VERIFICATION)?;
            let mut verifications = fake.verifications();
            let one = verifications
                .live(&route.service, name, Timestamp::now())
                .ok_or_else(|| Refusal::not_found(&request.path))?;
            one.status = match request.form.get("Status") {
                Some("approved") => "approved",
                Some(_) => "canceled",
                None => return Err(Refusal::violation(60200, "Missing required parameter Status")),
            };
            one.updated = Timestamp::now();
            let shown = one.json();
            drop(verifications);
            Ok(ok(fake, ticket, shown))
        }
        (["Verifications" | "VerificationCheck"] | ["Verifications", _], _) => {
            Err(Refusal::new(405, 20004, "Method not allowed"))
        }
        _ => Err(Refusal::not_found(&request.path)),
    }
}

async fn start(
    fake: &Arc<Shared>,
    request: &ApiRequest,
    service: &str,
    ticket: Ticket,
) -> Result<Response, Refusal> {
    parameters::check(&request.form, parameters::START_VERIFICATION)?;
    let to = request.form.get("To").unwrap_or_default();
    let behaviour = fake.script().take(Resource::Verifications, to);
    let mut shown = Value::Null;
    if behaviour.sends() {
        let (json, item) = {
            let mut verifications = fake.verifications();
            let one = verifications.start(service, &request.form)?;
            (one.json(), one.item())
        };
        fake.journal().take(item);
        shown = with_account(fake, json);
    }
    tokio::time::sleep(Duration::from_millis(behaviour.delay_ms)).await;
    let (status, code, response) = scripted(&behaviour, StatusCode::CREATED, &shown);
    fake.journal().answered(ticket, status.as_u16(), code);
    Ok(response)
}

async fn check(
    fake: &Arc<Shared>,
    request: &ApiRequest,
    service: &str,
    ticket: Ticket,
) -> Result<Response, Refusal> {
    parameters::check(&request.form, parameters::CHECK_VERIFICATION)?;
    let to = {
        let name = request.form.get("VerificationSid").or(request.form.get("To"));
        let name = name.unwrap_or_default();
        let mut verifications = fake.verifications();
        let live = verifications.live(service, name, Timestamp::now());
        live.map_or_else(|| name.to_owned(), |one| one.to.clone())
    };
    let behaviour = fake.script().take(Resource::VerificationChecks, &to);
    let mut shown = Value::Null;
    if behaviour.sends() {
        let json = fake.verifications().check(service, &request.form)?;
        shown = with_account(fake, json);
    }
    tokio::time::sleep(Duration::from_millis(behaviour.delay_ms)).await;
    let (status, code, response) = scripted(&behaviour, StatusCode::OK, &shown);
    fake.journal().answered(ticket, status.as_u16(), code);
    Ok(response)
}

fn ok(fake: &Shared, ticket: Ticket, shown: Value) -> Response {
    fake.journal().answered(ticket, 200, None);
    axum::Json(with_account(fake, shown)).into_response()
}

fn with_account(fake: &Shared, mut shown: Value) -> Value {
    shown["account_sid"] = fake.account.sid.clone().into();
    shown
}

fn not_found(service: &str, resource: &str) -> Refusal {
    Refusal::not_found(&format!("/v2/Services/{service}/{resource}"))
}

/// Every well-formed service is there, but for one of f alone.
fn is_service(sid: &str) -> bool {
    sid.strip_prefix("VA").is_some_and(|rest| {
        rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()) && rest != "f".repeat(32)
    })
}

/// Six digits that no test can know beforehand.
fn drawn_code() -> String {
    let seed = Sha256::digest(sid_with("VE"));
    seed.iter().take(6).fold(String::new(), |mut code, byte| {
        // Writing to a String cannot fail.
        let _ = write!(code, "{}", byte % 10);
        code
    })
}

/// ISO 8601, as in `2015-07-30T20:00:00Z`.
fn iso8601(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
