//! One named test per behaviour per store, and what only one of the stores must show.

mod behaviours;
mod fixtures;
mod sqlite;
