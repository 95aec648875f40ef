//! The program killed with SIGKILL at seeded random moments, while it sends through a slow fake Twilio and while it checks
//! (faults F1 to F3), and one that stands still (F19). `PHONE_VERIFY_TEST_KILLS` sets how many kills each test makes, `PHONE_VERIFY_TEST_SEED` when.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../cluster/mod.rs"]
#[expect(dead_code, reason = "no database is stopped here")]
mod cluster;
#[path = "../real/mod.rs"]
mod real;

mod checks;
mod pauses;
mod place;
mod sends;

use fake_twilio::FakeTwilio;
use real::{Seeded, from_environment};

/// Kills of one test.
fn kills() -> u32 {
    from_environment("PHONE_VERIFY_TEST_KILLS", 50)
}

fn seed() -> u64 {
    from_environment("PHONE_VERIFY_TEST_SEED", 1)
}

fn seeded() -> Seeded {
    Seeded::new(seed())
}

/// Settings that lead to the fake, and in which no limit stands before what is to be shown.
fn settings(fake: &FakeTwilio) -> Vec<(&'static str, String)> {
    let account = fake.account();
    vec![
        ("TWILIO_ACCOUNT_SID", account.sid.clone()),
        ("TWILIO_AUTH_TOKEN", account.auth_token.clone()),
        ("TWILIO_FROM_NUMBER", "+15005550006".to_owned()),
        ("TWILIO_API_URL", fake.url()),
        ("PHONE_VERIFY__LIMITS__CHECKS__PER_VERIFICATION", "100".to_owned()),
        (
            "PHONE_VERIFY__LIMITS__CHECKS__PER_NUMBER_PER_DAY",
            "1000".to_owned(),
        ),
    ]
}

/// A number of its own for each verification.
fn number(index: u32) -> String {
    format!("+1202{}", 2_000_000 + index)
}
