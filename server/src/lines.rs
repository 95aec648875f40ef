//! What kinds of lines numbers are, as a provider was asked: kept, because each question costs money.

use crate::clock::Clock;
use crate::keys::Keys;
use crate::store::{KnownLine, LimitKey, LineKind, Store, StoreError};
use phone_verify_domain::PhoneNumber;
use std::sync::Arc;
use std::time::Duration;

/// For how long an answer is good: numbers move between carriers, seldom between kinds.
const GOOD_FOR: Duration = Duration::from_hours(24 * 90);

/// The kinds that are known.
#[derive(Clone)]
pub struct Lines {
    /// Where they are kept.
    pub store: Arc<dyn Store>,
    /// What makes their index.
    pub keys: Arc<Keys>,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
}

impl Lines {
    /// What is known of a number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn find(&self, number: &PhoneNumber) -> Result<Option<LineKind>, StoreError> {
        self.store.line(self.key(number), self.clock.now()).await
    }

    /// Keeps what was learned of a number.
    ///
    /// # Errors
    /// [`StoreError`]; it may have been kept.
    pub async fn keep(&self, number: &PhoneNumber, kind: LineKind) -> Result<(), StoreError> {
        let line = KnownLine {
            number: self.key(number),
            kind,
            until: self.clock.now() + GOOD_FOR,
        };
        self.store.keep_line(line).await
    }

    fn key(&self, number: &PhoneNumber) -> LimitKey {
        self.keys.limit_key("line", number.expose().as_bytes())
    }
}
