//! Lookup v2: `GET /v2/PhoneNumbers/{number}`.

use crate::parameters::{self, Form};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The fields that can be asked for (twilio-oai, `twilio_lookups_v2.json`).
const FIELDS: &[&str] = &[
    "validation",
    "caller_name",
    "sim_swap",
    "call_forwarding",
    "line_status",
    "line_type_intelligence",
    "identity_match",
    "reassigned_number",
    "sms_pumping_risk",
    "phone_number_quality_score",
    "pre_fill",
];

/// What Lookup says of one number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// `line_type_intelligence.type`; `null` where missing.
    #[serde(rename = "type")]
    pub line_type: Option<String>,
    /// `line_type_intelligence.error_code`.
    pub error_code: Option<u32>,
    /// The answer's HTTP status and error code in place of all that.
    pub refused: Option<(u16, u32)>,
    /// How long to wait with the answer.
    pub delay_ms: u64,
}

impl Line {
    /// A line of this type.
    #[must_use]
    pub fn of(line_type: &str) -> Self {
        Self {
            line_type: Some(line_type.to_owned()),
            ..Self::default()
        }
    }
}

/// The number in a path, if it is one of Lookup's.
pub(crate) fn number_in(path: &str) -> Option<String> {
    let number = path.strip_prefix("/v2/PhoneNumbers/")?;
    (!number.is_empty() && !number.contains('/')).then(|| number.replace("%2B", "+"))
}

/// The answer for a number, whose line is mobile where nothing else was said.
pub(crate) fn answer(number: &str, query: &Form, line: &Line) -> Result<Value, Refusal> {
    parameters::check(query, parameters::LOOK_UP)?;
    let fields: Vec<&str> = query
        .get("Fields")
        .map(|fields| fields.split(',').collect())
        .unwrap_or_default();
    if let Some(unknown) = fields.iter().find(|field| !FIELDS.contains(field)) {
        return Err(Refusal::violation(60600, format!("{unknown} is no field")));
    }
    if let Some((status, code)) = line.refused {
        return Err(Refusal::new(status, code, format!("Error {code}")));
    }
    let line_type = fields.contains(&"line_type_intelligence").then(|| {
        json!({
            "carrier_name": "Fake Carrier",
            "error_code": line.error_code,
            "mobile_country_code": null,
            "mobile_network_code": null,
            "type": line.line_type,
        })
    });
    Ok(json!({
        "call_forwarding": null,
        "caller_name": null,
        "calling_country_code": null,
        "country_code": null,
        "identity_match": null,
        "line_status": null,
        "line_type_intelligence": line_type,
        "national_format": null,
        "phone_number": number,
        "phone_number_quality_score": null,
        "pre_fill": null,
        "reassigned_number": null,
        "sim_swap": null,
        "sms_pumping_risk": null,
        "url": format!("https://lookups.twilio.com/v2/PhoneNumbers/{number}"),
        "valid": true,
        "validation_errors": [],
    }))
}
