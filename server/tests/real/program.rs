use super::Result;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// `phone-verify serve` in a folder that outlives it.
pub struct Program {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub url: String,
}

impl Program {
    /// Starts it on a free port with these settings, in development, without waits between checks and sends: a race is no
    /// race where only three may come at a time.
    pub fn start(folder: &Path, settings: &[(&str, String)]) -> Result<Self> {
        let mut child = command(folder, settings)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        let url = first.strip_prefix("phone-verify listens on ").map(str::to_owned);
        // The pipe is drained, so that the program never waits for its reader.
        std::thread::spawn(move || lines.for_each(drop));
        let Some(url) = url else {
            child.kill()?;
            child.wait()?;
            return Err(format!("the program ended before it listened: {first:?}").into());
        };
        Ok(Self { child, url })
    }

    /// Runs another of its commands to the end, which must be a good one; returns what it printed.
    pub fn run(folder: &Path, settings: &[(&str, String)], arguments: &[&str]) -> Result<String> {
        let output = command(folder, settings).args(arguments).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// SIGKILL, and nothing of it is left when this returns.
    pub fn kill(mut self) -> Result {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// A signal by its name, as `kill` knows it.
    pub fn signal(&self, name: &str) -> Result {
        let process = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &process]).status()?;
        sent.success()
            .then_some(())
            .ok_or_else(|| format!("no SIG{name}").into())
    }

    /// SIGTERM, and the exit code when it has ended.
    pub fn terminate(mut self) -> Result<Option<i32>> {
        self.signal("TERM")?;
        Ok(self.child.wait()?.code())
    }

    /// Its memory that is in RAM, in KiB.
    pub fn resident(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number.ok_or("no VmRSS")?.parse()?)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A failed assertion must leave no process behind; one that has ended already is no matter.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn command(folder: &Path, settings: &[(&str, String)]) -> Command {
    // The limit of open files is the one that systems begin with: the program must raise it by itself.
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -S -n 1024; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_phone-verify"));
    for (name, _) in std::env::vars() {
        if name.starts_with("PHONE_VERIFY__") || name.starts_with("TWILIO_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(folder)
        .env("PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR", "0s")
        .env("PHONE_VERIFY__LIMITS__NUMBER__SPACING", "0s")
        .env("RUST_LOG", "error");
    for window in ["PER_10_MINUTES", "PER_HOUR", "PER_DAY"] {
        for kind in ["", "CHECKS_"] {
            let name = format!("PHONE_VERIFY__LIMITS__ADDRESS__{kind}{window}");
            command.env(name, "1000000");
        }
    }
    for shared in ["PREFIX", "COUNTRY", "SITE", "DEPLOYMENT"] {
        for window in ["PER_MINUTE", "PER_HOUR", "PER_DAY"] {
            let name = format!("PHONE_VERIFY__LIMITS__{shared}__{window}");
            command.env(name, "1000000");
        }
    }
    for (name, value) in settings {
        command.env(name, value);
    }
    command
}
