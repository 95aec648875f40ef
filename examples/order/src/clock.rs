use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells whole seconds since 1970-01-01T00:00:00Z.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's clock; 0 on a machine that believes to be before 1970, where no token is valid.
#[must_use]
pub fn system_clock() -> Clock {
    #[expect(clippy::disallowed_methods, reason = "this program's one clock")]
    fn now_seconds() -> i64 {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        since_1970.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }
    Arc::new(now_seconds)
}
