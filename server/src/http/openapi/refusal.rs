//! Which refusals a call may answer with: declared beside its handler, as the words of contract 1 or as Twilio's numbers.

use super::schema::one_of;
use phone_verify_domain::ErrorCode;
use std::collections::BTreeMap;
use utoipa::openapi::{
    AllOf, Content, Header, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Schema, Type,
};

/// Answers by status, as `utoipa` collects them.
pub(in crate::http) type Responses = BTreeMap<String, RefOr<Response>>;

/// Names the refusals of calls: each becomes a type that can stand in `responses(…)`.
macro_rules! refusals {
    ($($(#[$meta:meta])* $name:ident = [$($code:ident),+ $(,)?];)+) => {$(
        $(#[$meta])*
        pub(in crate::http) enum $name {}

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>> {
                $crate::http::openapi::Refusals(&[$(phone_verify_domain::ErrorCode::$code),+]).responses()
            }
        }
    )+};
}
pub(in crate::http) use refusals;

/// Refusals as problem details.
pub(in crate::http) struct Refusals(pub(in crate::http) &'static [ErrorCode]);

impl Refusals {
    /// One answer for each status, with the words that it may have.
    pub(in crate::http) fn responses(&self) -> Responses {
        let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
        for code in self.0 {
            by_status.entry(code.status()).or_default().push(*code);
            // A body that is dripped is as malformed, and its status says that it was late.
            if *code == ErrorCode::TooLarge {
                by_status.insert(408, vec![ErrorCode::InvalidRequest]);
            }
        }
        let answers = by_status.into_iter();
        answers
            .map(|(status, codes)| (status.to_string(), of_status(status, &codes).into()))
            .collect()
    }
}

fn of_status(status: u16, codes: &[ErrorCode]) -> Response {
    let said: Vec<_> = codes
        .iter()
        .map(|code| format!("`{}`: {}.", code.as_str(), code.title()))
        .collect();
    let narrowed = ObjectBuilder::new()
        .property("code", one_of(codes.iter().map(|code| code.as_str())))
        .required("code");
    let narrowed = match status {
        429 => narrowed.required("retry_in"),
        _ => narrowed,
    };
    let mut schema = AllOf::new();
    schema.items = vec![Ref::from_schema_name("Problem").into(), narrowed.build().into()];
    ResponseBuilder::new()
        .description(said.join(" "))
        .content(
            "application/problem+json",
            Content::new(Some(Schema::AllOf(schema))),
        )
        .with_headers(status)
        .build()
}

/// Refusals as Twilio tells them: status, number and what it says.
pub(in crate::http) struct TwilioRefusals(pub(in crate::http) &'static [(u16, u32, &'static str)]);

impl TwilioRefusals {
    /// One answer for each status, with the numbers that it may have.
    pub(in crate::http) fn responses(&self) -> Responses {
        let mut by_status: BTreeMap<u16, Vec<(u32, &str)>> = BTreeMap::new();
        for (status, code, said) in self.0 {
            by_status.entry(*status).or_default().push((*code, said));
        }
        let answers = by_status.into_iter().map(|(status, codes)| {
            let said: Vec<_> = codes
                .iter()
                .map(|(code, said)| format!("{code}: {said}."))
                .collect();
            let numbers = ObjectBuilder::new()
                .schema_type(Type::Integer)
                .enum_values(Some(codes.iter().map(|(code, _)| *code)))
                .build();
            let narrowed = ObjectBuilder::new().property("code", numbers).required("code");
            let mut schema = AllOf::new();
            schema.items = vec![
                Ref::from_schema_name("TwilioRefusal").into(),
                narrowed.build().into(),
            ];
            let response = ResponseBuilder::new()
                .description(said.join(" "))
                .content("application/json", Content::new(Some(Schema::AllOf(schema))))
                .with_headers(status);
            (status.to_string(), response.build().into())
        });
        answers.collect()
    }
}

/// The headers that go with a status.
trait WithHeaders {
    fn with_headers(self, status: u16) -> Self;
}

impl WithHeaders for ResponseBuilder {
    fn with_headers(self, status: u16) -> Self {
        let header = |said: &str, schema: ObjectBuilder| {
            let mut header = Header::new(schema.build());
            header.description = Some(said.to_owned());
            header
        };
        let text = || ObjectBuilder::new().schema_type(Type::String);
        match status {
            401 => self.header("WWW-Authenticate", header("How to authenticate.", text())),
            429 | 503 => {
                let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
                let said = "Seconds after which another try may succeed, where waiting helps.";
                self.header("Retry-After", header(said, seconds))
            }
            _ => self,
        }
    }
}
