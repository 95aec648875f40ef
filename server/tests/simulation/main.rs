//! Seeded random histories of the real engine, keys and SQLite store with a fake clock and a fake provider. A failing
//! seed is printed; `PHONE_VERIFY_TEST_SEED=<seed>` replays it alone.
#![expect(clippy::expect_used, reason = "a test says why it cannot go on")]

mod history;
mod random;
mod sender;
mod store;
mod world;

use futures::StreamExt as _;

#[path = "../real/mod.rs"]
mod real;

use real::{Proof, from_environment};

/// Histories under way at a time: while one waits for its disk, another goes on.
const AT_ONCE: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_invariants_hold_in_every_random_history() -> real::Result {
    let proof = Proof::begin("the_invariants_hold_in_every_random_history");
    let histories = from_environment("PHONE_VERIFY_TEST_HISTORIES", 500);
    let steps = from_environment("PHONE_VERIFY_TEST_STEPS", 30);
    let seeds = match from_environment("PHONE_VERIFY_TEST_SEED", 0) {
        0 => 1..=histories,
        seed => seed..=seed,
    };
    let plays = seeds.map(|seed| async move {
        let played = tokio::spawn(history::play(seed, steps)).await;
        (seed, played.map_err(Into::into).and_then(|played| played))
    });
    let mut plays = futures::stream::iter(plays).buffer_unordered(AT_ONCE);
    let mut effects = 0;
    while let Some((seed, played)) = plays.next().await {
        match played {
            Ok(more) => effects += more,
            Err(error) => panic!(
                "seed {seed}: {error}\nreplay it with PHONE_VERIFY_TEST_SEED={seed} PHONE_VERIFY_TEST_STEPS={steps}"
            ),
        }
    }
    assert!(effects > 0, "the histories did something");
    proof.held(
        &format!("{histories} histories of {steps} steps"),
        &format!("all invariants after each step, {effects} steps that sent"),
    )
}
