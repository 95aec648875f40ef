//! A store that cannot write denies, and goes on when it can again.

use super::{open, url};
use crate::fixtures::*;
use phone_verify::store::Store;
use sqlx::{Connection as _, SqliteConnection};
use std::path::Path;
use std::process::{Command, Stdio};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_locked_by_another_process_denies_and_recovers() -> Result {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path()).await?;
    started(&store, new(1)?).await?;
    let mut other = SqliteConnection::connect(&url(folder.path())).await?;
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut other).await?;
    let (checked_now, ready) = futures::join!(store.check(check(1, WRONG)?), store.ready());
    assert!(checked_now.is_err() && ready.is_err());
    assert_eq!(found(&store, 1).await?.facts.attempts_used, 0, "readers go on");
    sqlx::query("ROLLBACK").execute(&mut other).await?;
    store.ready().await?;
    assert_eq!(checked(&store, check(1, WRONG)?).await?, "wrong");
    assert_eq!(found(&store, 1).await?.facts.attempts_used, 1);
    Ok(())
}

/// The limits are asked for in the transaction that they bound: where they cannot be, nothing of it is written (threat T6).
#[tokio::test(flavor = "multi_thread")]
async fn where_limits_cannot_be_asked_nothing_is_sent_and_nothing_evaluated() -> Result {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path()).await?;
    started(&store, new(1)?).await?;
    let mut other = SqliteConnection::connect(&url(folder.path())).await?;
    sqlx::query("DROP TABLE limits").execute(&mut other).await?;
    let mut limited = new(2)?;
    limited.limits = vec![limit("number", 2, windows(3, DAY))];
    assert!(store.start(limited).await.is_err());
    assert!(store.find(id(2)).await?.is_none(), "no intent to send");
    for code in [WRONG, RIGHT] {
        let mut attempt = check(1, code)?;
        attempt.limits = vec![limit("checks", 1, windows(3, DAY))];
        assert!(store.check(attempt).await.is_err());
    }
    let record = found(&store, 1).await?;
    assert_eq!((record.facts.attempts_used, record.day.used), (0, 0));
    Ok(())
}

/// Of which file the child below writes.
const FOLDER: &str = "PHONE_VERIFY_TEST_FULL_FOLDER";

/// Runs the test of that name again in a process whose files may grow to so many blocks of 512 or 1,024 bytes, which stands for a full
/// disk: no privilege is needed. Returns what it said.
fn on_a_small_disk(test: &str, blocks: u32) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let program = std::env::current_exe()?;
    let child = Command::new("sh")
        .args([
            "-c",
            &format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$0\" \"$@\""),
        ])
        .arg(program)
        .args(["--exact", test, "--nocapture"])
        .env(FOLDER, folder.path())
        .stdin(Stdio::null())
        .output()?;
    let said = String::from_utf8_lossy(&child.stdout).into_owned();
    assert!(
        child.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&child.stderr)
    );
    Ok(said)
}

/// The disk has room for everything again.
fn make_room() -> Result {
    let free = Command::new("prlimit")
        .args(["--pid", &std::process::id().to_string(), "--fsize=unlimited"])
        .status()?;
    assert!(free.success());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_denies_and_recovers_without_a_restart() -> Result {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return fills_its_disk(Path::new(&folder)).await;
    }
    // Enough for the tables, not for many verifications.
    let said = on_a_small_disk(
        "sqlite::faults::a_full_disk_denies_and_recovers_without_a_restart",
        2_000,
    )?;
    assert!(said.contains("full, and recovered"), "{said}");
    Ok(())
}

/// A commit that fails leaves its connection in the transaction: what is made there next would look made, and not be.
#[tokio::test(flavor = "multi_thread")]
async fn tables_that_the_disk_has_no_room_for_refuse_to_open_and_open_once_there_is() -> Result {
    let Some(folder) = std::env::var_os(FOLDER) else {
        for blocks in [100, 400, 700, 1_000] {
            let said = on_a_small_disk(
                "sqlite::faults::tables_that_the_disk_has_no_room_for_refuse_to_open_and_open_once_there_is",
                blocks,
            )?;
            // A log that is emptied into the file on the way may make room enough.
            let as_it_must = said.contains("refused, and opened")
                || blocks > 100 && said.contains("there was room, and opened");
            assert!(as_it_must, "{blocks}: {said}");
        }
        return Ok(());
    };
    let folder = Path::new(&folder);
    let refused = open(folder).await.is_err();
    make_room()?;
    let store = open(folder).await?;
    started(&store, new(1)?).await?;
    assert_eq!(checked(&store, check(1, RIGHT)?).await?, "approved");
    println!(
        "{}, and opened",
        if refused { "refused" } else { "there was room" }
    );
    Ok(())
}

/// The child: this very test, told by [`FOLDER`] what it is.
async fn fills_its_disk(folder: &Path) -> Result {
    let store = open(folder).await?;
    let mut names = 0..10_000;
    let (mut written, mut denied) = (Vec::new(), Vec::new());
    // Room is found once or twice more, where the log is emptied into the file.
    while denied.len() < 10 {
        let name = names.next().ok_or("the disk is never full")?;
        let mut start = new(name)?;
        start.number = number(name);
        start.sealed.bytes = vec![0; 65_536];
        match store.start(start).await {
            Ok(_) => written.push(name),
            Err(_) => denied.push(name),
        }
    }
    assert!(!written.is_empty());
    make_room()?;
    store.ready().await?;
    for name in denied {
        assert!(
            store.find(id(name)).await?.is_none(),
            "what was denied is not there"
        );
    }
    let name = names.next().ok_or("no name left")?;
    let mut start = new(name)?;
    start.number = number(name);
    started(&store, start).await?;
    for name in written {
        assert_eq!(found(&store, name).await?.facts.sends_used, 1);
    }
    println!("full, and recovered");
    Ok(())
}
