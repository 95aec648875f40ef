//! A provider that accepts, refuses, loses and mislays messages, as the seed decides, and remembers each request.

use crate::random::Seeded;
use phone_verify::clock::{Clock, ManualClock};
use phone_verify::senders::{Message, SendOutcome, Sender};
use phone_verify_domain::{DeliveryReason, ErrorCode, Timestamp};
use std::sync::{Arc, Mutex};

/// One request that reached the provider.
#[derive(Clone)]
pub struct Sent {
    pub number: String,
    pub verification: String,
    pub delivery_id: String,
    pub code: String,
    pub at: Timestamp,
    /// Whether the phone got it.
    pub arrived: bool,
}

pub struct FaultyProvider {
    pub seed: Arc<Seeded>,
    pub clock: Arc<ManualClock>,
    /// Per cent of requests that go wrong in some way.
    pub faults: Mutex<u64>,
    pub sent: Mutex<Vec<Sent>>,
}

#[async_trait::async_trait]
impl Sender for FaultyProvider {
    fn name(&self) -> &'static str {
        "messages"
    }

    async fn send(&self, message: &Message<'_>) -> SendOutcome {
        let faulty = self.seed.percent(*self.faults.lock().expect("not poisoned"));
        let (outcome, arrived) = match if faulty { self.seed.below(6) } else { 6 } {
            0 => (SendOutcome::NotSent, false),
            1 => (SendOutcome::Unknown, false),
            2 => (SendOutcome::Unknown, true),
            3 => {
                let reason = Some(DeliveryReason::NotTextable);
                (SendOutcome::Rejected { reason, error: None }, false)
            }
            4 => {
                let reason = Some(DeliveryReason::Sender);
                (
                    SendOutcome::Rejected {
                        reason,
                        error: Some(ErrorCode::SenderUnavailable),
                    },
                    false,
                )
            }
            5 => (
                SendOutcome::Rejected {
                    reason: None,
                    error: Some(ErrorCode::InvalidNumber),
                },
                false,
            ),
            _ => (
                SendOutcome::Accepted {
                    reference: format!("SM{}", message.delivery_id),
                },
                true,
            ),
        };
        self.sent.lock().expect("not poisoned").push(Sent {
            number: message.to.expose().to_owned(),
            verification: message.verification.to_string(),
            delivery_id: message.delivery_id.to_owned(),
            code: message
                .code
                .ours()
                .expect("the server draws the codes")
                .expose()
                .to_owned(),
            at: self.clock.now(),
            arrived,
        });
        outcome
    }
}
