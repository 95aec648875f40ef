//! Resources, field by field as Twilio's API description has them. What this server has nothing to say of is null.

use super::address::Base;
use super::sid;
use crate::clock::rfc3339;
use crate::http::openapi::one_of;
use crate::sites::Site;
use crate::store::{Attempt, History, PastSend};
use phone_verify_domain::{Channel, DeliveryReason, DeliveryState, Status, Timestamp};
use serde::Serialize;
use utoipa::openapi::Object;

/// An object without fields.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Empty {}

/// A verification.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TwilioVerification)]
pub(super) struct Verification {
    sid: String,
    service_sid: String,
    account_sid: String,
    to: String,
    channel: &'static str,
    #[schema(schema_with = status_words)]
    status: &'static str,
    valid: bool,
    lookup: Empty,
    amount: Option<String>,
    payee: Option<String>,
    send_code_attempts: Vec<SendCodeAttempt>,
    sna: Option<Empty>,
    #[schema(format = DateTime)]
    date_created: String,
    #[schema(format = DateTime)]
    date_updated: String,
    url: String,
}

/// One sending of the code.
#[derive(Serialize, utoipa::ToSchema)]
struct SendCodeAttempt {
    #[schema(format = DateTime)]
    time: String,
    channel: &'static str,
    attempt_sid: String,
}

/// What a check came to.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TwilioVerificationCheck)]
pub(super) struct VerificationCheck {
    sid: String,
    service_sid: String,
    account_sid: String,
    to: String,
    channel: &'static str,
    #[schema(schema_with = status_words)]
    status: &'static str,
    valid: bool,
    amount: Option<String>,
    payee: Option<String>,
    sna_attempts_error_codes: Vec<Empty>,
    #[schema(format = DateTime)]
    date_created: String,
    #[schema(format = DateTime)]
    date_updated: String,
}

/// One sending, and whether it led to an approval.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TwilioVerificationAttempt)]
pub(super) struct VerificationAttempt {
    sid: String,
    account_sid: String,
    service_sid: String,
    verification_sid: String,
    #[schema(format = DateTime)]
    date_created: String,
    #[schema(format = DateTime)]
    date_updated: String,
    conversion_status: &'static str,
    channel: &'static str,
    price: Option<Empty>,
    channel_data: ChannelData,
    url: String,
}

/// What is known of the message or call.
#[derive(Serialize, utoipa::ToSchema)]
struct ChannelData {
    verification_sid: String,
    to: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_status: Option<&'static str>,
    error_code: Option<String>,
    country: String,
    code_length: u8,
    locale: Option<String>,
    mcc: Option<String>,
    mnc: Option<String>,
    carrier: Option<String>,
}

impl Verification {
    /// A verification, with its number as the caller may see it.
    pub(super) fn of(site: &Site, base: &Base, history: &History, to: String, now: Timestamp) -> Self {
        let facts = &history.record.facts;
        let status = facts.status_at(now);
        Self {
            sid: sid::of_verification(facts.id),
            service_sid: site.sids.service.clone(),
            account_sid: site.sids.account.clone(),
            to,
            channel: facts.channel.as_str(),
            status: word(status),
            valid: status == Status::Approved,
            lookup: Empty {},
            amount: None,
            payee: None,
            send_code_attempts: history.sends.iter().map(SendCodeAttempt::of).collect(),
            sna: None,
            date_created: date(history.created_at),
            date_updated: date(history.changed_at),
            url: base.verification(site, facts.id),
        }
    }
}

impl SendCodeAttempt {
    fn of(send: &PastSend) -> Self {
        Self {
            time: date(send.at),
            channel: match send.channel {
                Channel::Sms => "SMS",
                Channel::Call => "CALL",
            },
            attempt_sid: sid::of_attempt(&send.delivery_id),
        }
    }
}

impl VerificationCheck {
    /// A check that left the verification at `status`.
    pub(super) fn of(site: &Site, history: &History, to: String, status: Status) -> Self {
        let facts = &history.record.facts;
        Self {
            sid: sid::of_verification(facts.id),
            service_sid: site.sids.service.clone(),
            account_sid: site.sids.account.clone(),
            to,
            channel: facts.channel.as_str(),
            status: word(status),
            valid: status == Status::Approved,
            amount: None,
            payee: None,
            sna_attempts_error_codes: Vec::new(),
            date_created: date(history.created_at),
            date_updated: date(history.changed_at),
        }
    }
}

impl VerificationAttempt {
    /// An attempt, with its number as the caller may see it.
    pub(super) fn of(site: &Site, base: &Base, attempt: &Attempt, to: String, now: Timestamp) -> Self {
        let of_message = message_status(attempt.state);
        let of_call = call_status(attempt.state, attempt.reason);
        Self {
            sid: sid::of_attempt(&attempt.delivery_id),
            account_sid: site.sids.account.clone(),
            service_sid: site.sids.service.clone(),
            verification_sid: sid::of_verification(attempt.verification),
            date_created: date(attempt.created_at),
            date_updated: date(attempt.changed_at),
            conversion_status: if attempt.converted {
                "converted"
            } else {
                "unconverted"
            },
            channel: attempt.channel.as_str(),
            price: None,
            channel_data: ChannelData {
                verification_sid: sid::of_verification(attempt.verification),
                to,
                status: attempt_status(attempt, now),
                message_status: (attempt.channel == Channel::Sms).then_some(of_message),
                call_status: (attempt.channel == Channel::Call).then_some(of_call),
                error_code: None,
                country: attempt.country.to_string(),
                code_length: attempt.code_length,
                locale: attempt.locale.clone(),
                mcc: None,
                mnc: None,
                carrier: None,
            },
            url: base.attempt(&attempt.delivery_id),
        }
    }
}

fn status_words() -> Object {
    one_of(Status::ALL.iter().map(|status| word(*status)))
}

/// A state's word in Twilio Verify.
fn word(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Approved => "approved",
        Status::Exhausted => "max_attempts_reached",
        Status::Expired => "expired",
        Status::Canceled => "canceled",
    }
}

fn attempt_status(attempt: &Attempt, now: Timestamp) -> &'static str {
    match attempt.status_at(now) {
        _ if attempt.converted => "confirmed",
        Status::Expired => "expired",
        _ => "unconfirmed",
    }
}

fn message_status(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Sending | DeliveryState::Unknown => "sending",
        DeliveryState::Accepted => "sent",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Undelivered => "undelivered",
        DeliveryState::Rejected | DeliveryState::NotSent => "failed",
    }
}

fn call_status(state: DeliveryState, reason: Option<DeliveryReason>) -> &'static str {
    match (state, reason) {
        (DeliveryState::Sending | DeliveryState::Unknown, _) => "queued",
        (DeliveryState::Accepted, _) => "in-progress",
        (DeliveryState::Delivered, _) => "completed",
        (_, Some(DeliveryReason::Busy)) => "busy",
        (_, Some(DeliveryReason::NoAnswer)) => "no-answer",
        _ => "failed",
    }
}

/// A moment to the second: Twilio's libraries read no fractions.
fn date(moment: Timestamp) -> String {
    rfc3339(Timestamp::from_millis(moment.as_seconds() * 1_000))
}
