//! The process itself, under the names that every Prometheus client library uses. Linux tells them in `/proc`; elsewhere there
//! are none.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use std::fmt::Error;

/// Reads the figures at each scrape.
#[derive(Debug)]
pub(super) struct Process;

/// What is read.
#[derive(Clone, Copy, Debug)]
struct Figures {
    cpu_seconds: f64,
    resident_bytes: u64,
    threads: u64,
    open_descriptors: u64,
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        let Some(figures) = read() else {
            return Ok(());
        };
        let seconds = ConstCounter::new(figures.cpu_seconds);
        let help = "CPU time in user and system";
        seconds.encode(encoder.encode_descriptor(
            "process_cpu_seconds",
            help,
            None,
            seconds.metric_type(),
        )?)?;
        for (name, help, value) in [
            (
                "process_resident_memory_bytes",
                "Resident memory",
                figures.resident_bytes,
            ),
            ("process_threads", "Threads", figures.threads),
            (
                "process_open_fds",
                "Open file descriptors",
                figures.open_descriptors,
            ),
        ] {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}

#[cfg(target_os = "linux")]
fn read() -> Option<Figures> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let open = std::fs::read_dir("/proc/self/fd").ok()?.count();
    parse(
        &stat,
        rustix::param::clock_ticks_per_second(),
        rustix::param::page_size(),
        open,
    )
}

#[cfg(not(target_os = "linux"))]
fn read() -> Option<Figures> {
    None
}

/// Reads proc(5)'s `stat`. The name stands in parentheses and may hold any others: what follows the last one is counted.
#[cfg(target_os = "linux")]
fn parse(stat: &str, ticks_a_second: u64, page: usize, open: usize) -> Option<Figures> {
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    // proc(5) counts from 1, and two fields stand before these.
    let field = |number: usize| fields.get(number - 3)?.parse::<u32>().ok();
    let ticks = field(14)?.checked_add(field(15)?)?;
    let ticks_a_second = u32::try_from(ticks_a_second).ok()?;
    Some(Figures {
        cpu_seconds: f64::from(ticks) / f64::from(ticks_a_second),
        resident_bytes: u64::from(field(24)?) * u64::try_from(page).ok()?,
        threads: field(20)?.into(),
        open_descriptors: u64::try_from(open).ok()?,
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_of_proc_5_whatever_the_program_is_called() {
        let stat = "17 (a ) b) S 1 17 17 0 -1 4194560 900 0 0 0 150 50 0 0 20 0 9 0 100 99999999 2500 \
                    18446744073709551615 1 1 0 0 0 0";
        let figures = parse(stat, 100, 4096, 12).unwrap();
        assert!((figures.cpu_seconds - 2.0).abs() < 1e-9);
        assert_eq!((figures.threads, figures.resident_bytes), (9, 2500 * 4096));
        assert_eq!(figures.open_descriptors, 12);
    }

    #[test]
    fn this_process_has_memory_threads_and_descriptors() {
        let figures = read().unwrap();
        assert!(figures.resident_bytes > 1_000_000 && figures.threads > 0 && figures.open_descriptors > 2);
    }
}
