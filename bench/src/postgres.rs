//! A throw-away PostgreSQL whose commits wait for the disk, on a socket in a folder of its own.

use crate::Result;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Makes a cluster, says where its socket is, obeys, and removes it when its input ends, however this program ended.
const KEEPER: &str = include_str!("../../server/tests/cluster/keeper.sh");

/// A running cluster; it goes when this is dropped.
pub struct Cluster {
    keeper: Child,
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    socket: String,
    databases: u32,
}

impl Cluster {
    /// Makes and starts one; as root, by the user `postgres`.
    ///
    /// # Errors
    /// There is no PostgreSQL on this machine, or it does not start.
    pub fn start() -> Result<Self> {
        let programs = programs().ok_or("no PostgreSQL on this machine")?;
        let is_root = std::fs::metadata("/proc/self")?.uid() == 0;
        let mut command = if is_root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        let mut keeper = command
            .args(["-c", KEEPER, "keeper"])
            .arg(programs)
            .arg("fsync=on")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut socket = String::new();
        let commands = keeper.stdin.take();
        let mut answers = BufReader::new(keeper.stdout.take().ok_or("no output")?);
        if answers.read_line(&mut socket)? == 0 {
            return Err("PostgreSQL did not start; its reason is above".into());
        }
        Ok(Self {
            keeper,
            commands,
            answers,
            socket: socket.trim_end().to_owned(),
            databases: 0,
        })
    }

    /// The address of a new, empty database.
    ///
    /// # Errors
    /// It cannot be made.
    pub async fn database(&mut self) -> Result<String> {
        self.databases += 1;
        let name = format!("bench_{}", self.databases);
        let mut connection = PgConnection::connect(&self.url("postgres")).await?;
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        Ok(self.url(&name))
    }

    /// Its process dies at once, as in a crash.
    ///
    /// # Errors
    /// It does not.
    pub fn stop(&mut self) -> Result {
        self.tell("stop")
    }

    /// It recovers and answers again.
    ///
    /// # Errors
    /// It does not.
    pub fn start_again(&mut self) -> Result {
        self.tell("start")
    }

    fn tell(&mut self, word: &str) -> Result {
        writeln!(self.commands.as_mut().ok_or("no input")?, "{word}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        if answer.trim_end() == "done" {
            Ok(())
        } else {
            Err(format!("PostgreSQL did not {word}").into())
        }
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://test@localhost/{database}?host={}", self.socket)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.commands.take());
        let _ = self.keeper.wait();
    }
}

/// Where Debian puts the newest.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    folders.filter(|folder| folder.join("initdb").exists()).max()
}
