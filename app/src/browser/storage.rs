//! What outlives a reload: one record per widget in the tab's own storage, so that the same verification goes on and no
//! message is sent twice.

use super::json::{self, ToJson};
use js_sys::Object;
use phone_verify_domain::{Timestamp, View};

/// What is remembered of one widget.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The number as typed; the server keeps none, and a resend needs it.
    pub number: String,
    /// The country chosen.
    pub country: String,
    /// The right to act on the verification.
    pub secret: Option<String>,
    /// The verification as last seen, and when.
    pub seen: Option<(View, Timestamp)>,
    /// The sending call under way or without an answer: its idempotency key and what it asked for.
    pub sending: Option<(String, String)>,
    /// The code whose check has no answer yet.
    pub checking: Option<String>,
}

/// One widget's place in the tab's storage. A browser that has none to give is served all the same.
#[derive(Clone, Debug, Default)]
pub struct Place(String);

impl Place {
    /// The place of the widget `slot` for this site and purpose.
    #[must_use]
    pub fn new(site_key: &str, purpose: Option<&str>, slot: &str) -> Self {
        let mut name = String::from("phone-verify");
        for part in [site_key, purpose.unwrap_or_default(), slot] {
            name.push(':');
            name.push_str(part);
        }
        Self(name)
    }

    /// What is remembered.
    #[must_use]
    pub fn read(&self) -> Option<Record> {
        let stored = json::parse(&storage()?.get_item(&self.0).ok()??)?;
        let view = json::view(&json::get(&stored, "view"));
        let seen = json::whole(&stored, "seen").and_then(|millis| i64::try_from(millis).ok());
        Some(Record {
            number: json::string(&stored, "number").unwrap_or_default(),
            country: json::string(&stored, "country").unwrap_or_default(),
            secret: json::string(&stored, "secret"),
            seen: view.zip(seen.map(Timestamp::from_millis)),
            sending: json::string(&stored, "key").zip(json::string(&stored, "for")),
            checking: json::string(&stored, "code"),
        })
    }

    /// Remembers.
    pub fn write(&self, record: &Record) {
        let object = Object::new();
        json::set_string(&object, "number", &record.number);
        json::set_string(&object, "country", &record.country);
        json::set_optional(&object, "secret", record.secret.as_ref());
        if let Some((view, seen)) = &record.seen {
            json::set(&object, "view", &view.to_json());
            json::set_number(&object, "seen", u64::try_from(seen.as_millis()).ok());
        }
        if let Some((key, asked)) = &record.sending {
            json::set_string(&object, "key", key);
            json::set_string(&object, "for", asked);
        }
        json::set_optional(&object, "code", record.checking.as_ref());
        if let Some(storage) = storage() {
            // A full or forbidden storage only costs the comfort of going on after a reload.
            let _ = storage.set_item(&self.0, &json::text(&object));
        }
    }

    /// Forgets.
    pub fn clear(&self) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(&self.0);
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok()?
}
