//! The program as a user runs it, over real HTTP, for proofs that must not trust anything inside it.
#![allow(dead_code, unused_imports, reason = "each test program uses its own part")]

mod api;
mod program;
mod proof;
mod seeded;

pub use api::{Api, Reply, Started, token_id};
pub use program::Program;
pub use proof::{Proof, from_environment};
pub use seeded::Seeded;

pub type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
