use js_sys::{Function, Object};
use phone_verify_app::browser::json::{ToJson, set, set_number, set_string};
use phone_verify_app::{Event, Listener};
use send_wrapper::SendWrapper;
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// Tells the loader what happens: a kind and a detail, the ones that pages get as `phone-verify:<kind>`, and `token`, by
/// which the loader keeps the form's field.
pub(crate) fn listener(on_event: Function) -> Listener {
    let on_event = SendWrapper::new(on_event);
    Arc::new(move |event| {
        let (kind, detail) = message(event);
        // What the page's own listeners throw is the page's matter, and the loader's to report.
        let _ = on_event.call2(&JsValue::UNDEFINED, &JsValue::from_str(kind), &detail);
    })
}

fn message(event: Event) -> (&'static str, JsValue) {
    let detail = Object::new();
    let kind = match event {
        Event::Ready => "ready",
        Event::Token(token) => return ("token", JsValue::from_str(&token.unwrap_or_default())),
        Event::State { state, previous } => {
            set_string(&detail, "state", state.as_str());
            set_string(&detail, "previous", previous.as_str());
            "state"
        }
        Event::Sent {
            channel,
            verification,
        } => {
            set_string(&detail, "channel", channel.as_str());
            set(&detail, "verification", &verification.to_json());
            "sent"
        }
        Event::Verified { token, verification } => {
            set_string(&detail, "token", &token);
            set(&detail, "verification", &verification.to_json());
            "verified"
        }
        Event::Error {
            code,
            message,
            retry_in,
        } => {
            set_string(&detail, "code", code.as_str());
            set_string(&detail, "message", &message);
            set_number(&detail, "retry_in", retry_in);
            "error"
        }
        Event::VerificationExpired => {
            set_string(&detail, "what", "verification");
            "expired"
        }
        Event::TokenExpired => {
            set_string(&detail, "what", "token");
            "expired"
        }
    };
    (kind, detail.into())
}
