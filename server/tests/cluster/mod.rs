//! A throw-away PostgreSQL: made for one test program, on a socket in a folder of its own, gone with it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Makes a cluster, says where its socket is, and obeys until its input ends, however the test program ended; then the
/// cluster is stopped and its folder removed.
const KEEPER: &str = include_str!("keeper.sh");

/// A running cluster.
pub struct Cluster {
    keeper: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    socket: PathBuf,
}

impl Cluster {
    /// Makes and starts one. PostgreSQL refuses to run as root; then it runs as the user `postgres`.
    ///
    /// # Errors
    /// Where the machine has no PostgreSQL, or it does not start: tests without one fail, they do not pass.
    pub fn start() -> Result<Self> {
        let programs =
            programs().ok_or("no PostgreSQL on this machine (Debian: apt-get install postgresql)")?;
        let root = std::fs::metadata("/proc/self")?.uid() == 0;
        let mut command = if root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        let mut keeper = command
            .args(["-c", KEEPER, "keeper"])
            .arg(programs)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let commands = keeper.stdin.take().ok_or("no input")?;
        let mut answers = BufReader::new(keeper.stdout.take().ok_or("no output")?);
        let mut socket = String::new();
        if answers.read_line(&mut socket)? == 0 {
            return Err("PostgreSQL did not start; its reason is above".into());
        }
        Ok(Self {
            keeper,
            commands,
            answers,
            socket: PathBuf::from(socket.trim_end()),
        })
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        url(&self.socket, database)
    }

    /// Its process dies at once, as in a crash.
    pub fn stop(&mut self) -> Result {
        self.tell("stop")
    }

    /// It recovers and answers again.
    pub fn start_again(&mut self) -> Result {
        self.tell("start")
    }

    fn tell(&mut self, word: &str) -> Result {
        writeln!(self.commands, "{word}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        if answer.trim_end() == "done" {
            Ok(())
        } else {
            Err(format!("PostgreSQL did not {word}").into())
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Its input ends, and with it the keeper, when the fields are dropped; waiting here would wait for ever.
        let _ = self.keeper.try_wait();
    }
}

/// A new database in the cluster that all tests of this program share.
pub async fn fresh_database() -> Result<String> {
    static SHARED: tokio::sync::OnceCell<std::result::Result<Cluster, String>> =
        tokio::sync::OnceCell::const_new();
    static DATABASES: AtomicU32 = AtomicU32::new(0);
    let cluster = SHARED
        .get_or_init(async || Cluster::start().map_err(|error| error.to_string()))
        .await
        .as_ref()
        .map_err(Clone::clone)?;
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&cluster.url("postgres")).await?;
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(cluster.url(&name))
}

fn url(socket: &Path, database: &str) -> String {
    format!("postgres://test@localhost/{database}?host={}", socket.display())
}

/// The folder of `initdb`, `pg_ctl` and `postgres`: on the path, or where Debian puts the newest.
fn programs() -> Option<PathBuf> {
    let has_all = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "postgres"]
            .iter()
            .all(|name| folder.join(name).exists())
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(has_all);
    on_path.or_else(|| {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
        folders.filter(has_all).max()
    })
}
