use super::Result;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::str::FromStr;
use tokio::time::Instant;

/// A count from the environment, else the one of an ordinary run.
pub fn from_environment<T: FromStr>(name: &str, ordinary: T) -> T {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(ordinary)
}

/// What one test has shown, in figures: printed, and appended to the file that `PHONE_VERIFY_TEST_REPORT` names, from
/// which `cargo xtask torture` makes `docs/torture.md`.
pub struct Proof {
    test: &'static str,
    begun: Instant,
}

impl Proof {
    pub fn begin(test: &'static str) -> Self {
        Self {
            test,
            begun: Instant::now(),
        }
    }

    /// To be called when all of it held: a test that fails writes nothing.
    pub fn held(&self, counts: &str, shown: &str) -> Result {
        let seconds = self.begun.elapsed().as_secs_f64();
        println!("{}: {counts}: {shown} ({seconds:.1} s)", self.test);
        if let Some(file) = std::env::var_os("PHONE_VERIFY_TEST_REPORT") {
            let line = format!("| `{}` | {counts} | {shown} | {seconds:.1} s |\n", self.test);
            // One write a line: tests run beside each other.
            let mut file = OpenOptions::new().create(true).append(true).open(file)?;
            file.write_all(line.as_bytes())?;
        }
        Ok(())
    }
}
