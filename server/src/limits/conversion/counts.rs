use super::{BURST, ConversionRule, DAY, Threshold, TrackRecord};
use phone_verify_domain::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// How finely sends are told apart by their age, in milliseconds.
const SLOT: i64 = 60_000;

/// So many slots are put together once they are older than the window.
const SLOTS_OF_AN_HOUR: i64 = 60;

/// Sends and approvals of a day by the minute in which their verifications began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversions(BTreeMap<i64, TrackRecord>);

impl Conversions {
    /// A send leaves, of a verification that began at `began`.
    pub(super) fn sent(&mut self, began: Timestamp) {
        self.0.entry(slot_of(began)).or_default().sent += 1;
    }

    /// It surely did not leave.
    pub(super) fn taken_back(&mut self, began: Timestamp) {
        let slot = self.counting(began);
        slot.sent = slot.sent.saturating_sub(1);
        slot.approved = slot.approved.min(slot.sent);
    }

    /// A verification that began at `began` was approved after so many sends.
    pub(super) fn approved(&mut self, began: Timestamp, sends: u32) {
        let slot = self.counting(began);
        slot.approved = slot.approved.saturating_add(sends).min(slot.sent);
    }

    /// Where a send of that moment is counted, which may have been put together with others of its hour since.
    fn counting(&mut self, began: Timestamp) -> &mut TrackRecord {
        let minute = slot_of(began);
        let is_counted = self.0.get(&minute).is_some_and(|counts| counts.sent > 0);
        let slot = if is_counted { minute } else { hour_of(minute) };
        self.0.entry(slot).or_default()
    }

    /// Forgets what is older than a day, and puts together by the hour what is older than the window.
    pub(super) fn forget(&mut self, now: Timestamp, window: Duration) {
        let first = slot_of(before(now, DAY));
        self.0
            .retain(|slot, counts| *slot > first && *counts != TrackRecord::default());
        let recent = self.0.split_off(&(slot_of(before(now, window)) + 1));
        for (slot, counts) in std::mem::replace(&mut self.0, recent) {
            let together = self.0.entry(hour_of(slot)).or_default();
            *together = together.and(counts);
        }
    }

    /// All of the day before `now`.
    #[must_use]
    pub fn of_day(&self, now: Timestamp) -> TrackRecord {
        sum(self.0.range(slot_of(before(now, DAY)) + 1..))
    }

    /// What stood there before the minute of a moment, of the day that ends with it.
    pub(super) fn of_day_before(&self, moment: Timestamp) -> TrackRecord {
        sum(self.0.range(slot_of(before(moment, DAY)) + 1..slot_of(moment)))
    }

    /// Whether too few came back.
    pub(super) fn fail(&self, rule: &ConversionRule, of: Threshold, now: Timestamp) -> bool {
        let due = slot_of(before(now, rule.answer_after));
        let window = slot_of(before(now, rule.window)) + 1;
        let fails = |counted: TrackRecord, sends| counted.sent >= sends && !is_enough(counted, of);
        let answered_since = |first: i64| {
            let slots = (first <= due).then(|| self.0.range(first..=due));
            sum(slots.into_iter().flatten())
        };
        fails(answered_since(window), of.sends)
            || fails(answered_since(i64::MIN), of.sends)
            || fails(sum(self.0.range(window..)), of.sends.saturating_mul(BURST))
    }

    /// Whether most of those have come back since for which a breaker opened at `since`.
    pub(super) fn came_back(&self, rule: &ConversionRule, of: Threshold, since: Timestamp) -> bool {
        let last = slot_of(since);
        let first = slot_of(before(since, rule.window)) + 1;
        let then = sum(self.0.range(first.min(last)..=last));
        then.sent >= of.sends && then.unanswered() < then.approved
    }

    /// What [`Conversions::parse`] reads: `minute:sent/approved`, by spaces.
    #[must_use]
    pub fn to_text(&self) -> String {
        let slots = self.0.iter();
        let words = slots.map(|(slot, counts)| format!("{slot}:{}/{}", counts.sent, counts.approved));
        words.collect::<Vec<_>>().join(" ")
    }

    /// What [`Conversions::to_text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let words = text.split_ascii_whitespace();
        let slots = words.map(|word| {
            let (slot, counts) = word.split_once(':')?;
            let (sent, approved) = counts.split_once('/')?;
            let counts = TrackRecord {
                sent: sent.parse().ok()?,
                approved: approved.parse().ok()?,
            };
            Some((slot.parse().ok()?, counts))
        });
        slots.collect::<Option<_>>().map(Self)
    }
}

fn sum<'a>(slots: impl Iterator<Item = (&'a i64, &'a TrackRecord)>) -> TrackRecord {
    slots.fold(TrackRecord::default(), |sum, (_, counts)| sum.and(*counts))
}

fn is_enough(counted: TrackRecord, of: Threshold) -> bool {
    u64::from(counted.approved) * 100 >= u64::from(counted.sent) * u64::from(of.percent)
}

fn slot_of(moment: Timestamp) -> i64 {
    moment.as_millis().div_euclid(SLOT)
}

/// The slot that those of its hour are put together in.
const fn hour_of(slot: i64) -> i64 {
    slot - slot.rem_euclid(SLOTS_OF_AN_HOUR)
}

fn before(now: Timestamp, duration: Duration) -> Timestamp {
    let duration = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.as_millis().saturating_sub(duration))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{MINUTE, NOON, RULE};
    use super::*;

    fn after(sent: u32, approved: u32) -> Conversions {
        let mut counts = Conversions::default();
        for _ in 0..sent {
            counts.sent(NOON);
        }
        counts.approved(NOON, approved);
        counts
    }

    #[test]
    fn an_answer_that_comes_after_the_window_counts_for_the_day() {
        let began = NOON + MINUTE * 7;
        let mut counts = Conversions::default();
        for _ in 0..10 {
            counts.sent(began);
        }
        let later = began + MINUTE * 90;
        counts.forget(later, RULE.window);
        for _ in 0..10 {
            counts.approved(began, 1);
        }
        assert_eq!(
            counts.of_day(later),
            TrackRecord {
                sent: 10,
                approved: 10
            }
        );
        assert!(!counts.fail(&RULE, RULE.prefix, later));
    }

    #[test]
    fn what_is_older_than_a_day_or_not_before_a_moment_is_not_of_its_day() {
        let counts = after(3, 1);
        let all = TrackRecord { sent: 3, approved: 1 };
        assert_eq!(counts.of_day(NOON + DAY), TrackRecord::default());
        assert_eq!(counts.of_day(NOON + MINUTE), all);
        assert_eq!(counts.of_day_before(NOON), TrackRecord::default());
        assert_eq!(counts.of_day_before(NOON + MINUTE), all);
        assert_eq!(counts.of_day_before(NOON + DAY), TrackRecord::default());
    }

    #[test]
    fn more_is_never_approved_than_was_sent() {
        let mut counts = after(2, 9);
        assert_eq!(counts.of_day(NOON), TrackRecord { sent: 2, approved: 2 });
        counts.taken_back(NOON);
        assert_eq!(counts.of_day(NOON), TrackRecord { sent: 1, approved: 1 });
    }

    #[test]
    fn counts_survive_their_text() {
        let counts = after(12, 3);
        assert_eq!(Conversions::parse(&counts.to_text()), Some(counts));
        assert_eq!(Conversions::parse(""), Some(Conversions::default()));
        for text in ["1", "1:2", "1:2/x", "x:1/2"] {
            assert_eq!(Conversions::parse(text), None);
        }
    }
}
