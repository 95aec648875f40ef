//! How the server functions' arguments and answers travel: flat JSON objects, by `serde_json` on the server and by the
//! browser's own JSON in the browser.

use bytes::Bytes;
use phone_verify_domain::{ApiError, CheckRequest, ErrorCode, ResendRequest, StartRequest, View};
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use server_fn::{ContentType, Decodes, Encodes, Format, FormatType};

/// The arguments of `start_verification`.
#[derive(Clone)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize, serde::Deserialize))]
pub struct StartCall {
    /// As in contract 1.
    #[cfg_attr(feature = "ssr", serde(flatten))]
    pub request: StartRequest,
    /// The `Idempotency-Key` of contract 1.
    pub idempotency_key: Option<String>,
}

/// The arguments of `resend_code`.
#[derive(Clone)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize, serde::Deserialize))]
pub struct ResendCall {
    /// Which verification.
    #[cfg_attr(feature = "ssr", serde(flatten))]
    pub ticket: TicketCall,
    /// As in contract 1.
    #[cfg_attr(feature = "ssr", serde(flatten))]
    pub request: ResendRequest,
    /// The `Idempotency-Key` of contract 1.
    pub idempotency_key: Option<String>,
}

/// The arguments of `check_code`.
#[derive(Clone)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize, serde::Deserialize))]
pub struct CheckCall {
    /// Which verification.
    #[cfg_attr(feature = "ssr", serde(flatten))]
    pub ticket: TicketCall,
    /// As in contract 1.
    #[cfg_attr(feature = "ssr", serde(flatten))]
    pub request: CheckRequest,
}

/// The arguments of `view_verification` and `cancel_verification`.
#[derive(Clone)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize, serde::Deserialize))]
pub struct TicketCall {
    /// The verification.
    pub id: String,
    /// The right to act on it.
    pub client_secret: String,
}

/// Numbers, codes and secrets are not for logs.
macro_rules! unprintable {
    ($($type:ident)+) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(…)"))
            }
        }
    )+};
}
unprintable!(StartCall ResendCall CheckCall TicketCall);

/// A refusal on its way through a server function; its body is the problem of contract 1.
#[derive(Clone, Debug)]
pub struct ActionError(
    /// The refusal.
    pub ApiError,
);

impl std::fmt::Display for ActionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code.as_str())
    }
}

impl std::error::Error for ActionError {}

impl FromServerFnError for ActionError {
    type Encoder = FlatJson;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let code = match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => ErrorCode::InvalidRequest,
            // On the server these come from the arguments, in the browser from an answer that is none.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => ErrorCode::InvalidRequest,
            _ => ErrorCode::Unavailable,
        };
        Self::refused(ApiError::new(code, "the body is not of the documented shape"))
    }
}

/// JSON objects without nesting beyond what contract 1 has.
pub struct FlatJson;

impl ContentType for FlatJson {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for FlatJson {
    const FORMAT_TYPE: Format = Format::Text;
}

#[cfg(feature = "ssr")]
mod on_server {
    use super::super::{CancelVerification, CheckCode, ResendCode, StartVerification, ViewVerification};
    use super::{ActionError, ApiError, Bytes, Decodes, Encodes, ErrorCode, FlatJson, View};
    use http::{HeaderValue, StatusCode, header};
    use leptos::context::use_context;
    use leptos_axum::ResponseOptions;
    use phone_verify_domain::ProofDemand;
    use serde_json::Value;

    impl ActionError {
        /// The refusal, with the response's status and headers set to match.
        pub fn refused(error: ApiError) -> Self {
            if let (Some(response), Ok(status)) = (
                use_context::<ResponseOptions>(),
                StatusCode::from_u16(error.code.status()),
            ) {
                response.set_status(status);
                response.insert_header(
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/problem+json"),
                );
                if let Some(seconds) = error.retry_in {
                    response.insert_header(header::RETRY_AFTER, seconds.into());
                }
            }
            Self(error)
        }
    }

    /// RFC 9457, with the members of contract 1.
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Problem {
        #[serde(rename = "type", default)]
        kind: String,
        #[serde(default)]
        title: String,
        #[serde(default)]
        status: u16,
        #[serde(default)]
        detail: String,
        code: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_in: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verification: Option<Box<View>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        challenge: Option<Value>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        solver: Option<String>,
    }

    impl Encodes<ActionError> for FlatJson {
        type Error = serde_json::Error;

        fn encode(error: &ActionError) -> Result<Bytes, Self::Error> {
            let error = error.0.clone();
            let (challenge, solver) = error.proof.map(|proof| (proof.challenge, proof.solver)).unzip();
            let problem = Problem {
                kind: "about:blank".to_owned(),
                title: error.code.title().to_owned(),
                status: error.code.status(),
                detail: error.detail,
                code: error.code.as_str().to_owned(),
                retry_in: error.retry_in,
                verification: error.verification,
                challenge: challenge.map(|text| serde_json::from_str(&text)).transpose()?,
                solver: solver.flatten(),
            };
            serde_json::to_vec(&problem).map(Bytes::from)
        }
    }

    impl Decodes<ActionError> for FlatJson {
        type Error = serde_json::Error;

