//! The bare program: the server's SQL statements with values of the right shapes, in its transactions, grouped as it groups them.

mod postgres;
mod sqlite;
mod statements;

use crate::Result;
use crate::load::{self, Phases, Shape};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

pub use postgres::Bare as Postgres;

/// The sizes of what the server writes: a site's key, a mask, a sealed code, ids in hexadecimal digits.
const SITE: &str = "demo";
const MASK: &str = "+1 ••• ••• ••34";
const SEALED: [u8; 92] = [7; 92];

/// Loads the database at `url`, whose tables a server has made.
///
/// # Errors
/// The database does not answer.
pub async fn run(url: &str, shape: Shape) -> Result<Phases> {
    if url.starts_with("postgres:") {
        load::run(Arc::new(Postgres::open(url, Rows::Shared).await?), shape).await
    } else {
        load::run(Arc::new(sqlite::Bare::open(url).await?), shape).await
    }
}

/// Whose rows a start's limits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// As the server's: those of the address, the country, the site and the deployment are everybody's.
    Shared,
    /// Each start's own: nobody waits for anybody.
    Apart,
}

/// What one verification is made of.
#[derive(Clone, Copy)]
pub struct Verification {
    pub id: [u8; 16],
    number: [u8; 32],
    mac: [u8; 32],
    now: i64,
    rows: Rows,
}

impl Verification {
    fn new(rows: Rows) -> Self {
        let (mut id, now) = (names(), now());
        let mut number = [0; 32];
        number[..16].copy_from_slice(&id);
        // A verification's name begins with the minute, as the server's do.
        id[..2].copy_from_slice(&(now / 60_000).to_be_bytes()[6..]);
        Self {
            id,
            number,
            mac: [9; 32],
            now,
            rows,
        }
    }

    /// The delivery's name, or the token's: 32 letters.
    fn name(&self, kind: u8) -> String {
        use std::fmt::Write as _;
        let mut name = format!("{kind:02x}");
        for byte in &self.id[1..] {
            // Writing to a String cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        name
    }
}

/// A name that was not used before, spread over the whole index as random ones are.
fn names() -> [u8; 16] {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    // SplitMix64's mixing: every bit of the counter moves every bit of the name.
    let mix = |seed: u64| {
        let seed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let seed = (seed ^ (seed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        seed ^ (seed >> 31)
    };
    let mut name = [0; 16];
    name[..8].copy_from_slice(&mix(next.wrapping_mul(0x9e37_79b9_7f4a_7c15)).to_be_bytes());
    name[8..].copy_from_slice(&mix(next).to_be_bytes());
    name
}

#[expect(clippy::disallowed_methods, reason = "the benchmark's own clock")]
fn now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(now.unwrap_or(Duration::ZERO).as_millis()).unwrap_or(i64::MAX)
}
