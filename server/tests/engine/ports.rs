//! A sender and a random source for tests.

use phone_verify::random::{Random, RandomError};
use phone_verify::senders::{Message, SendOutcome, Sender};
use phone_verify_domain::{Channel, VerificationId};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;

/// A sender that remembers what it was asked, answers as it was told, and can be held up.
pub struct Recorder {
    name: &'static str,
    sent: Mutex<Vec<Sent>>,
    answers: Mutex<VecDeque<SendOutcome>>,
    gate: Semaphore,
}

#[derive(Clone, Debug)]
pub struct Sent {
    pub verification: VerificationId,
    pub delivery_id: String,
    pub to: String,
    pub channel: Channel,
    pub code: String,
    pub locale: Option<String>,
    pub valid_for: Duration,
}

impl Recorder {
    pub fn named(name: &'static str) -> Arc<Self> {
        Arc::new(Self {
            name,
            sent: Mutex::default(),
            answers: Mutex::default(),
            gate: Semaphore::new(1_000_000),
        })
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// The next answers; afterwards everything is accepted.
    pub fn answer(&self, answers: impl IntoIterator<Item = SendOutcome>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// Holds every sending up until `release`.
    pub fn hold(&self) {
        self.gate.forget_permits(usize::MAX);
    }

    pub fn release(&self) {
        self.gate.add_permits(1_000_000);
    }

    /// Waits until so many messages have been asked for.
    pub async fn asked(&self, count: usize) {
        while self.count() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[async_trait::async_trait]
impl Sender for Recorder {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn send(&self, message: &Message<'_>) -> SendOutcome {
        let count = {
            let mut sent = self.sent.lock().unwrap();
            sent.push(Sent {
                verification: message.verification,
                delivery_id: message.delivery_id.to_owned(),
                to: message.to.expose().to_owned(),
                channel: message.channel,
                code: message.code.ours().unwrap().expose().to_owned(),
                locale: message.locale.map(str::to_owned),
                valid_for: message.valid_for,
            });
            sent.len()
        };
        let _permit = self.gate.acquire().await.unwrap();
        let answer = self.answers.lock().unwrap().pop_front();
        answer.unwrap_or_else(|| SendOutcome::Accepted {
            reference: format!("{}-{count}", self.name),
        })
    }
}

/// `SplitMix64` (Steele, Lea, Flood 2014): the same bytes each time, which is all that a test asks of it.
pub struct SeededRandom(AtomicU64);

impl Default for SeededRandom {
    fn default() -> Self {
        static SEED: AtomicU64 = AtomicU64::new(1);
        Self(AtomicU64::new(SEED.fetch_add(1 << 40, Ordering::Relaxed)))
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}
