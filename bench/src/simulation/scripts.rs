//! The scripts: five attacks, each beside ordinary people, and two ordinary days.

use super::random::Seeded;
use super::script::{ATTACK, Attempt, Group, MINUTE, Manner, Must, Person, SECOND, Script};
use std::time::Duration;

/// How much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Days.
    Whole,
    /// Hours: for each run of the tests.
    Part,
}

impl Scale {
    fn hours(self) -> u64 {
        match self {
            Self::Whole => 24,
            Self::Part => 1,
        }
    }

    /// How often one address asks in a row: from the fourth on it works for it, and twice as much each time.
    fn in_a_row(self) -> u32 {
        match self {
            Self::Whole => 6,
            Self::Part => 4,
        }
    }

    /// How many ask at once.
    fn rush(self) -> u64 {
        match self {
            Self::Whole => ADDRESSES,
            // More than may be sent, so that the bound means something.
            Self::Part => 350,
        }
    }
}

/// Prefixes of the United States that are attacked; those above are other people's.
const ATTACKED: u64 = 200;
const PREFIXES: u64 = 300;
const ADDRESSES: u64 = 500;

/// How often each of the three kinds of people asks during an attack.
const PEOPLE_EVERY: Duration = MINUTE.saturating_mul(20);

/// What pumping may cost.
const PUMPING: u64 = 300;

/// All of them.
pub fn all(scale: Scale) -> Vec<Script> {
    vec![
        pumping(scale),
        waves(scale),
        one_prefix(scale),
        drip(scale),
        spray(scale),
        bombing(scale),
        ordinary_day(scale, 30),
        ordinary_day(scale, 200),
    ]
}

/// A number of the United States.
fn number(prefix: u64, line: u64) -> String {
    format!("+1202{:03}{line:04}", 220 + prefix)
}

/// An attacker's address.
fn address(index: u64) -> String {
    format!("198.{}.{}.7", 18 + index / 250, index % 250)
}

/// Somebody's at home.
fn home(index: u64) -> String {
    format!("100.{}.{}.9", 64 + index / 250, index % 250)
}

/// Of whom fewer than one in a thousand may be refused during an attack on one country.
fn elsewhere() -> Vec<Group> {
    vec![Group::Known, Group::OtherCountry]
}

/// Everybody that is not attacked.
fn everybody() -> Vec<Group> {
    vec![Group::Known, Group::OtherPrefix, Group::OtherCountry]
}

/// The people beside an attack of so many hours: numbers known since the day before, new ones of other prefixes, and of another
/// country, one of each every twenty minutes.
fn beside(script: &mut Script, hours: u64) {
    let count = hours * 3_600 / PEOPLE_EVERY.as_secs();
    for index in 0..count {
        let place = ATTACKED + index % (PREFIXES - ATTACKED);
        let known = || Person {
            group: Group::Known,
            from: home(index),
            number: number(place, 1_000 + index),
        };
        let before = Person {
            group: Group::Before,
            ..known()
        };
        script.person(
            SECOND * u32::try_from(index * 20).unwrap_or(0),
            before,
            Manner::default(),
        );
        let at = ATTACK + PEOPLE_EVERY * u32::try_from(index).unwrap_or(0);
        script.person(at + MINUTE, known(), Manner::default());
        let other_prefix = Person {
            group: Group::OtherPrefix,
            from: home(1_000 + index),
            number: number(place, 2_000 + index),
        };
        script.person(at + MINUTE * 8, other_prefix, Manner::default());
        let other_country = Person {
            group: Group::OtherCountry,
            from: home(2_000 + index),
            number: format!("+447400{:06}", 123_456 + index * 1_013),
        };
        script.person(at + MINUTE * 14, other_country, Manner::default());
    }
}

/// A fresh number of the next attacked prefix, asked for from the next address.
fn pump(index: u64) -> Attempt {
    Attempt {
        from: address(index % ADDRESSES),
        site: 0,
        number: number(index % ATTACKED, index),
        guesses: false,
    }
}

fn pumping(scale: Scale) -> Script {
    let hours = scale.hours();
    let must = Must {
        messages: Some(PUMPING),
        served: elsewhere(),
        ..Must::default()
    };
    let mut script = Script::new(
        "pumping",
        format!(
            "Pumping from 500 addresses over 200 prefixes of one country: all at once, then without a pause for {hours} h"
        ),
        must,
    );
    let random = Seeded::new(1);
    for index in 0..scale.rush() {
        script.attack(Duration::from_millis(random.below(60_000)), pump(index));
    }
    // Two more of each address in a day.
    for index in ADDRESSES..ADDRESSES + ADDRESSES * 2 * hours / 24 {
        let after = Duration::from_millis(60_000 + random.below(hours * 3_600_000 - 60_000));
        script.attack(after, pump(index));
    }
    // Whoever asks more often from one address has to work for it.
    for send in 0..scale.in_a_row() {
        script.attack(
            MINUTE * 2 + SECOND * send,
            Attempt {
                from: address(ADDRESSES),
                ..pump(9_000 + u64::from(send))
            },
        );
    }
    beside(&mut script, hours);
    script
}

