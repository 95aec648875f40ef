use super::{Asked, Decision, Operation, Outcome, Rule, Saw};
use phone_verify_domain::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many decisions of one rule on one operation get a line of their own in a minute; of the others one line says how many they
/// were. A flood of refusals fills no disk: 60 lines a minute are some 20 MB a day.
pub const LINES_A_MINUTE: u32 = 60;

/// Lines that wait to be written, at most: some 1 MB. While the database does not answer, the newest are counted only.
const WAITING: usize = 4_096;

/// A minute in milliseconds.
const MINUTE: i64 = 60_000;

/// Where decisions are noted: in memory, so that no request waits for it or fails by it. Clones are the same.
#[derive(Clone, Default)]
pub struct Decisions(Option<Arc<Mutex<Noted>>>);

#[derive(Default)]
struct Noted {
    waiting: Vec<Decision>,
    minutes: HashMap<Kind, Minute>,
}

/// What is counted together.
type Kind = (Option<Rule>, Operation, Outcome);

/// What one kind came to in its latest minute.
#[derive(Clone, Copy, Default)]
struct Minute {
    /// Which, counted from 1970.
    index: i64,
    lines: u32,
    /// Those without a line of their own.
    more: u32,
}

impl Decisions {
    /// They are kept until somebody takes them.
    #[must_use]
    pub fn noted() -> Self {
        Self(Some(Arc::default()))
    }

    /// Nobody wants to know.
    #[must_use]
    pub const fn forgotten() -> Self {
        Self(None)
    }

    /// Notes a decision.
    pub fn note(&self, decision: impl FnOnce() -> Decision) {
        if let Some(noted) = &self.0 {
            lock(noted).note(decision());
        }
    }

    /// Takes the lines that are to be written at `now`. How many there were beyond them is known once their minute is over; with
    /// `all` it is taken as it stands.
    #[must_use]
    pub fn take(&self, now: Timestamp, all: bool) -> Vec<Decision> {
        self.0
            .as_ref()
            .map_or_else(Vec::new, |noted| lock(noted).take(now, all))
    }

    /// Gives back lines that could not be written. Those that find no room are counted, so that their number is not lost.
    pub(super) fn give_back(&self, lines: Vec<Decision>) {
        if let Some(noted) = &self.0 {
            lock(noted).give_back(lines);
        }
    }
}

fn lock(noted: &Mutex<Noted>) -> MutexGuard<'_, Noted> {
    noted.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Noted {
    fn note(&mut self, decision: Decision) {
        let kind = kind(&decision);
        let minute = minute_of(decision.at);
        let counted = self.minutes.entry(kind).or_default();
        if counted.index != minute {
            let over = std::mem::replace(
                counted,
                Minute {
                    index: minute,
                    ..Minute::default()
                },
            );
            if let Some(line) = rest(kind, over) {
                self.waiting.push(line);
            }
        }
        if counted.lines < LINES_A_MINUTE && self.waiting.len() < WAITING {
            counted.lines += 1;
            self.waiting.push(decision);
        } else {
            counted.more = counted.more.saturating_add(decision.times);
        }
    }

    fn take(&mut self, now: Timestamp, all: bool) -> Vec<Decision> {
        let this_minute = minute_of(now);
        let waiting = &mut self.waiting;
        self.minutes.retain(|kind, counted| {
            if counted.index == this_minute && !all {
                return true;
            }
            waiting.extend(rest(*kind, *counted));
            counted.more = 0;
            counted.index == this_minute
        });
        std::mem::take(waiting)
    }

    fn give_back(&mut self, mut lines: Vec<Decision>) {
        let room = WAITING.saturating_sub(self.waiting.len());
        for line in lines.split_off(room.min(lines.len())) {
            let counted = self.minutes.entry(kind(&line)).or_insert(Minute {
                index: minute_of(line.at),
                ..Minute::default()
            });
            counted.more = counted.more.saturating_add(line.times);
        }
        lines.append(&mut self.waiting);
        self.waiting = lines;
    }
}

