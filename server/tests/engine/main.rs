//! The engine with the real store: what each call of the browser API promises, step by step and all at once.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where something is not as it must be"
)]

mod attacks;
mod binding;
mod blocks;
mod budget;
mod checks;
mod clocks;
mod conversion;
mod decisions;
mod hooks;
mod idempotency;
mod limits;
mod origins;
mod ports;
mod resends;
mod secrecy;
mod senders_down;
mod sendings;
mod shared_limits;
mod starts;
mod test_numbers;
mod tidying;
mod tokens;
mod views;
mod world;
