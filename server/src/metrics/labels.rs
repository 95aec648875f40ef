use phone_verify_domain::Country;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use std::fmt::{Error, Write as _};

/// A call and its end.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Outcome {
    pub operation: &'static str,
    pub outcome: &'static str,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Operation {
    pub operation: &'static str,
}

/// Whom a code goes to: some 240 countries by two channels at most.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Counted {
    pub channel: &'static str,
    pub country: CountryLabel,
}

/// A limit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Which {
    pub limit: &'static str,
}

/// A sender's answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Sent {
    pub sender: &'static str,
    pub channel: &'static str,
    pub outcome: &'static str,
}

/// A sender.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct SentBy {
    pub sender: &'static str,
    pub channel: &'static str,
}

/// A provider's report.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Report {
    pub state: &'static str,
    pub reason: &'static str,
}

/// A method of the store.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Operated {
    pub operation: &'static str,
}

/// An answer of a route.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Routed {
    pub method: &'static str,
    pub route: String,
    pub status: u16,
}

/// A route's pattern, as the router has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Route {
    pub route: String,
}

/// A country's two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct CountryLabel(pub Country);

impl EncodeLabelValue for CountryLabel {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), Error> {
        encoder.write_str(self.0.as_str())
    }
}

/// The method's name, where it is one that routes have: a client may send any word.
pub(super) fn method(method: &http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_own_word_is_no_methods_name() {
        assert_eq!(method(&http::Method::PUT), "PUT");
        let word = http::Method::from_bytes(b"M12025550134").unwrap();
        assert_eq!(method(&word), "other");
    }
}
