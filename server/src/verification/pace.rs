use phone_verify_domain::Channel;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many are remembered of each channel.
const REMEMBERED: usize = 32;

/// How long the senders took last: whoever is sent nothing because fraud is suspected waits as long, and learns nothing by it.
#[derive(Default)]
pub(super) struct Pace(Mutex<HashMap<Channel, VecDeque<Duration>>>);

impl Pace {
    /// A sending took so long.
    pub(super) fn note(&self, channel: Channel, took: Duration) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = last.entry(channel).or_default();
        last.truncate(REMEMBERED - 1);
        last.push_front(took);
    }

    /// How long one of the last sendings took; nothing before the first.
    pub(super) fn of(&self, channel: Channel, random: u8) -> Duration {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = last.get(&channel).filter(|last| !last.is_empty());
        last.and_then(|last| last.get(usize::from(random) % last.len()).copied())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_one_of_the_last_of_its_channel() {
        let pace = Pace::default();
        assert_eq!(pace.of(Channel::Sms, 7), Duration::ZERO);
        for millis in 0..100 {
            pace.note(Channel::Sms, Duration::from_millis(millis));
        }
        pace.note(Channel::Call, Duration::from_secs(1));
        let waits = (0..=u8::MAX).map(|random| pace.of(Channel::Sms, random).as_millis());
        let (shortest, longest) =
            waits.fold((u128::MAX, 0), |(min, max), wait| (min.min(wait), max.max(wait)));
        assert_eq!((shortest, longest), (68, 99));
        assert_eq!(pace.of(Channel::Call, 9), Duration::from_secs(1));
    }
}
