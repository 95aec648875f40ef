//! What mdBook complains of.

use anyhow::Result;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// How many warnings and errors there were so far.
#[derive(Clone, Default)]
pub struct Warnings(Arc<AtomicUsize>);

impl Warnings {
    /// Their number.
    pub fn seen(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counts and prints them from now on.
///
/// # Errors
/// Somebody else listens already.
pub fn count() -> Result<Warnings> {
    let warnings = Warnings::default();
    tracing::subscriber::set_global_default(Listener(warnings.clone()))?;
    Ok(warnings)
}

struct Listener(Warnings);

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }

    fn event(&self, event: &Event<'_>) {
        self.0.0.fetch_add(1, Ordering::Relaxed);
        event.record(&mut Print);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Print;

impl Visit for Print {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        eprintln!("{field}: {value:?}");
    }
}
