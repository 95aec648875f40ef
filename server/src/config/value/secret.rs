//! Secrets as settings: read into a type that cannot be printed.

use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A secret that may be left out; an empty one counts as left out.
pub(in crate::config) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SecretString>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()).map(SecretString::from))
}

/// Secrets under names of the operator's choice.
pub(in crate::config) fn by_name<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, SecretString>, D::Error> {
    let texts = BTreeMap::<String, String>::deserialize(deserializer)?;
    Ok(texts
        .into_iter()
        .map(|(name, text)| (name, text.into()))
        .collect())
}
