use super::CommandError;
use crate::config::{LogConfig, LogFormat};
use std::io::IsTerminal;
use std::panic::PanicHookInfo;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

/// Begins to log to standard error. `RUST_LOG` overrides the settings' level.
pub(super) fn start(config: &LogConfig) -> Result<(), CommandError> {
    let wanted = std::env::var("RUST_LOG").unwrap_or_else(|_| config.level.clone());
    // Levels by target: filters by the fields of spans, which nobody sets here, would bring a machine of regular expressions along.
    let filter = wanted.parse::<Targets>();
    let filter = filter.map_err(|error| CommandError::LogLevel(error.to_string()))?;
    let registry = tracing_subscriber::registry().with(filter);
    let lines = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match config.format {
        LogFormat::Text => registry.with(lines).init(),
        LogFormat::Json => registry.with(lines.json()).init(),
    }
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// A panic's message may hold what a client sent; its place does not.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panicked");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_logged_with_its_place_and_without_what_it_says() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = fmt().with_writer(move || writer.clone()).finish();
        let shown = std::panic::take_hook();
        std::panic::set_hook(Box::new(log_panic));
        let number = "+12025550134";
        let panicked = tracing::subscriber::with_default(subscriber, || {
            std::panic::catch_unwind(|| panic!("{number} cannot be sent to"))
        });
        std::panic::set_hook(shown);
        assert!(panicked.is_err());
        let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(
            logged.contains("logging.rs") && !logged.contains(number),
            "{logged}"
        );
    }
}
