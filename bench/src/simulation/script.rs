//! What happens in one script, and when: an attack, and the people beside it.

use serde::{Deserialize, Serialize};
use std::time::Duration;

pub const SECOND: Duration = Duration::from_secs(1);
pub const MINUTE: Duration = Duration::from_mins(1);
pub const HOUR: Duration = Duration::from_hours(1);

/// When the attack begins: those who were verified before were so a day ago.
pub const ATTACK: Duration = Duration::from_hours(26);

/// One act.
#[derive(Clone, Copy)]
pub enum Act {
    /// An attacker asks.
    Attack(usize),
    /// One of the people does something.
    Person(usize, Step),
}

/// What people do, in this order.
#[derive(Clone, Copy)]
pub enum Step {
    Ask,
    Mistype,
    AskAgain,
    Type,
}

/// A start of the attack.
pub struct Attempt {
    pub from: String,
    pub site: usize,
    pub number: String,
    /// Whether it goes on with the one code that is tried everywhere.
    pub guesses: bool,
}

/// Whom somebody stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Was verified a day before; not counted.
    Before,
    /// The same number again, during the attack.
    Known,
    /// A new number of another prefix of the attacked country.
    OtherPrefix,
    /// A new number of another country.
    OtherCountry,
    /// Somebody on an ordinary day.
    Ordinary,
}

impl Group {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Before => "the day before",
            Self::Known => "known numbers",
            Self::OtherPrefix => "other prefixes",
            Self::OtherCountry => "other countries",
            Self::Ordinary => "people",
        }
    }
}

/// Somebody with a phone.
pub struct Person {
    pub group: Group,
    pub from: String,
    pub number: String,
}

/// What somebody does besides asking.
#[derive(Clone, Copy, Default)]
pub struct Manner {
    pub mistypes: bool,
    pub asks_again: bool,
    pub leaves: bool,
}

/// What the issue demands of a script.
#[derive(Clone, Default)]
pub struct Must {
    /// Messages of the attack at most.
    pub messages: Option<u64>,
    /// Messages in any 24 hours at most.
    pub in_a_day: Option<u64>,
    /// Of whom fewer than one in a thousand may be refused.
    pub served: Vec<Group>,
}

/// A script.
pub struct Script {
    /// For files and tables.
    pub name: &'static str,
    /// In words.
    pub about: String,
    pub sites: usize,
    pub must: Must,
    pub attempts: Vec<Attempt>,
    pub people: Vec<Person>,
    acts: Vec<(Duration, Act)>,
}

impl Script {
    pub fn new(name: &'static str, about: impl Into<String>, must: Must) -> Self {
        Self {
            name,
            about: about.into(),
            sites: 1,
            must,
            attempts: Vec::new(),
            people: Vec::new(),
            acts: Vec::new(),
        }
    }

    /// An attacker asks, so long after the attack's begin.
    pub fn attack(&mut self, after: Duration, attempt: Attempt) {
        self.acts.push((ATTACK + after, Act::Attack(self.attempts.len())));
        self.attempts.push(attempt);
    }

    /// Somebody asks at a moment and does the rest in the minutes after.
    pub fn person(&mut self, at: Duration, person: Person, manner: Manner) {
        let index = self.people.len();
        let mut act = |after, step| self.acts.push((at + after, Act::Person(index, step)));
        act(Duration::ZERO, Step::Ask);
        if manner.mistypes {
            act(SECOND * 25, Step::Mistype);
        }
        if manner.asks_again {
            act(SECOND * 75, Step::AskAgain);
        }
        if !manner.leaves {
            act(SECOND * if manner.asks_again { 110 } else { 40 }, Step::Type);
        }
        self.people.push(person);
    }

    /// All acts in their order.
    pub fn acts(&self) -> Vec<(Duration, Act)> {
        let mut acts = self.acts.clone();
        // Stable: what was written first happens first.
        acts.sort_by_key(|(at, _)| *at);
        acts
    }

    /// The attack without the people beside it.
    pub fn attack_alone(mut self) -> Self {
        self.acts.retain(|(_, act)| matches!(act, Act::Attack(_)));
        self.people.clear();
        // Where nothing is in the way, guesses change nothing of the bill.
        for attempt in &mut self.attempts {
            attempt.guesses = false;
        }
        self
    }

    /// How many hours the attack is looked at.
    pub fn hours(&self) -> usize {
        let last = self.acts.iter().map(|(at, _)| at.saturating_sub(ATTACK)).max();
        let hours = last.unwrap_or_default().as_secs().div_ceil(3_600);
        usize::try_from(hours).unwrap_or_default()
    }
}
