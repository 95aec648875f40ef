//! The breaker that watches how many of the codes that are sent to strangers come back: to the numbers of one prefix, and of one
//! country. Whoever is paid for messages has no use for the codes in them.
//!
//! ```text
//! closed --- too few come back ---> open --- open_for ---> half open (three probes) --- two come back ---> closed
//!    ^                               |  ^                       |
//!    '--- enough came back late -----'  '--- they do not -------'
//! ```

use phone_verify_domain::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversionRule {
    /// How far back sends count for themselves; those of the day before count together, so that a slow drip is seen.
    pub window: Duration,
    /// How long people take to type a code: younger sends say nothing yet, unless there are many of them.
    pub answer_after: Duration,
    /// How long it stays open before it tries again.
    pub open_for: Duration,
    /// Of a prefix: the numbers that differ in their last four digits only.
    pub prefix: Threshold,
    /// Of a country.
    pub country: Threshold,
}

/// How much is asked of a prefix or a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// So many sends are needed for a judgement.
    pub sends: u32,
    /// So many of a hundred sends must belong to a verification that was approved.
    pub percent: u32,
}

/// Sends to strangers that are let through while it is half open; more than half of them must be approved.
pub const PROBES: u32 = 3;

/// With so many times the sends of a judgement nobody waits for the youngest to be answered: a burst would be over before.
pub const BURST: u32 = 4;

/// How finely sends are told apart by their age, in milliseconds.
const SLOT: i64 = 60_000;

/// So many slots are put together once they are older than the window.
const SLOTS_OF_AN_HOUR: i64 = 60;

/// How far back sends count at all: what drips so slowly that no window sees enough of it is judged by the day.
const LONGEST: Duration = Duration::from_hours(24);

/// One breaker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversionBreaker {
    /// Whether it lets strangers through.
    pub state: BreakerState,
    /// What it has counted.
    pub counts: Conversions,
}

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BreakerState {
    /// All are served.
    #[default]
    Closed,
    /// Numbers that were verified before are served, others are not; from `until` on, some are as a trial.
    Open {
        /// Since when.
        since: Timestamp,
        /// When it tries again; `None` where it was opened by hand, which stays until it is closed by hand.
        until: Option<Timestamp>,
        /// What came of the trial.
        probes: Probes,
    },
}

/// Sends that a half-open breaker has let through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Probes {
    /// How many.
    pub sent: u32,
    /// How many of them were approved.
    pub approved: u32,
    /// When the last one left.
    pub last: Option<Timestamp>,
}

/// A breaker's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// It lets no strangers through from now on.
    Opened,
    /// It lets all through again.
    Closed,
}

impl ConversionBreaker {
    /// Whether a send to a stranger may leave now, and whether that turned the breaker. It counts nothing: see
    /// [`ConversionBreaker::sent`].
    pub fn admit(&mut self, rule: &ConversionRule, of: Threshold, now: Timestamp) -> (bool, Option<Turned>) {
        self.counts.forget(now, rule.window);
        match &mut self.state {
            BreakerState::Closed => {
                if !self.counts.fail(rule, of, now) {
                    return (true, None);
                }
                self.state = BreakerState::Open {
                    since: now,
                    until: Some(now + rule.open_for),
                    probes: Probes::default(),
                };
                (false, Some(Turned::Opened))
            }
            BreakerState::Open { until: None, .. } => (false, None),
            // Whoever came in a rush may have typed the codes since.
            BreakerState::Open {
                until: Some(until), ..
            } if now < *until => {
                if !self.counts.pass(rule, of, now) {
                    return (false, None);
                }
                self.state = BreakerState::Closed;
                (true, Some(Turned::Closed))
            }
            BreakerState::Open { until, probes, .. } => {
                if probes.approved * 2 > PROBES {
                    *self = Self::default();
                    return (true, Some(Turned::Closed));
                }
                if probes.sent < PROBES {
                    return (true, None);
                }
                let answered = probes.last.is_none_or(|last| last + rule.answer_after <= now);
                if answered {
                    (*until, *probes) = (Some(now + rule.open_for), Probes::default());
                }
                (false, None)
            }
        }
    }

