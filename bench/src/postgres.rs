//! A throw-away PostgreSQL whose commits wait for the disk, on a socket in a folder of its own.

use crate::Result;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// Makes a cluster, says where its socket is, and removes it when its input ends, however this program ended. `$1` is the folder of
/// PostgreSQL's programs.
const KEEPER: &str = r#"
set -eu
trap '' INT TERM HUP
dir=$(mktemp -d /tmp/phone-verify-bench.XXXXXX)
trap 'rm -rf "$dir"' EXIT
run() {
    "$@" >>"$dir/log" 2>&1 </dev/null || { cat "$dir/log" >&2; exit 1; }
}
run "$1/initdb" --pgdata="$dir/data" --username=bench --auth=trust --encoding=UTF8 --locale=C
run "$1/pg_ctl" start -D "$dir/data" -w -l "$dir/log" -o "-k $dir -c listen_addresses= -c max_connections=200"
trap '"$1/pg_ctl" stop -D "$dir/data" -m immediate -w >/dev/null 2>&1; rm -rf "$dir"' EXIT
echo "$dir"
read -r word || true
"#;

/// A running cluster; it goes when this is dropped.
pub struct Cluster {
    keeper: Child,
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
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut socket = String::new();
        let output = keeper.stdout.take().ok_or("no output")?;
        if BufReader::new(output).read_line(&mut socket)? == 0 {
            return Err("PostgreSQL did not start; its reason is above".into());
        }
        Ok(Self {
            keeper,
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

    fn url(&self, database: &str) -> String {
        format!("postgres://bench@localhost/{database}?host={}", self.socket)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// Where Debian puts the newest.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    folders.filter(|folder| folder.join("initdb").exists()).max()
}
