//! Who takes part: attackers with their numbers and addresses, and people.

use super::script::{ATTACK, Attempt, Group, MINUTE, Manner, Person, SECOND, Script};
use std::time::Duration;

/// Prefixes of the United States that are attacked; those above are other people's.
pub const ATTACKED: u64 = 200;
pub const PREFIXES: u64 = 300;
pub const ADDRESSES: u64 = 500;

/// How often each of the three kinds of people asks during an attack.
const PEOPLE_EVERY: Duration = MINUTE.saturating_mul(20);

/// A number of the United States.
pub fn number(prefix: u64, line: u64) -> String {
    format!("+1202{:03}{line:04}", 220 + prefix)
}

/// A number of a prefix that no other script has: there are 5,000 of them.
pub fn number_elsewhere(prefix: u64, line: u64) -> String {
    const AREAS: [u64; 10] = [212, 213, 305, 312, 404, 415, 503, 602, 617, 702];
    let area = AREAS[usize::try_from(prefix / 500 % 10).unwrap_or(0)];
    format!("+1{area}{:03}{line:04}", 220 + prefix % 500)
}

/// An attacker's address.
pub fn address(index: u64) -> String {
    format!("198.{}.{}.7", 18 + index / 250, index % 250)
}

/// Somebody's at home.
pub fn home(index: u64) -> String {
    format!("100.{}.{}.9", 64 + index / 250, index % 250)
}

/// The people beside an attack of so many hours: numbers known since the day before, new ones of other prefixes, and of another
/// country, one of each every twenty minutes.
pub fn beside(script: &mut Script, hours: u64) {
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
pub fn pump(index: u64) -> Attempt {
    Attempt {
        from: address(index % ADDRESSES),
        site: 0,
        number: number(index % ATTACKED, index),
        guesses: false,
    }
}