    /// A send leaves, of a verification that began at `began`.
    pub fn sent(&mut self, began: Timestamp, now: Timestamp) {
        match &mut self.state {
            BreakerState::Closed => self.counts.at(began).sent += 1,
            BreakerState::Open { probes, .. } => {
                probes.sent += 1;
                probes.last = Some(now);
            }
        }
    }

    /// It surely did not leave.
    pub fn taken_back(&mut self, began: Timestamp) {
        match &mut self.state {
            BreakerState::Open {
                until: Some(until),
                probes,
                ..
            } if *until <= began => {
                probes.sent = probes.sent.saturating_sub(1);
            }
            BreakerState::Closed | BreakerState::Open { .. } => {
                let slot = self.counts.counting(began);
                slot.sent = slot.sent.saturating_sub(1);
                slot.approved = slot.approved.min(slot.sent);
            }
        }
    }

    /// A verification that began at `began` was approved after so many sends.
    pub fn approved(&mut self, began: Timestamp, sends: u32) {
        match &mut self.state {
            BreakerState::Open {
                until: Some(until),
                probes,
                ..
            } if *until <= began => {
                probes.approved = (probes.approved + 1).min(probes.sent);
            }
            BreakerState::Closed | BreakerState::Open { .. } => {
                let slot = self.counts.counting(began);
                slot.approved = slot.approved.saturating_add(sends).min(slot.sent);
            }
        }
    }
}

/// Sends and approvals by the minute in which their verifications began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversions(BTreeMap<i64, Slot>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Slot {
    sent: u32,
    approved: u32,
}

impl Conversions {
    fn at(&mut self, began: Timestamp) -> &mut Slot {
        self.0.entry(slot_of(began)).or_default()
    }

    /// Where a send of that moment is counted, which may have been put together with others of its hour since.
    fn counting(&mut self, began: Timestamp) -> &mut Slot {
        let minute = slot_of(began);
        let is_counted = self.0.get(&minute).is_some_and(|counts| counts.sent > 0);
        let slot = if is_counted { minute } else { hour_of(minute) };
        self.0.entry(slot).or_default()
    }

    /// Forgets what is older than a day, and puts together by the hour what is older than the window.
    fn forget(&mut self, now: Timestamp, window: Duration) {
        let first = slot_of(before(now, LONGEST));
        self.0
            .retain(|slot, counts| *slot > first && *counts != Slot::default());
        let recent = self.0.split_off(&(slot_of(before(now, window)) + 1));
        for (slot, counts) in std::mem::replace(&mut self.0, recent) {
            let together = self.0.entry(hour_of(slot)).or_default();
            together.sent = together.sent.saturating_add(counts.sent);
            together.approved = together.approved.saturating_add(counts.approved);
        }
    }

    /// Sends and approvals of the window.
    fn recent(&self, rule: &ConversionRule, now: Timestamp) -> (u32, u32) {
        let slots = self.0.range(slot_of(before(now, rule.window)) + 1..);
        sum(slots.map(|(_, counts)| counts))
    }

    /// Sends and approvals of all that is counted.
    #[must_use]
    pub fn total(&self) -> (u32, u32) {
        sum(self.0.values())
    }

    fn fail(&self, rule: &ConversionRule, of: Threshold, now: Timestamp) -> bool {
        let due = slot_of(before(now, rule.answer_after));
        let window = slot_of(before(now, rule.window)) + 1;
        let fails = |counted: (u32, u32), sends| counted.0 >= sends && !is_enough(counted, of);
        let answered_since = |first: i64| {
            let slots = (first <= due).then(|| self.0.range(first..=due));
            sum(slots.into_iter().flatten().map(|(_, counts)| counts))
        };
        fails(answered_since(window), of.sends)
            || fails(answered_since(i64::MIN), of.sends)
            || fails(self.recent(rule, now), of.sends.saturating_mul(BURST))
    }

