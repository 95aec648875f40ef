//! `Messages.json`

use crate::account::Account;
use crate::magic;
use crate::parameters::{self, Form};
use crate::refusal::Refusal;
use crate::resource::{API_VERSION, Item, Kind, new_sid, rfc2822};
use crate::segments::segments;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Checks what is asked, and makes the message.
pub(crate) fn create(form: &Form) -> Result<Item, Refusal> {
    parameters::check(form, parameters::CREATE_MESSAGE)?;
    let to = form
        .get("To")
        .ok_or_else(|| Refusal::violation(21604, "A 'To' phone number is required."))?;
    let from = form.get("From");
    let service = form.get("MessagingServiceSid");
    match (from, service) {
        (None, None) => {
            return Err(Refusal::violation(
                21603,
                "A 'From' phone number or a MessagingServiceSid is required.",
            ));
        }
        (Some(_), Some(_)) => {
            return Err(Refusal::violation(
                20422,
                "Give one of From and MessagingServiceSid.",
            ));
        }
        (Some(from), None) => magic::message_from(from)?,
        (None, Some(_)) => {}
    }
    if ["Body", "MediaUrl", "ContentSid"]
        .iter()
        .all(|name| form.get(name).is_none())
    {
        return Err(Refusal::violation(21602, "Message body is required."));
    }
    magic::message_to(to)?;
    let now = Timestamp::now();
    Ok(Item {
        resource: Kind::Messages,
        sid: new_sid(Kind::Messages),
        to: to.to_owned(),
        from: from.map(str::to_owned),
        messaging_service_sid: service.map(str::to_owned),
        content: form.get("Body").map(str::to_owned),
        created: now,
        updated: now,
        status: if service.is_some() { "accepted" } else { "queued" }.to_owned(),
        error_code: None,
        status_callback: form.get("StatusCallback").map(str::to_owned),
        events: Vec::new(),
        price: None,
    })
}

/// The message as Twilio shows it.
pub(crate) fn json(item: &Item, account: &Account) -> Value {
    let first_status = matches!(item.status.as_str(), "queued" | "accepted" | "scheduled");
    let body = item.content.as_deref().unwrap_or_default();
    json!({
        "account_sid": account.sid,
        "api_version": API_VERSION,
        "body": body,
        "date_created": rfc2822(item.created),
        "date_sent": (!first_status).then(|| rfc2822(item.updated)),
        "date_updated": rfc2822(item.updated),
        "direction": "outbound-api",
        "error_code": item.error_code,
        "error_message": item.error_code.map(|code| format!("Error {code}")),
        "from": item.from,
        "messaging_service_sid": item.messaging_service_sid,
        "num_media": "0",
        "num_segments": segments(body).to_string(),
        "price": item.billed().map(|(amount, _)| amount),
        "price_unit": item.billed().map(|(_, unit)| unit),
        "sid": item.sid,
        "status": item.status,
        "subresource_uris": { "media": item.sub(account, "Media") },
        "to": item.to,
        "uri": item.uri(account),
    })
}
