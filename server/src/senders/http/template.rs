use crate::senders::Message;
use phone_verify_domain::Code;
use serde_json::Value;

/// The JSON that is posted, with places for what differs from message to message.
#[derive(Clone, Debug)]
pub(super) struct Template(Value);

/// Why a text is no template.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Not JSON.
    #[error("http_sender.body: it is not JSON")]
    NotJson,
    /// A place that nothing is known to fill.
    #[error(
        "http_sender.body: `{{{0}}}` is not known: use to, text, code, channel, locale, site, delivery, verification, seconds"
    )]
    Unknown(String),
    /// Nobody to send to, or nothing to send.
    #[error("http_sender.body: it needs {{to}}, and {{text}} or {{code}}")]
    Incomplete,
}

/// What a place is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    To,
    Text,
    Code,
    Channel,
    Locale,
    Site,
    Delivery,
    Verification,
    Seconds,
}

impl Place {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "to" => Self::To,
            "text" => Self::Text,
            "code" => Self::Code,
            "channel" => Self::Channel,
            "locale" => Self::Locale,
            "site" => Self::Site,
            "delivery" => Self::Delivery,
            "verification" => Self::Verification,
            "seconds" => Self::Seconds,
            _ => return None,
        })
    }
}

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, TemplateError> {
        let value: Value = serde_json::from_str(text).map_err(|_| TemplateError::NotJson)?;
        let mut places = Vec::new();
        let mut unknown = None;
        visit(&value, &mut |text| {
            for piece in pieces(text) {
                match piece {
                    Piece::Text(_) => {}
                    Piece::Place(name) => match Place::parse(name) {
                        Some(place) => places.push(place),
                        None => unknown = Some(name.to_owned()),
                    },
                }
            }
        });
        if let Some(name) = unknown {
            return Err(TemplateError::Unknown(name));
        }
        let has = |place| places.contains(&place);
        if has(Place::To) && (has(Place::Text) || has(Place::Code)) {
            Ok(Self(value))
        } else {
            Err(TemplateError::Incomplete)
        }
    }

    /// The body for one message with `code` whose words are `text`. What is filled in is part of a JSON string and nothing else,
    /// whatever is in it, and is not looked through for places.
    pub(super) fn fill(&self, message: &Message<'_>, code: &Code, text: &str) -> Value {
        filled(&self.0, &|place| match place {
            Place::To => message.to.expose().to_owned(),
            Place::Text => text.to_owned(),
            Place::Code => code.expose().to_owned(),
            Place::Channel => message.channel.to_string(),
            Place::Locale => message.locale.unwrap_or("en").to_owned(),
            Place::Site => message.site_name.to_owned(),
            Place::Delivery => message.delivery_id.to_owned(),
            Place::Verification => message.verification.to_string(),
            Place::Seconds => message.valid_for.as_secs().to_string(),
        })
    }
}

fn visit(value: &Value, look: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => look(text),
        Value::Array(values) => values.iter().for_each(|value| visit(value, look)),
        Value::Object(fields) => fields.values().for_each(|value| visit(value, look)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn filled(value: &Value, of: &impl Fn(Place) -> String) -> Value {
    match value {
        Value::String(text) => {
            let filled = pieces(text).map(|piece| match piece {
                Piece::Text(text) => text.to_owned(),
                Piece::Place(name) => Place::parse(name).map(of).unwrap_or_default(),
            });
            Value::String(filled.collect())
        }
        Value::Array(values) => values.iter().map(|value| filled(value, of)).collect(),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), filled(value, of)));
            Value::Object(fields.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

enum Piece<'a> {
    Text(&'a str),
    /// A word of lower-case letters in braces, without them.
    Place(&'a str),
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
        if let Some(inside) = rest.strip_prefix('{')
            && let Some((name, after)) = inside.split_once('}')
            && is_name(name)
        {
            rest = after;
            return Some(Piece::Place(name));
        }
        // The first byte is taken even where it is a brace that begins no place.
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, character)| *character == '{')
            .map_or(rest.len(), |(index, _)| index);
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Text(piece))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::senders::Carried;
    use phone_verify_domain::{Channel, Code, PhoneNumber, VerificationId};
    use serde_json::json;
    use std::time::Duration;

    fn fill(template: &str, site_name: &str, text: &str) -> Value {
        let code = Code::parse("012345", 6).unwrap();
        let message = Message {
            verification: VerificationId::from_bytes([7; 16]),
            delivery_id: "0a",
            to: &PhoneNumber::new(1, "2025550134").unwrap(),
            channel: Channel::Sms,
            code: Carried::Ours(&code),
            site_name,
            bound_to: None,
            locale: Some("de"),
            valid_for: Duration::from_millis(599_900),
        };
        Template::parse(template).unwrap().fill(&message, &code, text)
    }

    #[test]
    fn places_in_strings_at_any_depth_are_filled_and_nothing_else_is_touched() {
        let template = r#"{"{to}": 1, "a": [{"b": "{to}/{code}"}, null, true, 2.5], "{": "{}{ {TO} {code"}"#;
        assert_eq!(
            fill(template, "Shop", "text"),
            json!({"{to}": 1, "a": [{"b": "+12025550134/012345"}, null, true, 2.5], "{": "{}{ {TO} {code"})
        );
        assert_eq!(
            fill(
                r#"["{to} {text} {channel} {locale} {site} {delivery} {verification} {seconds}"]"#,
                "Shop",
                "Hi"
            ),
            json!(["+12025550134 Hi sms de Shop 0a 07070707070707070707070707070707 599"])
        );
    }

    #[test]
    fn what_is_filled_in_can_be_neither_json_nor_a_place() {
        let evil = r#"", "to": "+19005550199", "x": "{code}\"#;
        let body = fill(
            r#"{"to": "{to}", "text": "{text}", "from": "{site}"}"#,
            evil,
            evil,
        );
        assert_eq!(body, json!({"to": "+12025550134", "text": evil, "from": evil}));
        let again: Value = serde_json::from_str(&body.to_string()).unwrap();
        assert_eq!(again, body);
    }

    #[test]
    fn a_template_that_could_not_send_is_refused() {
        let error = |text| Template::parse(text).unwrap_err();
        assert_eq!(error("{to} {code}"), TemplateError::NotJson);
        assert_eq!(error(r#"{"to": "{to}"}"#), TemplateError::Incomplete);
        assert_eq!(error(r#"{"{to}": "{code}"}"#), TemplateError::Incomplete);
        assert_eq!(
            error(r#"["{to}", "{code}", "{number}"]"#),
            TemplateError::Unknown("number".to_owned())
        );
    }
}
