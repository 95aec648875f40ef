use super::{Engine, refusal};
use crate::store::{Idempotency, Record, Repeat};
use phone_verify_domain::{
    ApiError, Country, DeliveryState, ErrorCode, IdempotencyKey, Resend, SiteKey, Start, Status, Timestamp,
    VerificationId,
};
use std::time::Duration;
use tokio::time::Instant;

/// How long the answer to a repeated call is the first one's.
const KEPT_FOR: Duration = Duration::from_hours(24);
/// How long a repeat waits for the call that it repeats.
const WAIT: Duration = Duration::from_secs(5);
/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);

impl Engine {
    /// What a start is compared with when it is repeated. How it was paid for (the proof of work) is no part of what it
    /// asks: a repeat may bring a fresh one.
    pub(super) fn start_idempotency(
        &self,
        site: &SiteKey,
        start: &Start,
        now: Timestamp,
    ) -> Option<Idempotency> {
        self.idempotency(
            site,
            start.idempotency_key.as_ref(),
            now,
            "start",
            &[
                Some(&start.phone_number),
                start.country.as_ref().map(Country::as_str),
                Some(start.channel.as_str()),
                start.locale.as_deref(),
                start.session.as_deref(),
                start.nonce.as_deref(),
                start.purpose.as_deref(),
            ],
        )
    }

    /// What a resend is compared with when it is repeated.
    pub(super) fn resend_idempotency(
        &self,
        site: &SiteKey,
        id: VerificationId,
        resend: &Resend,
        now: Timestamp,
    ) -> Option<Idempotency> {
        self.idempotency(
            site,
            resend.idempotency_key.as_ref(),
            now,
            "resend",
            &[
                Some(&id.to_string()),
                Some(&resend.phone_number),
                resend.country.as_ref().map(Country::as_str),
                Some(resend.channel.as_str()),
            ],
        )
    }

    fn idempotency(
        &self,
        site: &SiteKey,
        key: Option<&IdempotencyKey>,
        now: Timestamp,
        call: &str,
        parts: &[Option<&str>],
    ) -> Option<Idempotency> {
        Some(Idempotency {
            key: key?.clone(),
            request_mac: self.parts.keys.request_mac(site, call, parts),
            asked_at: now,
            expires_at: now + KEPT_FOR,
        })
    }

    /// What an earlier call with this name led to, if there was one: a repeat is answered before anything can refuse it.
    pub(super) async fn earlier(
        &self,
        site: &SiteKey,
        idempotency: Option<&Idempotency>,
    ) -> Result<Option<Record>, ApiError> {
        let Some(idempotency) = idempotency else {
            return Ok(None);
        };
        match self.parts.store.repeated(site, idempotency).await {
            Ok(Repeat::New) => Ok(None),
            Ok(Repeat::Same(record)) => self.repeated(*record).await.map(Some),
            Ok(Repeat::Mismatch) => Err(mismatch()),
            Err(error) => Err(refusal::unavailable(&error)),
        }
    }

    /// The verification of a repeated call, once the call that it repeats is over.
    pub(super) async fn repeated(&self, mut record: Record) -> Result<Record, ApiError> {
        let deadline = Instant::now() + WAIT;
        while self.is_being_sent(&record) {
            if Instant::now() >= deadline {
                let error = ApiError::new(
                    ErrorCode::RequestInProgress,
                    "the call that this one repeats goes on",
                );
                return Err(error.retry_after(Duration::from_secs(1)));
            }
            tokio::time::sleep(LOOK_EVERY).await;
            let found = self.parts.store.find(record.facts.id).await;
            record = found
                .map_err(|error| refusal::unavailable(&error))?
                .ok_or_else(refusal::not_found)?;
            if was_refused(&record) {
                return Err(self.sender_refused(ErrorCode::SenderUnavailable, record.facts.channel));
            }
        }
        Ok(record)
    }

    fn is_being_sent(&self, record: &Record) -> bool {
        record.facts.delivery_at(self.now()).state == DeliveryState::Sending
            && (self.parts.shared || record.delivery_owner == self.parts.process)
    }
}

/// Whether a start ended with the sender's refusal: nothing of it is kept, so a repeat is refused as well.
fn was_refused(record: &Record) -> bool {
    record.facts.status == Status::Canceled
        && matches!(
            record.facts.delivery_state,
            DeliveryState::Rejected | DeliveryState::NotSent
        )
}

pub(super) fn mismatch() -> ApiError {
    ApiError::new(
        ErrorCode::IdempotencyMismatch,
        "this Idempotency-Key came with another body before",
    )
}
