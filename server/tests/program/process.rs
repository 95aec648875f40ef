use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// The program, serving; it is killed with its test.
pub struct Program {
    /// What it said that it listens on.
    pub url: String,
    child: Option<Child>,
    first_line: String,
    output: BufReader<ChildStdout>,
    errors: std::path::PathBuf,
}

/// How a run of the program ended.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub output: String,
    pub errors: String,
}

impl Program {
    /// `phone-verify serve` in `folder`, on a free port.
    pub fn serve(folder: &TempDir, variables: &[(&str, &str)]) -> Self {
        Self::spawn(folder, command(folder, variables))
    }

    /// The same with SIGXFSZ ignored, so that [`Program::limit_files_to`] is like a disk that is full.
    pub fn serve_on_a_disk_that_may_fill(folder: &TempDir) -> Self {
        let program = command(folder, &[]);
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
        shell.arg(program.get_program()).current_dir(folder.path());
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        Self::spawn(folder, shell)
    }

    /// How large its files may grow from now on, in bytes.
    pub fn limit_files_to(&self, bytes: &str) {
        let child = self.child.as_ref().unwrap();
        let limited = Command::new("prlimit")
            .args([
                "--pid",
                &child.id().to_string(),
                &format!("--fsize={bytes}:unlimited"),
            ])
            .status();
        assert!(limited.unwrap().success());
    }

    fn spawn(folder: &TempDir, mut command: Command) -> Self {
        let errors = folder.path().join("errors");
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&errors).unwrap())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut first_line = String::new();
        output.read_line(&mut first_line).unwrap();
        let url = first_line.trim().strip_prefix("phone-verify listens on ");
        let url =
            url.unwrap_or_else(|| panic!("{first_line:?} {}", std::fs::read_to_string(&errors).unwrap()));
        Self {
            url: url.to_owned(),
            child: Some(child),
            first_line,
            output,
            errors,
        }
    }

    /// Where it says that metrics are served.
    pub fn metrics_url(&self) -> String {
        let log = std::fs::read_to_string(&self.errors).unwrap();
        let line = log.lines().find(|line| line.contains("metrics are served"));
        let line = line.unwrap_or_else(|| panic!("it serves none: {log}"));
        let (_, address) = line.split_once("address=").unwrap();
        format!("http://{}/metrics", address.trim())
    }

    /// Sends it a signal and waits for its end.
    pub fn end(mut self, signal: &str) -> Outcome {
        let mut child = self.child.take().unwrap();
        let sent = Command::new("kill")
            .args(["-s", signal, &child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        let code = child.wait().unwrap().code();
        let mut output = std::mem::take(&mut self.first_line);
        self.output.read_to_string(&mut output).unwrap();
        Outcome {
            code,
            output,
            errors: std::fs::read_to_string(&self.errors).unwrap(),
        }
    }

    /// Runs the program to its end.
    pub fn run(folder: &TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let output = command(folder, variables).args(arguments).output().unwrap();
        Outcome {
            code: output.status.code(),
            output: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Program {
    /// The same as somebody who owns nothing, where root would be asked no questions.
    pub fn run_as_nobody(folder: &TempDir, arguments: &[&str]) -> Outcome {
        use std::os::unix::process::CommandExt as _;
        let mut command = command(folder, &[]);
        let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        if is_root {
            command.uid(65_534).gid(65_534);
        }
        let output = command.args(arguments).output().unwrap();
        Outcome {
            code: output.status.code(),
            output: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn command(folder: &TempDir, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_phone-verify"));
    command.current_dir(folder.path()).envs(variables.iter().copied());
    for (name, _) in std::env::vars() {
        let ours = name.starts_with("PHONE_VERIFY") || name.starts_with("TWILIO_") || name == "RUST_LOG";
        if ours && variables.iter().all(|(given, _)| *given != name) {
            command.env_remove(name);
        }
    }
    command
}

#[expect(clippy::disallowed_methods, reason = "the tests' own client")]
pub fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}
