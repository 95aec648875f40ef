//! `Calls.json`

use crate::account::Account;
use crate::magic;
use crate::parameters::{self, Form};
use crate::refusal::Refusal;
use crate::resource::{API_VERSION, Item, Kind, new_sid, rfc2822};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The sub-resources of a call, by their keys and the last part of their paths.
const SUB_RESOURCES: &[(&str, &str)] = &[
    ("notifications", "Notifications"),
    ("recordings", "Recordings"),
    ("payments", "Payments"),
    ("events", "Events"),
    ("siprec", "Siprec"),
    ("streams", "Streams"),
    ("transcriptions", "Transcriptions"),
    (
        "user_defined_message_subscriptions",
        "UserDefinedMessageSubscriptions",
    ),
    ("user_defined_messages", "UserDefinedMessages"),
];

/// Checks what is asked, and makes the call.
pub(crate) fn create(form: &Form) -> Result<Item, Refusal> {
    parameters::check(form, parameters::CREATE_CALL)?;
    let to = form
        .get("To")
        .ok_or_else(|| Refusal::violation(21201, "No 'To' number is specified"))?;
    let from = form
        .get("From")
        .ok_or_else(|| Refusal::violation(21213, "A 'From' phone number is required"))?;
    let instructions = ["Url", "Twiml", "ApplicationSid"]
        .iter()
        .filter(|name| form.get(name).is_some())
        .count();
    if instructions != 1 {
        return Err(Refusal::violation(
            21205,
            "Give one of Url, Twiml and ApplicationSid",
        ));
    }
    magic::call_from(from)?;
    magic::call_to(to)?;
    let now = Timestamp::now();
    Ok(Item {
        resource: Kind::Calls,
        sid: new_sid(Kind::Calls),
        to: to.to_owned(),
        from: Some(from.to_owned()),
        messaging_service_sid: None,
        content: form.get("Twiml").map(str::to_owned),
        created: now,
        updated: now,
        status: "queued".to_owned(),
        error_code: None,
        status_callback: form.get("StatusCallback").map(str::to_owned),
        events: form.all("StatusCallbackEvent").map(str::to_owned).collect(),
        price: None,
    })
}

/// The call as Twilio shows it.
pub(crate) fn json(item: &Item, account: &Account) -> Value {
    let sub_resources: Map<String, Value> = SUB_RESOURCES
        .iter()
        .map(|(key, name)| ((*key).to_owned(), item.sub(account, name).into()))
        .collect();
    let ended = ended(&item.status).then(|| rfc2822(item.updated));
    json!({
        "account_sid": account.sid,
        "answered_by": null,
        "api_version": API_VERSION,
        "caller_name": null,
        "date_created": rfc2822(item.created),
        "date_updated": rfc2822(item.updated),
        "direction": "outbound-api",
        "duration": ended.as_ref().map(|_| "0"),
        "end_time": ended,
        "forwarded_from": null,
        "from": item.from,
        "from_formatted": item.from,
        "group_sid": null,
        "parent_call_sid": null,
        "phone_number_sid": null,
        "price": item.billed().map(|(amount, _)| amount),
        "price_unit": item.billed().map_or("USD", |(_, unit)| unit),
        "queue_time": "0",
        "sid": item.sid,
        "start_time": null,
        "status": item.status,
        "subresource_uris": sub_resources,
        "to": item.to,
        "to_formatted": item.to,
        "trunk_sid": null,
        "uri": item.uri(account),
    })
}

/// Whether a call in this status is over.
pub(crate) fn ended(status: &str) -> bool {
    matches!(status, "completed" | "busy" | "failed" | "no-answer" | "canceled")
}
