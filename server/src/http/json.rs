//! JSON read strictly: no key twice, no NUL, no deep nesting. No message repeats a value.

use serde::de::{DeserializeOwned, DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// Objects and arrays within each other; what is asked for is flat.
const MAX_DEPTH: u8 = 16;

/// Why text is not what was asked for, naming the field where there is one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JsonError {
    /// Not one JSON value, or one that is read differently by different readers.
    #[error("The body is not acceptable JSON: {0}.")]
    Malformed(String),
    /// A JSON value of another kind.
    #[error("The body is not a JSON object.")]
    NotAnObject,
    /// A field is not there.
    #[error("`{0}` is missing.")]
    Missing(String),
    /// A field is of another type.
    #[error("`{0}` has the wrong type.")]
    WrongType(String),
}

/// Reads an object as a `T`; fields that `T` does not know are passed over.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    let object = Value::Object(object(bytes)?);
    serde_path_to_error::deserialize(object).map_err(|error| {
        let path = error.path().to_string();
        let message = error.inner().to_string();
        let missing = message
            .strip_prefix("missing field `")
            .and_then(|rest| rest.split('`').next());
        match missing {
            Some(field) => JsonError::Missing(field.to_owned()),
            None => JsonError::WrongType(path),
        }
    })
}

/// Reads an object of any shape.
pub(crate) fn object(bytes: &[u8]) -> Result<Map<String, Value>, JsonError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0 }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| JsonError::Malformed(reason(&error)))?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(JsonError::NotAnObject),
    }
}

/// What is wrong, without the text around it.
fn reason(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Data => {
            // The reasons given below; the parser adds where it was.
            let message = error.to_string();
            message.split(" at line ").next().unwrap_or_default().to_owned()
        }
        serde_json::error::Category::Eof => "it ends too early".to_owned(),
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => format!(
            "a syntax error at line {}, column {}",
            error.line(),
            error.column()
        ),
    }
}

/// Reads any value and refuses what is ambiguous.
#[derive(Clone, Copy)]
struct Strict {
    depth: u8,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom("it is nested too deeply"));
        }
        Ok(Self {
            depth: self.depth + 1,
        })
    }
}

fn without_nul<E: Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') {
        Err(E::custom("it contains NUL"))
    } else {
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Value, E> {
        Ok(truth.into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        without_nul(text)?;
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let deeper = self.deeper()?;
        let mut list = Vec::new();
        while let Some(value) = seq.next_element_seed(deeper)? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let deeper = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            without_nul(&key)?;
            let value = map.next_value_seed(deeper)?;
            if object.contains_key(&key) {
                return Err(Error::custom(twice(&key)));
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

fn twice(key: &str) -> String {
    let is_a_name = key.len() <= 32 && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_a_name {
        format!("`{key}` is there twice")
    } else {
        "a key is there twice".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Shape {
        code: String,
        #[serde(default)]
        country: Option<String>,
    }

    fn refusal(text: &str) -> String {
        read::<Shape>(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn the_documented_shape_is_read_and_more_is_passed_over() {
        let shape: Shape =
            read(br#" {"code": "1", "country": null, "later": {"a": [1, 2.5, -1, true]}} "#).unwrap();
        assert_eq!(
            shape,
            Shape {
                code: "1".into(),
                country: None
            }
        );
    }

    #[test]
    fn the_field_at_fault_is_named_and_its_value_kept_back() {
        assert_eq!(refusal("{}"), "`code` is missing.");
        assert_eq!(refusal(r#"{"code": 123456}"#), "`code` has the wrong type.");
        assert_eq!(refusal(r#"{"code": null}"#), "`code` has the wrong type.");
        assert_eq!(
            refusal(r#"{"code": "1", "country": ["US"]}"#),
            "`country` has the wrong type."
        );
        assert!(refusal(r#"{"code": "1", "code": "2"}"#).contains("`code` is there twice"));
        assert!(refusal(r#"{"code": "1", "co\u0064e": "2"}"#).contains("`code` is there twice"));
    }

    #[test]
    fn what_is_ambiguous_or_broken_is_refused() {
        for text in [
            "",
            "{",
            "null",
            "[]",
            r#"["1"]"#,
            r#""code""#,
            "{}{}",
            "{'code': '1'}",
            "\u{feff}{\"code\": \"1\"}",
            r#"{"code": "1",}"#,
            r#"{"code": "\ud800"}"#,
            r#"{"code": "1\u0000"}"#,
            r#"{"code": NaN}"#,
            r#"{"code": "1", "a": {"b": 1, "b": 1}}"#,
            r#"{"code": "1", "a\u0000": 1}"#,
            r#"{"code": 1e999}"#,
        ] {
            assert!(read::<Shape>(text.as_bytes()).is_err(), "{text}");
        }
        assert!(read::<Shape>(b"{\"code\": \"\xff\"}").is_err());
    }

    #[test]
    fn deep_nesting_is_refused_however_deep() {
        for depth in [usize::from(MAX_DEPTH), 200, 4_000] {
            let text = format!(
                r#"{{"code": "1", "a": {}{}}}"#,
                "[".repeat(depth),
                "]".repeat(depth)
            );
            assert!(refusal(&text).contains("not acceptable JSON"), "{depth}");
        }
    }
}