fn waves(scale: Scale) -> Script {
    let hours = scale.hours();
    let mut script = Script::new(
        "waves",
        "The same in waves of 500, with eight hours of silence between them",
        Must {
            served: elsewhere(),
            ..Must::default()
        },
    );
    for wave in 0..hours.div_ceil(8) {
        for index in 0..ADDRESSES {
            let after = Duration::from_hours(wave * 8) + Duration::from_millis(index * 100);
            script.attack(after, pump(wave * ADDRESSES + index));
        }
    }
    beside(&mut script, hours);
    script
}

fn one_prefix(scale: Scale) -> Script {
    let hours = scale.hours();
    let mut script = Script::new(
        "one-prefix",
        format!("Pumping one prefix from 50 addresses for {hours} h"),
        Must {
            messages: Some(PUMPING),
            served: everybody(),
            ..Must::default()
        },
    );
    for index in 0..hours * 12 {
        script.attack(
            SECOND * 300 * u32::try_from(index).unwrap_or(0),
            Attempt {
                from: address(index % 50),
                number: number(7, index),
                ..pump(0)
            },
        );
    }
    beside(&mut script, hours);
    script
}

fn drip(scale: Scale) -> Script {
    let hours = scale.hours();
    let mut script = Script::new(
        "drip",
        format!(
            "A slow drip: one every three minutes for {hours} h, each from another address to another prefix"
        ),
        Must {
            messages: Some(PUMPING),
            served: elsewhere(),
            ..Must::default()
        },
    );
    for index in 0..hours * 20 {
        script.attack(MINUTE * 3 * u32::try_from(index).unwrap_or(0), pump(index));
    }
    beside(&mut script, hours);
    script
}

fn spray(scale: Scale) -> Script {
    let numbers = match scale {
        Scale::Whole => 2_000,
        Scale::Part => 100,
    };
    let mut script = Script::new(
        "spray",
        format!("One code sprayed over {numbers} numbers, from 500 addresses, three seconds apart"),
        Must {
            messages: Some(PUMPING),
            served: elsewhere(),
            ..Must::default()
        },
    );
    for index in 0..numbers {
        script.attack(
            SECOND * 3 * u32::try_from(index).unwrap_or(0),
            Attempt {
                guesses: true,
                ..pump(index)
            },
        );
    }
    beside(&mut script, scale.hours().min(2));
    script
}

fn bombing(scale: Scale) -> Script {
    let (days, addresses) = match scale {
        Scale::Whole => (2, 100),
        Scale::Part => (2, 10),
    };
    let mut script = Script::new(
        "bombing",
        format!(
            "One number bombed from {addresses} addresses over 10 sites, every six hours for {days} days"
        ),
        Must {
            in_a_day: Some(5),
            served: everybody(),
            ..Must::default()
        },
    );
    script.sites = 10;
    for round in 0..days * 4_u64 {
        for index in 0..addresses {
            // A minute apart, as its spacing asks: one that is refused for that would be no attack.
            let after = Duration::from_hours(round * 6) + MINUTE * u32::try_from(index).unwrap_or(0);
            script.attack(
                after,
                Attempt {
                    from: address(index),
                    site: usize::try_from(index % 10).unwrap_or(0),
                    number: number(3, 4_567),
                    guesses: false,
                },
            );
        }
    }
    beside(&mut script, scale.hours());
    script
}

/// A fifth of them behind addresses of 200 people each, of whom `today` come on this day.
fn ordinary_day(scale: Scale, today: u64) -> Script {
    let people = match scale {
        Scale::Whole => 1_000,
        Scale::Part => 200,
    };
    let name = if today == 200 {
        "crowded-day"
    } else {
        "ordinary-day"
    };
    let who = if today == 200 {
        "all 200 on this day".to_owned()
    } else {
        format!("{today} of whom come on this day")
    };
    let served = if today == 200 {
        Vec::new()
    } else {
        vec![Group::Ordinary]
    };
    let mut script = Script::new(
        name,
        format!(
            "An ordinary day of {people} people: 20 % behind an address with 200 people, {who}; 15 % mistype, 10 % ask for a \
             second message, 8 % never come back"
        ),
        Must {
            served,
            ..Must::default()
        },
    );
    let random = Seeded::new(2);
    for index in 0..people {
        // Two draws: more in the afternoon than at night.
        let at = u64::midpoint(random.below(86_400_000), random.below(86_400_000));
        let shares = index % 5 == 0;
        let from = if shares {
            format!("203.0.113.{}", index / 5 / today)
        } else {
            home(index)
        };
        let manner = Manner {
            mistypes: random.percent(15),
            asks_again: random.percent(10),
            leaves: random.percent(8),
        };
        let person = Person {
            group: Group::Ordinary,
            from,
            number: number(random.below(PREFIXES), 3_000 + index),
        };
        script.person(ATTACK + Duration::from_millis(at), person, manner);
    }
    script
}
