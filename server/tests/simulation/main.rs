//! Seeded random histories of the real engine, keys and SQLite store with a fake clock and a fake provider. A failing
//! seed is printed; `PHONE_VERIFY_TEST_SEED=<seed>` replays it alone.
#![expect(clippy::expect_used, reason = "a test says why it cannot go on")]

mod history;
mod random;
mod sender;
mod store;
mod world;

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test]
async fn the_invariants_hold_in_every_random_history() {
    let histories = from_environment("PHONE_VERIFY_TEST_HISTORIES").unwrap_or(40);
    let first = from_environment("PHONE_VERIFY_TEST_SEED");
    let seeds = first.map_or(1..=histories, |seed| seed..=seed);
    let mut effects_in_all = 0;
    for seed in seeds {
        match history::play(seed, 120).await {
            Ok(effects) => effects_in_all += effects,
            Err(error) => panic!("seed {seed}: {error}\nreplay it with PHONE_VERIFY_TEST_SEED={seed}"),
        }
    }
    assert!(effects_in_all > 0, "the histories did something");
}
