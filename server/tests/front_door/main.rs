//! What a stranger can do with connections alone, against the program itself: it goes on serving others, and its memory
//! stays flat (threat T29, fault F27). `PHONE_VERIFY_TEST_CONNECTIONS` sets how many are held open.

#[path = "../real/mod.rs"]
mod real;

mod stop;
mod timing;

use real::{Api, Program, Proof, Result, from_environment};
use reqwest::Method;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// What a connection may keep in the server's memory, in KiB, its socket's buffers included that belong to the process.
const KIB_A_CONNECTION: u64 = 40;

/// Others wait no longer than this while the attack goes on; a machine that builds beside is slow.
const OTHERS_WAIT: Duration = Duration::from_secs(2);

/// Waves of the same attack: what the first took is used again by the next.
fn waves() -> usize {
    from_environment("PHONE_VERIFY_TEST_WAVES", 3).max(3)
}

fn connections() -> usize {
    from_environment("PHONE_VERIFY_TEST_CONNECTIONS", 2_000)
}

/// The program, with room for all connections of this machine, and what it serves to others.
struct Door {
    program: Program,
    api: Api,
    authority: String,
    _folder: TempDir,
}

impl Door {
    async fn open() -> Result<Self> {
        descriptors(connections() as u64 + 1_000)?;
        let folder = TempDir::new()?;
        let room = ("PHONE_VERIFY__HTTP__CONNECTIONS_PER_ADDRESS", "4000".to_owned());
        let program = Program::start(folder.path(), &[room])?;
        let api = Api::new(&program.url)?;
        let authority = program.url.trim_start_matches("http://").to_owned();
        let door = Self {
            program,
            api,
            authority,
            _folder: folder,
        };
        // What is made on first use belongs to no attack.
        door.others_are_served(20).await?;
        Ok(door)
    }

    async fn connect(&self, first: &[u8]) -> Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.authority).await?;
        stream.write_all(first).await?;
        Ok(stream)
    }

    /// Health and a whole start, on connections of their own; the longest wait.
    async fn others_are_served(&self, times: u32) -> Result<Duration> {
        let mut longest = Duration::ZERO;
        for _ in 0..times {
            let begun = Instant::now();
            let health = self.api.request(Method::GET, "/healthz").send().await?;
            assert_eq!(health.status(), 200);
            longest = longest.max(begun.elapsed());
        }
        let begun = Instant::now();
        let started = self.api.started("+12025550134").await?;
        let view = self.api.view(&started).await?;
        assert_eq!(view.status, 200);
        longest = longest.max(begun.elapsed());
        assert!(longest < OTHERS_WAIT, "others waited {longest:?}");
        Ok(longest)
    }
}

/// Lets this process hold so many connections; the server must see to its own.
fn descriptors(wanted: u64) -> Result {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < wanted) {
        let current = Some(limit.maximum.map_or(wanted, |maximum| maximum.min(wanted)));
        setrlimit(Resource::Nofile, Rlimit { current, ..limit })?;
    }
    Ok(())
}

