//! The scripts: attacks, each beside ordinary people, and two ordinary days.

use super::cast::{ADDRESSES, ATTACKED, PREFIXES, address, beside, home, number, number_elsewhere, pump};
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

/// What pumping may cost.
const PUMPING: u64 = 300;

/// All of them.
pub fn all(scale: Scale) -> Vec<Script> {
    vec![
        pumping(scale),
        waves(scale),
        ever_new(scale),
        used_prefixes(scale),
        one_prefix(scale),
        drip(scale),
        spray(scale),
        bombing(scale),
        ordinary_day(scale, 30),
        ordinary_day(scale, 200),
    ]
}

/// Those who are served even where an attack has used up what a country's unknown prefixes have.
fn elsewhere() -> Vec<Group> {
    vec![Group::Known, Group::OtherCountry]
}

/// Everybody that is not attacked.
fn everybody() -> Vec<Group> {
    vec![Group::Known, Group::OtherPrefix, Group::OtherCountry]
}

fn pumping(scale: Scale) -> Script {
    let hours = scale.hours();
    let must = Must {
        messages: Some(PUMPING),
        served: everybody(),
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
            messages: Some(PUMPING),
            served: everybody(),
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

/// Where nothing is known of any prefix, the country's day alone is the bound.
fn ever_new(scale: Scale) -> Script {
    let hours = scale.hours();
    let mut script = Script::new(
        "ever-new",
        format!(
            "Pumping from 500 addresses over 5,000 prefixes, each once: 500 at once, then without a pause for {hours} h"
        ),
        Must {
            messages: Some(PUMPING),
            served: elsewhere(),
            ..Must::default()
        },
    );
    let random = Seeded::new(3);
    for index in 0..ADDRESSES + 4_500 * hours / 24 {
        let after = if index < ADDRESSES {
            random.below(60_000)
        } else {
            60_000 + random.below(hours * 3_600_000 - 60_000)
        };
        script.attack(
            Duration::from_millis(after),
            Attempt {
                number: number_elsewhere(index, index),
                ..pump(index)
            },
        );
    }
    beside(&mut script, hours);
    script
}

/// How many prefixes of the next script people have used, and how many on each.
const USED: u64 = 20;
const USERS: u64 = 5;

/// Where people's codes have come back, the attack is served as many more, and one.
fn used_prefixes(scale: Scale) -> Script {
    let hours = scale.hours();
    let mut script = Script::new(
        "used-prefixes",
        format!(
            "Pumping over 200 prefixes, 200 at once, then 1,000 in {hours} h over {USED} on which {USERS} people each were verified \
             that day"
        ),
        Must {
            messages: Some(PUMPING + USED * (USERS + 1)),
            served: everybody(),
            ..Must::default()
        },
    );
    let used = |index: u64| PREFIXES - USED + index % USED;
    for index in 0..USED * USERS {
        let person = Person {
            group: Group::Before,
            from: home(3_000 + index),
            number: number(used(index), 8_000 + index),
        };
        let before = MINUTE * u32::try_from(120 + index).unwrap_or(0);
        script.person(ATTACK.saturating_sub(before), person, Manner::default());
    }
    for index in 0..ATTACKED {
        script.attack(Duration::from_millis(index * 100), pump(index));
    }
    for index in 0..1_000 {
        let after = MINUTE + Duration::from_millis(index * hours * 3_540);
        script.attack(
            after,
            Attempt {
                number: number(used(index), index),
                ..pump(index)
            },
        );
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
            served: everybody(),
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
            served: everybody(),
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
    let mut script = Script::new(
        name,
        format!(
            "An ordinary day of {people} people: 20 % behind an address with 200 people, {who}; 15 % mistype, 10 % ask for a \
             second message, 8 % never come back"
        ),
        Must {
            served: vec![Group::Ordinary],
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
