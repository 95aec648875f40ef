//! Fuzz targets: plain functions of bytes, fed by a seeded mutator on stable Rust. What a target promises holds for every
//! input, and none panics. `PHONE_VERIFY_TEST_FUZZ_SECONDS` is the time of each; a failing input is printed.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../harness/mod.rs"]
mod harness;
#[path = "../real/mod.rs"]
mod real;

mod bodies;
mod mutator;
mod targets;

use mutator::Mutator;
use real::{Proof, Result, from_environment};
use std::time::Duration;
use tokio::time::Instant;

/// The time of one target.
fn time() -> Duration {
    Duration::from_secs_f64(from_environment("PHONE_VERIFY_TEST_FUZZ_SECONDS", 1.0))
}

fn seed() -> u64 {
    from_environment("PHONE_VERIFY_TEST_SEED", 1)
}

/// Prints the input that made a target panic.
struct Shown<'a>(&'a [u8]);

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the input, made with seed {}: {}", seed(), self.0.escape_ascii());
        }
    }
}

/// Feeds a target until its time is over.
fn run(test: &'static str, examples: &[&[u8]], mut target: impl FnMut(&[u8])) -> Result {
    let proof = Proof::begin(test);
    let mut mutator = Mutator::new(seed(), examples);
    let begun = Instant::now();
    let mut inputs = 0_u64;
    while begun.elapsed() < time() {
        for _ in 0..16 {
            let input = mutator.next();
            let shown = Shown(&input);
            target(shown.0);
            inputs += 1;
        }
    }
    proof.held(
        &format!("{inputs} inputs, seed {}", seed()),
        "no panic, the promise kept for each",
    )
}

#[test]
fn no_text_that_is_read_as_a_number_panics_or_means_two_numbers() -> Result {
    run(
        "no_text_that_is_read_as_a_number_panics_or_means_two_numbers",
        targets::NUMBERS,
        targets::number,
    )
}

#[test]
fn no_text_but_exactly_the_digits_is_a_code() -> Result {
    run(
        "no_text_but_exactly_the_digits_is_a_code",
        targets::CODES,
        targets::code,
    )
}

#[test]
fn nothing_that_a_client_forwards_changes_the_address_that_a_proxy_wrote() -> Result {
    run(
        "nothing_that_a_client_forwards_changes_the_address_that_a_proxy_wrote",
        targets::FORWARDED,
        targets::forwarded,
    )
}

#[test]
fn no_altered_token_is_accepted() -> Result {
    let minted = targets::Minted::new();
    run(
        "no_altered_token_is_accepted",
        &[minted.token.as_bytes()],
        |bytes| minted.altered(bytes),
    )
}

#[test]
fn no_altered_webhook_passes_for_twilios() -> Result {
    let signed = targets::Signed::new();
    run(
        "no_altered_webhook_passes_for_twilios",
        targets::WEBHOOKS,
        |bytes| {
            signed.altered(bytes);
        },
    )
}

#[test]
fn no_configuration_panics_and_each_refusal_is_a_line() -> Result {
    run(
        "no_configuration_panics_and_each_refusal_is_a_line",
        targets::CONFIGURATIONS,
        targets::configuration,
    )
}
