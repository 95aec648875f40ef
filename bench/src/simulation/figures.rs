//! What a script came to.

use super::script::{Group, HOUR, Must};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// So many messages an hour are the trial of an open breaker.
const TRIAL: usize = 3;

/// What was counted of one script on one server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Starts of the attack.
    pub asked: u64,
    /// Messages that left for them.
    pub messages: u64,
    /// The most of them in any 24 hours.
    pub in_a_day: u64,
    /// Seconds from the first message until no hour has more than the trial of an open breaker, although more is asked for. None:
    /// never.
    pub stopped_after: Option<u64>,
    /// Keys that the attackers had to derive, of 1,000 iterations each.
    pub tries: u64,
    /// Codes that were guessed.
    pub guessed: u64,
    /// The messages of each hour.
    pub by_hour: Vec<u64>,
    /// People beside it.
    pub people: BTreeMap<Group, Served>,
}

/// How people fared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    pub asked: u64,
    /// Refused anything: a start, a message, a right code; by the reason.
    pub refused: BTreeMap<String, u64>,
}

impl Served {
    /// How many were refused.
    pub fn refusals(&self) -> u64 {
        self.refused.values().sum()
    }

    /// Whether fewer than one in a thousand was refused.
    fn is_enough(&self) -> bool {
        self.asked > 0 && self.refusals() * 1_000 < self.asked
    }
}

/// Counts while a script is played.
pub struct Tally {
    figures: Figures,
    asked: Vec<Duration>,
    messages: Vec<Duration>,
}

impl Tally {
    pub fn new(hours: usize) -> Self {
        Self {
            figures: Figures {
                by_hour: vec![0; hours.max(1)],
                ..Figures::default()
            },
            asked: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// An attacker has asked, so long after the attack's begin.
    pub fn asked(&mut self, after: Duration, sent: bool, tries: u64) {
        self.asked.push(after);
        self.figures.tries += tries;
        if sent {
            self.messages.push(after);
            let hour = usize::try_from(after.as_secs() / 3_600).unwrap_or_default();
            if let Some(messages) = self.figures.by_hour.get_mut(hour) {
                *messages += 1;
            }
        }
    }

    /// A code was guessed.
    pub fn guessed(&mut self) {
        self.figures.guessed += 1;
    }

    /// Somebody was served, or was refused for a reason.
    pub fn person(&mut self, group: Group, refused: Option<String>) {
        let served = self.figures.people.entry(group).or_default();
        served.asked += 1;
        if let Some(reason) = refused {
            *served.refused.entry(reason).or_default() += 1;
        }
    }

    /// The sum of it.
    pub fn figures(self) -> Figures {
        let within = |of: &[Duration], from: Duration, period: Duration| {
            of.iter().filter(|at| (from..from + period).contains(*at)).count()
        };
        let of_day = |from: &Duration| within(&self.messages, *from, HOUR * 24);
        let moment = Duration::from_millis(1);
        let stopped = self.messages.iter().map(|at| *at + moment).find(|from| {
            within(&self.messages, *from, HOUR) <= TRIAL && within(&self.asked, *from, HOUR) > TRIAL
        });
        Figures {
            asked: as_count(self.asked.len()),
            messages: as_count(self.messages.len()),
            in_a_day: as_count(self.messages.iter().map(of_day).max().unwrap_or_default()),
            stopped_after: stopped.map(|at| at.as_secs()),
            ..self.figures
        }
    }
}

fn as_count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

impl Figures {
    /// What of the demands is not met, a sentence each.
    pub fn unmet(&self, must: &Must) -> Vec<String> {
        let mut unmet = Vec::new();
        let mut at_most = |what: &str, count: u64, most: Option<u64>| {
            if let Some(most) = most.filter(|most| count > *most) {
                unmet.push(format!("{count} {what}, at most {most} may be"));
            }
        };
        at_most("messages", self.messages, must.messages);
        at_most("messages in 24 hours", self.in_a_day, must.in_a_day);
        for group in &must.served {
            let served = self.people.get(group).cloned().unwrap_or_default();
            if !served.is_enough() {
                let (refused, asked) = (served.refusals(), served.asked);
                unmet.push(format!("{refused} of {asked} {} refused", group.name()));
            }
        }
        unmet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_stops_are_found_wherever_they_begin() {
        let mut tally = Tally::new(50);
        for minute in 0..120 {
            let after = Duration::from_mins(minute);
            tally.asked(after, minute < 10, 0);
        }
        for hour in [23, 25, 26] {
            tally.asked(HOUR * hour, true, 7);
        }
        let figures = tally.figures();
        assert_eq!((figures.asked, figures.messages, figures.in_a_day), (123, 13, 11));
        assert_eq!((figures.stopped_after, figures.tries), (Some(6 * 60), 21));
        assert_eq!((figures.by_hour[0], figures.by_hour[23]), (10, 1));
    }

    #[test]
    fn what_is_over_a_bound_is_told() {
        let mut tally = Tally::new(1);
        for _ in 0..6 {
            tally.asked(Duration::ZERO, true, 0);
        }
        for person in 0..1_000 {
            let refused = (person == 7).then(|| "too_many_requests".to_owned());
            tally.person(Group::Ordinary, refused);
        }
        let figures = tally.figures();
        let must = Must {
            messages: Some(6),
            in_a_day: Some(5),
            served: vec![Group::Ordinary, Group::Known],
        };
        assert_eq!(
            figures.unmet(&must),
            [
                "6 messages in 24 hours, at most 5 may be",
                "1 of 1000 people refused",
                "0 of 0 known numbers refused",
            ]
        );
    }
}
