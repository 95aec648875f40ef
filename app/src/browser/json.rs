//! The wire types of contract 1, read and written field by field through the browser's own JSON: a Rust parser would be
//! a fifth of the whole widget.

use js_sys::{JSON, Object, Reflect};
use phone_verify_domain::{
    ApiError, Channel, CheckRequest, DeliveryReason, DeliveryState, DeliveryView, ErrorCode, ResendRequest,
    StartRequest, Status, View,
};
use wasm_bindgen::JsValue;

/// Parses JSON text; `None` where it is none.
#[must_use]
pub fn parse(text: &str) -> Option<JsValue> {
    JSON::parse(text).ok()
}

/// JSON text.
#[must_use]
pub fn text(value: &JsValue) -> String {
    JSON::stringify(value).map(String::from).unwrap_or_default()
}

/// A member of an object; `undefined` where there is none.
#[must_use]
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A member that is a string.
#[must_use]
pub fn string(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

/// A member that is a whole number of at least 0.
#[must_use]
pub fn whole(object: &JsValue, name: &str) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast saturates"
    )]
    get(object, name)
        .as_f64()
        .filter(|number| *number >= 0.0)
        .map(|number| number as u64)
}

/// Sets a member.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a member of a plain object does not fail.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// Sets a member to a string.
pub fn set_string(object: &Object, name: &str, value: &str) {
    set(object, name, &JsValue::from_str(value));
}

/// Sets a member to a string, if there is one.
pub fn set_optional(object: &Object, name: &str, value: Option<&String>) {
    if let Some(value) = value {
        set_string(object, name, value);
    }
}

/// Sets a member to a number or null.
pub fn set_number(object: &Object, name: &str, value: Option<u64>) {
    #[expect(clippy::cast_precision_loss, reason = "seconds and counts are far below 2^53")]
    let value = value.map_or(JsValue::NULL, |value| JsValue::from_f64(value as f64));
    set(object, name, &value);
}

/// A request as JSON text.
#[must_use]
pub fn request_text(request: &StartRequest) -> String {
    text(&request.to_json())
}

/// What is written as a JSON object.
pub trait ToJson {
    /// The object.
    fn to_json(&self) -> Object;
}

impl ToJson for StartRequest {
    fn to_json(&self) -> Object {
        let object = Object::new();
        set_string(&object, "site_key", &self.site_key);
        set_string(&object, "phone_number", &self.phone_number);
        for (name, value) in [
            ("country", &self.country),
            ("channel", &self.channel),
            ("locale", &self.locale),
            ("session", &self.session),
            ("nonce", &self.nonce),
            ("purpose", &self.purpose),
            ("challenge", &self.challenge),
        ] {
            set_optional(&object, name, value.as_ref());
        }
        object
    }
}

impl ToJson for ResendRequest {
    fn to_json(&self) -> Object {
        let object = Object::new();
        set_string(&object, "channel", &self.channel);
        set_string(&object, "phone_number", &self.phone_number);
        set_optional(&object, "country", self.country.as_ref());
        object
    }
}

impl ToJson for CheckRequest {
    fn to_json(&self) -> Object {
        let object = Object::new();
        set_string(&object, "code", &self.code);
        set_optional(&object, "phone_number", self.phone_number.as_ref());
        set_optional(&object, "country", self.country.as_ref());
        object
    }
}

/// The view as pages and the storage get it: without the client secret and without the token.
impl ToJson for View {
    fn to_json(&self) -> Object {
        let object = Object::new();
        set_string(&object, "id", &self.id);
        set_string(&object, "status", self.status.as_str());
        set_string(&object, "channel", self.channel.as_str());
        set_string(&object, "to", &self.to);
        for (name, number) in [
            ("code_length", Some(u64::from(self.code_length))),
            ("attempts_left", Some(u64::from(self.attempts_left))),
            ("sends_left", Some(u64::from(self.sends_left))),
            ("next_sms_in", self.next_sms_in),
            ("next_call_in", self.next_call_in),
            ("next_check_in", self.next_check_in),
            ("expires_in", self.expires_in),
        ] {
            set_number(&object, name, number);
        }
        if let Some(delivery) = self.delivery {
            let member = Object::new();
            set_string(&member, "state", delivery.state.as_str());
            let reason = delivery
                .reason
                .map_or(JsValue::NULL, |reason| JsValue::from_str(reason.as_str()));
            set(&member, "reason", &reason);
            set(&object, "delivery", &member);
        }
        object
    }
}

/// Reads a view; `None` where it is not of the documented shape.
#[must_use]
pub fn view(object: &JsValue) -> Option<View> {
    let count = |name| whole(object, name).and_then(|count| u32::try_from(count).ok());
    let delivery = get(object, "delivery");
    Some(View {
        id: string(object, "id")?,
        status: Status::parse(&string(object, "status")?)?,
        channel: Channel::parse(&string(object, "channel")?)?,
        to: string(object, "to")?,
        code_length: u8::try_from(whole(object, "code_length")?).ok()?,
        attempts_left: count("attempts_left")?,
        sends_left: count("sends_left")?,
        next_sms_in: whole(object, "next_sms_in"),
        next_call_in: whole(object, "next_call_in"),
        next_check_in: whole(object, "next_check_in"),
        expires_in: whole(object, "expires_in"),
        delivery: string(&delivery, "state")
            .and_then(|state| DeliveryState::parse(&state))
            .map(|state| DeliveryView {
                state,
                reason: string(&delivery, "reason").and_then(|reason| DeliveryReason::parse(&reason)),
            }),
        client_secret: string(object, "client_secret"),
        token: string(object, "token"),
    })
}

/// Reads a problem; `None` where it is not of the documented shape.
#[must_use]
pub fn problem(object: &JsValue) -> Option<ApiError> {
    let mut error = ApiError::new(ErrorCode::parse(&string(object, "code")?)?, "");
    error.retry_in = whole(object, "retry_in");
    error.verification = view(&get(object, "verification")).map(Box::new);
    #[cfg(feature = "server-functions")]
    put_demand(&mut error, object);
    Some(error)
}

/// The work that a refusal asks for.
#[cfg(feature = "server-functions")]
fn put_demand(error: &mut ApiError, object: &JsValue) {
    let challenge = get(object, "challenge");
    if challenge.is_object() {
        error.proof = Some(Box::new(phone_verify_domain::ProofDemand {
            challenge: text(&challenge),
            solver: string(object, "solver"),
        }));
    }
}