/// The status of what comes until the server closes; none where it closes without a word.
async fn answer(mut stream: TcpStream) -> Result<Option<u16>> {
    let mut bytes = Vec::new();
    // A server that closes while bytes are on their way resets the connection; what it said may be lost.
    let read = stream.read_to_end(&mut bytes);
    drop(tokio::time::timeout(Duration::from_secs(20), read).await?);
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.split(' ').nth(1).and_then(|status| status.parse().ok()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_half_open_connections_keep_nobody_else_waiting_and_memory_is_flat() -> Result {
    let proof =
        Proof::begin("thousands_of_half_open_connections_keep_nobody_else_waiting_and_memory_is_flat");
    let door = Door::open().await?;
    let (before, mut longest, mut held_in_waves) = (door.program.resident()?, Duration::ZERO, Vec::new());
    for _ in 0..waves() {
        let mut held = Vec::with_capacity(connections());
        for _ in 0..connections() {
            held.push(door.connect(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: ").await?);
        }
        longest = longest.max(door.others_are_served(20).await?);
        held_in_waves.push(door.program.resident()?);
        // The server itself ends each of them.
        let ended = Instant::now();
        for stream in held {
            assert_ne!(answer(stream).await?, Some(200));
        }
        assert!(
            ended.elapsed() < Duration::from_secs(15),
            "they were held for {:?}",
            ended.elapsed()
        );
    }
    let most = before + KIB_A_CONNECTION * connections() as u64;
    assert!(
        held_in_waves.iter().all(|held| *held < most),
        "{before} KiB before, {held_in_waves:?} KiB in the waves"
    );
    // What the second wave has not used again is kept by somebody.
    let settled = held_in_waves[1];
    assert!(
        held_in_waves[2..]
            .iter()
            .all(|held| *held < settled + settled / 10),
        "memory grows from wave to wave: {held_in_waves:?} KiB"
    );
    proof.held(
        &format!("{} waves of {} connections", waves(), connections()),
        &format!(
            "others waited {} ms at most; memory {before} KiB before, {held_in_waves:?} KiB in the waves",
            longest.as_millis()
        ),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dripped_heads_and_bodies_are_ended_in_time_and_keep_nobody_waiting() -> Result {
    let proof = Proof::begin("dripped_heads_and_bodies_are_ended_in_time_and_keep_nobody_waiting");
    let door = Door::open().await?;
    let count = connections() / 10;
    let body = format!(
        "POST /v1/verifications HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{{",
        door.authority
    );
    let mut drips = Vec::with_capacity(count);
    for index in 0..count {
        let first: &[u8] = if index % 2 == 0 {
            b"GET / HTTP/1.1\r\nX: "
        } else {
            body.as_bytes()
        };
        let stream = door.connect(first).await?;
        drips.push(tokio::spawn(async move {
            let begun = Instant::now();
            let (mut read, mut write) = stream.into_split();
            let dripping = tokio::spawn(async move {
                while write.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                }
            });
            let mut bytes = Vec::new();
            let closed = tokio::time::timeout(Duration::from_secs(20), read.read_to_end(&mut bytes)).await;
            dripping.abort();
            assert!(closed.is_ok(), "still open after {:?}", begun.elapsed());
            let text = String::from_utf8_lossy(&bytes).into_owned();
            (begun.elapsed(), text)
        }));
    }
    let longest = door.others_are_served(50).await?;
    let mut latest = Duration::ZERO;
    for drip in drips {
        let (open_for, text) = drip.await?;
        latest = latest.max(open_for);
        assert!(text.is_empty() || text.starts_with("HTTP/1.1 4"), "{text}");
    }
    assert!(latest < Duration::from_secs(12), "one was kept for {latest:?}");
    proof.held(
        &format!("{count} dripped heads and bodies"),
        &format!(
            "ended after {:.1} s at the latest; others waited {} ms at most",
            latest.as_secs_f64(),
            longest.as_millis()
        ),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn giant_bodies_are_refused_unread_and_memory_is_flat() -> Result {
    let proof = Proof::begin("giant_bodies_are_refused_unread_and_memory_is_flat");
    let door = Door::open().await?;
    let before = door.program.resident()?;
    let count = connections() / 10;
    let head = |length: &str| {
        format!(
            "POST /v1/verifications HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n{length}\r\n\r\n",
            door.authority
        )
    };
    let announced = head("Content-Length: 10000000000");
    let chunked = head("Transfer-Encoding: chunked");
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let mut refused = 0;
    for index in 0..count {
        let status = if index % 2 == 0 {
            answer(door.connect(announced.as_bytes()).await?).await?
        } else {
            let mut stream = door.connect(chunked.as_bytes()).await?;
            for _ in 0..16 {
                if stream.write_all(chunk.as_bytes()).await.is_err() {
                    break;
                }
            }
            answer(stream).await?
        };
        // The answer to what is still being written may be lost with the connection.
        assert!(
            matches!(status, Some(413)) || (index % 2 == 1 && status.is_none()),
            "{status:?}"
        );
        refused += u32::from(status == Some(413));
    }
    let longest = door.others_are_served(20).await?;
    let after = door.program.resident()?;
    assert!(
        after < before + 16 * 1024,
        "{before} KiB before, {after} KiB after"
    );
    proof.held(
        &format!("{count} bodies of up to 10 GB"),
        &format!("{refused} times 413, memory {before} KiB before and {after} KiB after; others waited {} ms at most", longest.as_millis()),
    )
}
