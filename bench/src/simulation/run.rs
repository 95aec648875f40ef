//! Plays a script and counts.

use super::figures::{Figures, Tally};
use super::script::{ATTACK, Act, Attempt, Group, Person, Script, Step};
use super::world::{Defences, Held, World};
use crate::Result;
use std::time::Duration;

/// The code that is tried on every number.
const ONE_CODE: &str = "123456";

/// The seed of the server's keys and codes.
const SEED: u64 = 20_260_101;

/// What somebody has come to.
#[derive(Clone, Default)]
struct State {
    held: Option<Held>,
    /// Why not, where something was refused.
    refused: Option<String>,
}

/// Plays a script from its beginning on a server of its own.
///
/// # Errors
/// The server breaks: a 5xx, an answer that is none.
pub async fn play(script: &Script, defences: Defences) -> Result<Figures> {
    let mut world = World::open(defences, script.sites, SEED).await?;
    let mut tally = Tally::new(script.hours());
    let mut states = vec![State::default(); script.people.len()];
    for (at, act) in script.acts() {
        world.at(at).await?;
        match act {
            Act::Attack(index) => {
                attack(
                    &world,
                    &script.attempts[index],
                    at.saturating_sub(ATTACK),
                    &mut tally,
                )
                .await?;
            }
            Act::Person(index, step) => {
                let (person, state) = (&script.people[index], &mut states[index]);
                live(&world, person, step, state).await?;
            }
        }
    }
    for (person, state) in script.people.iter().zip(states) {
        if person.group != Group::Before {
            tally.person(person.group, state.refused);
        }
    }
    Ok(tally.figures())
}

async fn attack(world: &World, attempt: &Attempt, after: Duration, tally: &mut Tally) -> Result {
    let asked = world.ask(&attempt.from, attempt.site, &attempt.number).await?;
    tally.asked(after, asked.sent, asked.tries);
    if let (true, Some(held)) = (attempt.guesses, &asked.held)
        && world.check(&attempt.from, held, ONE_CODE).await?
    {
        tally.guessed();
    }
    Ok(())
}

async fn live(world: &World, person: &Person, step: Step, state: &mut State) -> Result {
    // Whoever was refused once has left.
    if state.refused.is_some() {
        return Ok(());
    }
    let Person { from, number, .. } = person;
    if let Step::Ask = step {
        let asked = world.ask(from, 0, number).await?;
        if asked.status != 201 {
            state.refused = Some(asked.code);
        } else if !asked.sent {
            state.refused = Some("nothing sent".to_owned());
        }
        state.held = asked.held;
        return Ok(());
    }
    let (Some(held), Some(code)) = (&state.held, world.code_at(number)) else {
        return Ok(());
    };
    match step {
        Step::Ask => {}
        Step::Mistype => {
            world.check(from, held, &another(&code)).await?;
        }
        Step::AskAgain => {
            if !world.ask_again(from, held, number).await? {
                state.refused = Some("no second message".to_owned());
            }
        }
        Step::Type => {
            if !world.check(from, held, &code).await? {
                state.refused = Some("right code refused".to_owned());
            }
        }
    }
    Ok(())
}

/// A code with another first digit.
fn another(code: &str) -> String {
    let digit = if code.starts_with('7') { '1' } else { '7' };
    format!("{digit}{}", code.get(1..).unwrap_or_default())
}
