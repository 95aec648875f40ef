//! What Linux says of a process, in `/proc`.

use crate::Result;
use std::time::Duration;

/// Ticks a second of `stat`: 100 on every Linux that Rust has a standard library for.
const TICKS_A_SECOND: u64 = 100;

/// CPU time in user and system so far.
///
/// # Errors
/// There is no such process.
pub fn cpu(id: u32) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    let (_, rest) = stat.rsplit_once(')').ok_or("no name in stat")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    // proc(5) counts from 1, and two fields stand before these: 14 and 15.
    let ticks = |place: usize| -> Result<u64> { Ok(fields.get(place - 3).ok_or("stat is short")?.parse()?) };
    Ok(Duration::from_millis(
        (ticks(14)? + ticks(15)?) * (1_000 / TICKS_A_SECOND),
    ))
}

/// Proportional set size in KiB: pages that are shared count in part.
///
/// # Errors
/// There is no such process, or it is somebody else's.
pub fn pss(id: u32) -> Result<u64> {
    let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup"))?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib = line.and_then(|line| line.trim().split(' ').next());
    Ok(kib.ok_or("no Pss")?.parse()?)
}

/// How many file descriptors are open.
///
/// # Errors
/// There is no such process.
pub fn descriptors(id: u32) -> Result<usize> {
    Ok(std::fs::read_dir(format!("/proc/{id}/fd"))?.count())
}

/// The load of this machine: what runs or waits to run, on average over a minute.
pub fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or("unknown").to_owned()
}