        fn decode(bytes: Bytes) -> Result<ActionError, Self::Error> {
            let problem: Problem = serde_json::from_slice(&bytes)?;
            let code = ErrorCode::parse(&problem.code).unwrap_or(ErrorCode::Unavailable);
            let mut error = ApiError::new(code, problem.detail);
            error.retry_in = problem.retry_in;
            error.verification = problem.verification;
            error.proof = problem.challenge.map(|challenge| {
                Box::new(ProofDemand {
                    challenge: challenge.to_string(),
                    solver: problem.solver,
                })
            });
            Ok(ActionError(error))
        }
    }

    macro_rules! by_serde {
        ($($type:ty)+) => {$(
            impl Encodes<$type> for FlatJson {
                type Error = serde_json::Error;

                fn encode(value: &$type) -> Result<Bytes, Self::Error> {
                    serde_json::to_vec(value).map(Bytes::from)
                }
            }

            impl Decodes<$type> for FlatJson {
                type Error = serde_json::Error;

                fn decode(bytes: Bytes) -> Result<$type, Self::Error> {
                    serde_json::from_slice(&bytes)
                }
            }
        )+};
    }
    by_serde!(View);

    /// The structs that `#[server]` makes hold one argument; on the wire there is only that.
    macro_rules! arguments {
        ($($function:ident)+) => {$(
            impl Encodes<$function> for FlatJson {
                type Error = serde_json::Error;

                fn encode(arguments: &$function) -> Result<Bytes, Self::Error> {
                    serde_json::to_vec(&arguments.call).map(Bytes::from)
                }
            }

            impl Decodes<$function> for FlatJson {
                type Error = serde_json::Error;

                fn decode(bytes: Bytes) -> Result<$function, Self::Error> {
                    serde_json::from_slice(&bytes).map(|call| $function { call })
                }
            }
        )+};
    }
    arguments!(StartVerification ResendCode CheckCode ViewVerification CancelVerification);
}

#[cfg(all(feature = "browser", not(feature = "ssr")))]
mod in_browser {
    use super::super::{CancelVerification, CheckCode, ResendCode, StartVerification, ViewVerification};
    use super::{
        ActionError, ApiError, Bytes, CheckCall, Decodes, Encodes, FlatJson, ResendCall, StartCall,
        TicketCall, View,
    };
    use crate::browser::json::{self, ToJson};
    use js_sys::Object;

    impl ActionError {
        #[must_use]
        pub fn refused(error: ApiError) -> Self {
            Self(error)
        }
    }

    /// What came is not what the server sends.
    const MALFORMED: &str = "malformed";

    fn text(bytes: &Bytes) -> Result<wasm_bindgen::JsValue, &'static str> {
        std::str::from_utf8(bytes)
            .ok()
            .and_then(json::parse)
            .ok_or(MALFORMED)
    }

    impl Encodes<View> for FlatJson {
        type Error = &'static str;

        fn encode(view: &View) -> Result<Bytes, Self::Error> {
            Ok(Bytes::from(json::text(&view.to_json())))
        }
    }

    impl Decodes<View> for FlatJson {
        type Error = &'static str;

        fn decode(bytes: Bytes) -> Result<View, Self::Error> {
            json::view(&text(&bytes)?).ok_or(MALFORMED)
        }
    }

    impl Encodes<ActionError> for FlatJson {
        type Error = &'static str;

        fn encode(_: &ActionError) -> Result<Bytes, Self::Error> {
            Err(MALFORMED)
        }
    }

    impl Decodes<ActionError> for FlatJson {
        type Error = &'static str;

        fn decode(bytes: Bytes) -> Result<ActionError, Self::Error> {
            json::problem(&text(&bytes)?).map(ActionError).ok_or(MALFORMED)
        }
    }

    impl TicketCall {
        fn put(&self, object: &Object) {
            json::set_string(object, "id", &self.id);
            json::set_string(object, "client_secret", &self.client_secret);
        }
    }

    impl ToJson for StartCall {
        fn to_json(&self) -> Object {
            let object = self.request.to_json();
            json::set_optional(&object, "idempotency_key", self.idempotency_key.as_ref());
            object
        }
    }

    impl ToJson for ResendCall {
        fn to_json(&self) -> Object {
            let object = self.request.to_json();
            self.ticket.put(&object);
            json::set_optional(&object, "idempotency_key", self.idempotency_key.as_ref());
            object
        }
    }

    impl ToJson for CheckCall {
        fn to_json(&self) -> Object {
            let object = self.request.to_json();
            self.ticket.put(&object);
            object
        }
    }

    impl ToJson for TicketCall {
        fn to_json(&self) -> Object {
            let object = Object::new();
            self.put(&object);
            object
        }
    }

    macro_rules! arguments {
        ($($function:ident)+) => {$(
            impl Encodes<$function> for FlatJson {
                type Error = &'static str;

                fn encode(arguments: &$function) -> Result<Bytes, Self::Error> {
                    Ok(Bytes::from(json::text(&arguments.call.to_json())))
                }
            }

            impl Decodes<$function> for FlatJson {
                type Error = &'static str;

                fn decode(_: Bytes) -> Result<$function, Self::Error> {
                    Err(MALFORMED)
                }
            }
        )+};
    }
    arguments!(StartVerification ResendCode CheckCode ViewVerification CancelVerification);
}
