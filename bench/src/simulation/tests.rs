//! A part of the simulation, played in each run of the tests.

use super::run::play;
use super::script::{Group, Script};
use super::scripts::{self, Scale};
use super::world::Defences;

fn script(name: &str) -> Script {
    let mut all = scripts::all(Scale::Part).into_iter();
    all.find(|script| script.name == name).unwrap()
}

#[tokio::test]
async fn pumping_is_within_its_bound_and_not_without_the_breaker() {
    let script = script("pumping");
    let first = play(&script, Defences::On).await.unwrap();
    assert_eq!(first.unmet(&script.must), [""; 0], "{first:?}");
    assert!(first.tries > 0, "somebody had to prove work");
    let unguarded = play(&script, Defences::NoBreaker).await.unwrap();
    assert!(
        unguarded.unmet(&script.must)[0].contains("at most 300 may be"),
        "{unguarded:?}"
    );
}

#[tokio::test]
async fn a_script_gives_the_same_figures_each_time() {
    let script = script("one-prefix");
    let first = play(&script, Defences::On).await.unwrap();
    assert_eq!(play(&script, Defences::On).await.unwrap(), first);
    assert!(first.messages > 0 && first.messages < first.asked, "{first:?}");
}

#[tokio::test]
async fn one_number_gets_five_messages_a_day_and_every_one_without_defences() {
    let script = script("bombing");
    let bombed = play(&script, Defences::On).await.unwrap();
    assert_eq!(bombed.unmet(&script.must), [""; 0], "{bombed:?}");
    let open = play(&script, Defences::Off).await.unwrap();
    assert_eq!(open.messages, open.asked);
}

#[tokio::test]
async fn sprayed_codes_and_a_pumped_prefix_keep_nobody_else_out() {
    for name in ["spray", "one-prefix"] {
        let script = script(name);
        let figures = play(&script, Defences::On).await.unwrap();
        assert_eq!(figures.unmet(&script.must), [""; 0], "{name}: {figures:?}");
        assert_eq!(figures.guessed, 0);
    }
}

#[tokio::test]
async fn ever_new_prefixes_cost_no_more_than_the_country_s_day() {
    let script = script("ever-new");
    let figures = play(&script, Defences::On).await.unwrap();
    assert_eq!(figures.unmet(&script.must), [""; 0], "{figures:?}");
    assert!(
        figures.people[&Group::OtherPrefix].refusals() > 0,
        "no rule tells them apart"
    );
}

#[tokio::test]
async fn an_ordinary_day_refuses_nobody_and_who_is_refused_is_seen() {
    for name in ["ordinary-day", "crowded-day"] {
        let script = script(name);
        let figures = play(&script, Defences::On).await.unwrap();
        assert_eq!(figures.unmet(&script.must), [""; 0], "{name}: {figures:?}");
        assert_eq!(figures.people[&Group::Ordinary].asked, 200);
    }
}