    fn pass(&self, rule: &ConversionRule, of: Threshold, now: Timestamp) -> bool {
        let recent = self.recent(rule, now);
        recent.0 >= of.sends && is_enough(recent, of)
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
            let counts = Slot {
                sent: sent.parse().ok()?,
                approved: approved.parse().ok()?,
            };
            Some((slot.parse().ok()?, counts))
        });
        slots.collect::<Option<_>>().map(Self)
    }
}

fn sum<'a>(slots: impl Iterator<Item = &'a Slot>) -> (u32, u32) {
    slots.fold((0, 0), |(sent, approved), slot| {
        (
            u32::saturating_add(sent, slot.sent),
            u32::saturating_add(approved, slot.approved),
        )
    })
}

fn is_enough((sent, approved): (u32, u32), of: Threshold) -> bool {
    u64::from(approved) * 100 >= u64::from(sent) * u64::from(of.percent)
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
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_767_268_800_000);
    const MINUTE: Duration = Duration::from_mins(1);
    const HALF: Threshold = Threshold {
        sends: 10,
        percent: 20,
    };
    const RULE: ConversionRule = ConversionRule {
        window: Duration::from_hours(1),
        answer_after: Duration::from_mins(5),
        open_for: Duration::from_hours(1),
        prefix: HALF,
        country: HALF,
    };

    fn admit(breaker: &mut ConversionBreaker, now: Timestamp) -> (bool, Option<Turned>) {
        breaker.admit(&RULE, HALF, now)
    }

    /// After `sent` sends at noon of which `approved` were approved.
    fn after(sent: u32, approved: u32) -> ConversionBreaker {
        let mut breaker = ConversionBreaker::default();
        for _ in 0..sent {
            breaker.sent(NOON, NOON);
        }
        for _ in 0..approved {
            breaker.approved(NOON, 1);
        }
        breaker
    }

    #[test]
    fn it_opens_once_enough_sends_are_due_and_too_few_came_back() {
        for (sent, approved, opens) in [
            (9, 0, false),
            (10, 0, true),
            (10, 1, true),
            (10, 2, false),
            (30, 5, true),
        ] {
            let mut breaker = after(sent, approved);
            assert_eq!(
                admit(&mut breaker, NOON + MINUTE * 4),
                (true, None),
                "too early to tell"
            );
            let turned = opens.then_some(Turned::Opened);
            assert_eq!(
                admit(&mut breaker, NOON + MINUTE * 5),
                (!opens, turned),
                "{sent} {approved}"
            );
        }
    }

    #[test]
    fn a_burst_is_not_waited_for_and_late_answers_close_again() {
        let mut breaker = after(39, 0);
        assert_eq!(admit(&mut breaker, NOON), (true, None));
        breaker.sent(NOON, NOON);
        assert_eq!(admit(&mut breaker, NOON), (false, Some(Turned::Opened)));
        for _ in 0..7 {
            breaker.approved(NOON, 1);
        }
        assert_eq!(admit(&mut breaker, NOON + MINUTE), (false, None));
        breaker.approved(NOON, 1);
        assert_eq!(admit(&mut breaker, NOON + MINUTE), (true, Some(Turned::Closed)));
    }

    #[test]
    fn an_approval_speaks_for_all_sends_of_its_verification() {
        let mut breaker = after(30, 0);
        breaker.approved(NOON, 5);
        breaker.approved(NOON, 1);
        assert_eq!(admit(&mut breaker, NOON + MINUTE * 5), (true, None));
    }

    #[test]
    fn three_probes_go_through_and_two_approvals_close_it() {
        let mut breaker = after(10, 0);
        admit(&mut breaker, NOON + MINUTE * 5);
        assert_eq!(admit(&mut breaker, NOON + MINUTE * 64), (false, None));
        let later = NOON + MINUTE * 65;
        for _ in 0..PROBES {
            assert_eq!(admit(&mut breaker, later), (true, None));
            breaker.sent(later, later);
        }
        assert_eq!(admit(&mut breaker, later), (false, None));
        breaker.approved(NOON, 1);
        breaker.approved(later, 1);
        assert_eq!(
            admit(&mut breaker, later),
            (false, None),
            "one of them, and one of before"
        );
        breaker.approved(later, 1);
        assert_eq!(admit(&mut breaker, later), (true, Some(Turned::Closed)));
        assert_eq!(breaker, ConversionBreaker::default(), "it begins anew");
    }

    #[test]
    fn probes_that_nobody_answers_keep_it_open_for_as_long_again() {
        let mut breaker = after(10, 0);
        admit(&mut breaker, NOON + MINUTE * 5);
        let later = NOON + MINUTE * 65;
        for _ in 0..PROBES {
            breaker.sent(later, later);
        }
        assert_eq!(admit(&mut breaker, later + MINUTE * 4), (false, None));
        let again = later + MINUTE * 5;
        assert_eq!(admit(&mut breaker, again), (false, None));
        assert_eq!(admit(&mut breaker, again + MINUTE * 59), (false, None));
        assert_eq!(admit(&mut breaker, again + MINUTE * 60), (true, None));
    }

    #[test]
    fn what_never_left_counts_for_nothing() {
        let mut breaker = after(10, 0);
        breaker.taken_back(NOON);
        assert_eq!(admit(&mut breaker, NOON + MINUTE * 5), (true, None));
    }

    #[test]
    fn what_drips_is_judged_by_the_day_and_what_is_older_counts_for_nothing() {
        let day = MINUTE * 60 * 24;
        assert_eq!(
            admit(&mut after(30, 0), NOON + day / 2),
            (false, Some(Turned::Opened))
        );
        assert_eq!(admit(&mut after(30, 0), NOON + day), (true, None));
        let mut dripping = ConversionBreaker::default();
        for send in 0..10 {
            let now = NOON + MINUTE * 30 * send;
            assert_eq!(admit(&mut dripping, now), (true, None), "{send}");
            dripping.sent(now, now);
        }
        let now = NOON + MINUTE * 30 * 10;
        assert_eq!(admit(&mut dripping, now), (false, Some(Turned::Opened)));
    }

    #[test]
    fn a_good_day_does_not_hide_a_bad_hour() {
        let mut breaker = after(1_000, 900);
        let now = NOON + MINUTE * 60 * 5;
        assert_eq!(admit(&mut breaker, now), (true, None));
        for _ in 0..10 {
            breaker.sent(now, now);
        }
        assert_eq!(
            admit(&mut breaker, now + MINUTE * 5),
            (false, Some(Turned::Opened))
        );
    }

    #[test]
    fn an_answer_that_comes_after_the_window_counts_for_the_day() {
        let began = NOON + MINUTE * 7;
        let mut breaker = ConversionBreaker::default();
        for _ in 0..10 {
            breaker.sent(began, began);
        }
        let later = began + MINUTE * 90;
        breaker.counts.forget(later, RULE.window);
        for _ in 0..10 {
            breaker.approved(began, 1);
        }
        assert_eq!(breaker.counts.total(), (10, 10));
        assert_eq!(admit(&mut breaker, later), (true, None));
    }

    #[test]
    fn one_that_was_opened_by_hand_stays_open() {
        let mut breaker = after(30, 30);
        breaker.state = BreakerState::Open {
            since: NOON,
            until: None,
            probes: Probes::default(),
        };
        assert_eq!(
            admit(&mut breaker, NOON + Duration::from_hours(1_000)),
            (false, None)
        );
    }

    #[test]
    fn counts_survive_their_text() {
        let counts = after(12, 3).counts;
        assert_eq!(Conversions::parse(&counts.to_text()), Some(counts));
        assert_eq!(Conversions::parse(""), Some(Conversions::default()));
        for text in ["1", "1:2", "1:2/x", "x:1/2"] {
            assert_eq!(Conversions::parse(text), None);
        }
    }
}
