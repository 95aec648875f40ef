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
    pub(crate) fn taken_back(&mut self, began: Timestamp) {
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

    /// What [`Conversions::parse`] reads: `minute:sent/approved`, by spaces. [`Addition::to_text`] may follow.
    #[must_use]
    pub fn to_text(&self) -> String {
        let slots = self.0.iter();
        let words = slots.map(|(slot, counts)| format!("{slot}:{}/{}", counts.sent, counts.approved));
        words.collect::<Vec<_>>().join(" ")
    }

    /// What [`Conversions::to_text`] wrote, with all that was added since.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut counts = Self::default();
        for word in text.split_ascii_whitespace() {
            counts.read(word)?;
        }
        Some(counts)
    }

    fn read(&mut self, word: &str) -> Option<()> {
        if let Some((slot, counts)) = word.split_once(':') {
            let (sent, approved) = counts.split_once('/')?;
            let counts = TrackRecord {
                sent: sent.parse().ok()?,
                approved: approved.parse().ok()?,
            };
            self.0.insert(slot.parse().ok()?, counts);
        } else {
            match Addition::parse(word)? {
                Addition::Sent(began) => self.sent(began),
                Addition::Approved(began, sends) => self.approved(began, sends),
            }
        }
        Some(())
    }
}

/// What is added to counts that are not written anew for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addition {
    /// As [`Conversions::sent`].
    Sent(Timestamp),
    /// As [`Conversions::approved`].
    Approved(Timestamp, u32),
}

impl Addition {
    /// Of some eleven bytes each: beside a day's counts, of up to 1,500 bytes, a row still has the 2,000 that PostgreSQL keeps in one
    /// piece.
    const MANY: usize = 32;

    /// Whether so many follow a text of counts that it is to be written anew: all of it is read and written for each further one.
    #[must_use]
    pub fn are_many(text: &str) -> bool {
        text.bytes().filter(|byte| matches!(byte, b'+' | b'*')).count() > Self::MANY
    }

    /// What is put behind the text of counts: `minute+`, or `minute*sends` of an approval, after a space.
    #[must_use]
    pub fn to_text(self) -> String {
        match self {
            Self::Sent(began) => format!(" {}+", slot_of(began)),
            Self::Approved(began, sends) => format!(" {}*{sends}", slot_of(began)),
        }
    }

    fn parse(word: &str) -> Option<Self> {
        if let Some((slot, sends)) = word.split_once('*') {
            return Some(Self::Approved(moment_of(slot)?, sends.parse().ok()?));
        }
        word.strip_suffix('+').and_then(moment_of).map(Self::Sent)
    }
}

/// The first moment of a slot.
fn moment_of(slot: &str) -> Option<Timestamp> {
    let slot: i64 = slot.parse().ok()?;
    slot.checked_mul(SLOT).map(Timestamp::from_millis)
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
    fn what_is_added_behind_counts_as_if_it_had_been_counted() {
        let mut counts = after(3, 1);
        let began = [NOON, NOON + MINUTE, NOON + MINUTE * 90];
        let mut text = counts.to_text();
        for (times, began) in (1..).zip(began) {
            for _ in 0..times {
                counts.sent(began);
                text += &Addition::Sent(began).to_text();
            }
            counts.approved(began, 2);
            text += &Addition::Approved(began, 2).to_text();
        }
        assert_eq!(Conversions::parse(&text), Some(counts));
    }

    #[test]
    fn additions_are_many_beyond_thirty_two_of_either_kind() {
        let text = |sends: usize| {
            let additions = Addition::Sent(NOON).to_text().repeat(sends);
            after(40, 20).to_text() + &additions + &Addition::Approved(NOON, 1).to_text()
        };
        assert!(!Addition::are_many(&text(31)));
        assert!(Addition::are_many(&text(32)));
    }

    /// An answer to what was put together with others of its hour before it was added.
    #[test]
    fn an_answer_that_is_added_after_its_minute_is_gone_counts_in_its_hour() {
        let began = NOON + MINUTE * 7;
        let mut counts = Conversions::default();
        counts.sent(began);
        counts.forget(began + MINUTE * 90, RULE.window);
        let text = counts.to_text() + &Addition::Approved(began, 1).to_text();
        let read = Conversions::parse(&text).unwrap().of_day(began + MINUTE * 90);
        assert_eq!(read, TrackRecord { sent: 1, approved: 1 });
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
