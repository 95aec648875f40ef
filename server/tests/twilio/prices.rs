//! What Twilio bills is read back from it, and takes the cap's place in the budgets.

use crate::world::World;
use fake_twilio::{Behaviour, ScriptedPrice};
use std::time::Duration;

/// Thirty cents a day; a text message may cost ten cents, a call fifteen. Nothing is kept back for calls or known numbers.
async fn world() -> World {
    let settings = [
        ("BUDGET__PER_DAY", "0.30"),
        ("BUDGET__SMS", "0.10"),
        ("BUDGET__CALL", "0.15"),
        ("BUDGET__WARN_PERCENT", "100"),
        ("BUDGET__VOICE_OFF_PERCENT", "100"),
        ("BUDGET__KNOWN_ONLY_PERCENT", "100"),
    ];
    World::with(None, &settings).await
}

/// What is created is billed so after a while.
fn billed(amount: &str, unit: &str, after_ms: u64) -> Behaviour {
    Behaviour {
        price: Some(ScriptedPrice {
            amount: amount.to_owned(),
            unit: unit.to_owned(),
            after_ms,
        }),
        ..Behaviour::default()
    }
}

fn number(index: usize) -> String {
    format!("+120255501{index:02}")
}

async fn start(world: &World, index: usize, channel: &str) -> u16 {
    world.try_start(&number(index), channel).await.status
}

/// Waits until a start of this number goes through; whether it did.
async fn fits_in_the_end(world: &World, index: usize, channel: &str) -> bool {
    for _ in 0..100 {
        if start(world, index, channel).await == 201 {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

/// Long enough for whoever asks for prices to come round.
async fn a_round() {
    tokio::time::sleep(Duration::from_millis(1_500)).await;
}

#[tokio::test]
async fn the_cap_counts_until_twilio_tells_the_price_and_then_the_price() {
    let world = world().await;
    world.fake.behave(billed("-0.00790", "USD", 4_000));
    for index in 0..3 {
        assert_eq!(start(&world, index, "sms").await, 201);
    }
    let refused = world.try_start(&number(3), "sms").await;
    refused.assert_problem(429, "too_many_requests");
    // Asked for the first time, Twilio does not know it yet.
    world.server.clock.advance(Duration::from_mins(2));
    a_round().await;
    assert_eq!(start(&world, 3, "sms").await, 429);
    tokio::time::sleep(Duration::from_secs(3)).await;
    world.server.clock.advance(Duration::from_mins(4));
    // Three prices of 0.0079 leave room for two more caps, and no third.
    assert!(fits_in_the_end(&world, 3, "sms").await);
    assert!(fits_in_the_end(&world, 4, "sms").await);
    assert_eq!(start(&world, 5, "sms").await, 429);
    assert_eq!(world.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn a_call_has_its_price_too_and_one_in_another_currency_is_not_taken() {
    let world = world().await;
    world.fake.behave(billed("-0.10000", "EUR", 0));
    assert_eq!(start(&world, 0, "call").await, 201);
    world.fake.behave_well();
    world.fake.behave(billed("-0.01300", "USD", 0));
    assert_eq!(start(&world, 1, "call").await, 201);
    assert_eq!(start(&world, 2, "call").await, 429);
    world.server.clock.advance(Duration::from_mins(2));
    // 0.15, the cap of the first, and 0.013 leave room for a message, not for another call.
    assert!(fits_in_the_end(&world, 3, "sms").await);
    a_round().await;
    assert_eq!(start(&world, 4, "call").await, 429);
}
