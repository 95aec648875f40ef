//! Settings from environment variables.

use super::tree::Node;
use std::collections::BTreeMap;

/// `PHONE_VERIFY__SECTION__KEY` names the setting `section.key`.
const PREFIX: &str = "PHONE_VERIFY__";

/// The names that Twilio's own tools and many applications use, and the settings they stand for.
const TWILIO_NAMES: &[(&str, &str)] = &[
    ("TWILIO_ACCOUNT_SID", "account_sid"),
    ("TWILIO_AUTH_TOKEN", "auth_token"),
    ("TWILIO_API_KEY", "api_key"),
    ("TWILIO_API_KEY_SECRET", "api_key_secret"),
    ("TWILIO_FROM_NUMBER", "from"),
    ("TWILIO_MESSAGING_SERVICE_SID", "messaging_service_sid"),
    ("TWILIO_VERIFY_SERVICE_SID", "verify_service_sid"),
    ("TWILIO_REGION", "region"),
    ("TWILIO_EDGE", "edge"),
    ("TWILIO_INCOMING_RESPONSE", "incoming_response"),
    ("TWILIO_API_URL", "api_url"),
    ("TWILIO_VERIFY_URL", "verify_url"),
    ("TWILIO_LOOKUPS_URL", "lookups_url"),
];

/// The settings that variables give, to be put on top of a file's.
///
/// # Errors
/// One line for each variable that names a value and a table at once.
pub(super) fn tree(environment: &BTreeMap<String, String>) -> Result<Node, Vec<String>> {
    let mut own = Node::empty();
    let mut problems = Vec::new();
    for (name, text) in environment {
        let Some(path) = name.strip_prefix(PREFIX) else {
            continue;
        };
        let path = path.to_lowercase();
        let path: Vec<&str> = path.split("__").collect();
        if let Err(error) = own.insert(&path, leaf(name, text)) {
            problems.push(format!("{name}: {error}"));
        }
    }
    if problems.is_empty() {
        Ok(twilio(environment).merge(own))
    } else {
        Err(problems)
    }
}

fn twilio(environment: &BTreeMap<String, String>) -> Node {
    let settings: BTreeMap<String, Node> = TWILIO_NAMES
        .iter()
        .filter_map(|(name, setting)| {
            let text = environment.get(*name).filter(|text| !text.is_empty())?;
            Some(((*setting).to_owned(), leaf(name, text)))
        })
        .collect();
    if settings.is_empty() {
        Node::empty()
    } else {
        Node::Table(BTreeMap::from([("twilio".to_owned(), Node::Table(settings))]))
    }
}

fn leaf(name: &str, text: &str) -> Node {
    Node::Variable {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}
