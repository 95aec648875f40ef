//! One named test per behaviour per store, and what only one of the stores must show.

mod behaviours;
#[path = "../cluster/mod.rs"]
mod cluster;
mod decisions;
mod fixtures;
mod postgres;
mod sqlite;