fn kind(decision: &Decision) -> Kind {
    (decision.rule, decision.asked.operation, decision.outcome)
}

/// The line for those of a minute that have none of their own.
fn rest((rule, operation, outcome): Kind, counted: Minute) -> Option<Decision> {
    (counted.more > 0).then(|| Decision {
        at: Timestamp::from_millis(counted.index.saturating_mul(MINUTE)),
        asked: Asked::of(operation),
        outcome,
        rule,
        saw: Saw::default(),
        times: counted.more,
    })
}

fn minute_of(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use phone_verify_domain::ErrorCode;
    use std::time::Duration;

    const NOON: Timestamp = Timestamp::from_millis(1_767_268_800_000);

    fn refusal(at: Timestamp, rule: Rule) -> Decision {
        Decision {
            at,
            asked: Asked::of(Operation::Start),
            outcome: Outcome::Refused,
            rule: Some(rule),
            saw: Saw::default(),
            times: 1,
        }
    }

    fn note(decisions: &Decisions, at: Timestamp, rule: Rule, times: u32) {
        for _ in 0..times {
            decisions.note(|| refusal(at, rule));
        }
    }

    fn counts(lines: &[Decision]) -> (usize, u32) {
        (lines.len(), lines.iter().map(|line| line.times).sum())
    }

    #[test]
    fn a_flood_has_so_many_lines_a_minute_and_one_that_says_how_many_there_were_beyond() {
        let decisions = Decisions::noted();
        note(&decisions, NOON, Rule::Number, 1_000);
        note(&decisions, NOON, Rule::Address, 2);
        assert_eq!(counts(&decisions.take(NOON, false)), (62, 62));
        note(&decisions, NOON, Rule::Number, 1);
        let later = NOON + Duration::from_mins(1);
        let rest = decisions.take(later, false);
        assert_eq!(counts(&rest), (1, 941), "nothing is lost");
        assert_eq!((rest[0].at, rest[0].rule), (NOON, Some(Rule::Number)));
        note(&decisions, later, Rule::Number, 61);
        assert_eq!(
            counts(&decisions.take(later, false)),
            (60, 60),
            "a minute of its own"
        );
        assert_eq!(counts(&decisions.take(later, true)), (1, 1), "as it stands");
        assert_eq!(counts(&decisions.take(later, true)), (0, 0));
    }

    #[test]
    fn a_minute_that_is_over_is_told_also_where_nobody_has_taken_its_lines() {
        let decisions = Decisions::noted();
        for minute in 0..3 {
            note(
                &decisions,
                NOON + Duration::from_mins(1) * minute,
                Rule::Number,
                70,
            );
        }
        let lines = decisions.take(NOON + Duration::from_mins(3), false);
        assert_eq!(counts(&lines), (3 * 61, 3 * 70));
    }

    #[test]
    fn without_a_database_memory_is_bounded_and_what_finds_no_room_is_counted() {
        let decisions = Decisions::noted();
        let refusals = ErrorCode::ALL.iter().copied().map(Rule::Refusal);
        let rules: Vec<Rule> = refusals.collect();
        let mut noted = 0;
        for minute in 0..10 {
            let at = NOON + Duration::from_mins(1) * minute;
            for rule in &rules {
                note(&decisions, at, *rule, 60);
                noted += 60;
            }
            let lines = decisions.take(at, false);
            assert!(lines.len() <= WAITING + rules.len() * 2, "{}", lines.len());
            decisions.give_back(lines);
        }
        let lines = decisions.take(NOON + Duration::from_hours(1), false);
        assert_eq!(counts(&lines).1, noted);
    }

    #[test]
    fn what_nobody_wants_is_not_even_made() {
        Decisions::forgotten().note(|| panic!("made"));
        assert!(Decisions::forgotten().take(NOON, true).is_empty());
    }
}
