//! How load is made, and what is written down of it.

use crate::Result;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// How much load.
#[derive(clap::Args, Clone, Copy, Debug)]
pub struct Shape {
    /// Clients of the closed loop: each asks again when it was answered.
    #[arg(long, default_value_t = 16)]
    pub clients: usize,
    /// Seconds of each phase.
    #[arg(long, default_value_t = 4)]
    pub seconds: u64,
    /// Requests a second of the open loop, whatever is answered.
    #[arg(long, default_value_t = 450)]
    pub rate: u64,
}

/// What is asked for: a start, and a check of what was started.
pub trait Work: Send + Sync + 'static {
    /// A verification to be checked.
    type Started: Send + 'static;

    /// Starts one.
    fn start(&self) -> impl Future<Output = Result<Self::Started>> + Send;

    /// Has the codes ready, before checks are timed.
    fn prepare(&self, started: &mut VecDeque<Self::Started>) -> impl Future<Output = Result> + Send;

    /// Checks the right code.
    fn check(&self, started: Self::Started) -> impl Future<Output = Result> + Send;

    /// CPU time that the measured program has used.
    fn cpu(&self) -> Result<Duration>;

    /// Operations and commits of the one writer, where there is one.
    fn commits(&self) -> impl Future<Output = Result<Option<(u64, u64)>>> + Send;
}

/// What one phase came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Phase {
    pub requests: u64,
    pub failed: u64,
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub cpu_us: f64,
    /// Operations of the store that shared a commit, on average.
    pub per_commit: Option<f64>,
}

/// All phases of one program on one database.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Phases {
    pub start: Phase,
    pub check: Phase,
    pub open_start: Phase,
    pub open_check: Phase,
}

/// Latencies as they come.
#[derive(Default)]
struct Taken {
    times: Mutex<Vec<Duration>>,
    failed: Mutex<u64>,
}

impl Taken {
    fn note(&self, took: Duration, answer: Result) {
        match answer {
            Ok(()) => self
                .times
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(took),
            Err(error) => {
                let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                if *failed == 0 {
                    eprintln!("a request failed: {error}");
                }
                *failed += 1;
            }
        }
    }
}

/// Runs starts and checks in a closed loop, then both in an open one.
///
/// # Errors
/// What is measured does not answer.
pub async fn run<W: Work>(work: Arc<W>, shape: Shape) -> Result<Phases> {
    let warm = Shape { seconds: 1, ..shape };
    closed_starts(&work, warm).await?;
    let (start, mut started) = closed_starts(&work, shape).await?;
    work.prepare(&mut started).await?;
    let check = closed_checks(&work, shape, started).await?;
    let (open_start, mut started) = open_starts(&work, shape).await?;
    work.prepare(&mut started).await?;
    let open_check = open_checks(&work, shape, started).await?;
    Ok(Phases {
        start,
        check,
        open_start,
        open_check,
    })
}

/// Runs starts and checks in a closed loop.
///
/// # Errors
/// What is measured does not answer.
pub async fn closed<W: Work>(work: Arc<W>, shape: Shape) -> Result<(Phase, Phase)> {
    let (start, mut started) = closed_starts(&work, shape).await?;
    work.prepare(&mut started).await?;
    let check = closed_checks(&work, shape, started).await?;
    Ok((start, check))
}

type Queue<T> = Arc<Mutex<VecDeque<T>>>;

fn push<T>(queue: &Queue<T>, item: T) {
    queue
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push_back(item);
}

fn pop<T>(queue: &Queue<T>) -> Option<T> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

fn drain<T>(queue: &Queue<T>) -> VecDeque<T> {
    std::mem::take(&mut *queue.lock().unwrap_or_else(PoisonError::into_inner))
}

async fn closed_starts<W: Work>(work: &Arc<W>, shape: Shape) -> Result<(Phase, VecDeque<W::Started>)> {
    let started: Queue<W::Started> = Arc::default();
    let meter = Meter::begin(work).await?;
    let end = Instant::now() + Duration::from_secs(shape.seconds);
    let clients = (0..shape.clients).map(|_| {
        let (work, taken, started) = (work.clone(), meter.taken.clone(), started.clone());
        tokio::spawn(async move {
            while Instant::now() < end {
                let begun = Instant::now();
                let answer = work.start().await;
                let took = begun.elapsed();
                taken.note(took, answer.map(|new| push(&started, new)));
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await?;
    }
    let phase = meter.end(work).await?;
    Ok((phase, drain(&started)))
}

async fn closed_checks<W: Work>(work: &Arc<W>, shape: Shape, started: VecDeque<W::Started>) -> Result<Phase> {
    let started: Queue<W::Started> = Arc::new(Mutex::new(started));
    let meter = Meter::begin(work).await?;
    let end = Instant::now() + Duration::from_secs(shape.seconds);
    let clients = (0..shape.clients).map(|_| {
        let (work, taken, started) = (work.clone(), meter.taken.clone(), started.clone());
        tokio::spawn(async move {
            while Instant::now() < end
                && let Some(next) = pop(&started)
            {
                let begun = Instant::now();
                let answer = work.check(next).await;
                taken.note(begun.elapsed(), answer);
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await?;
    }
    meter.end(work).await
}

async fn open_starts<W: Work>(work: &Arc<W>, shape: Shape) -> Result<(Phase, VecDeque<W::Started>)> {
    let started: Queue<W::Started> = Arc::default();
    let meter = Meter::begin(work).await?;
    let mut requests = Vec::new();
    let mut clock = ticks(shape.rate);
    for _ in 0..shape.rate * shape.seconds {
        let due = clock.tick().await;
        let (work, taken, started) = (work.clone(), meter.taken.clone(), started.clone());
        requests.push(tokio::spawn(async move {
            let answer = work.start().await;
            taken.note(due.elapsed(), answer.map(|new| push(&started, new)));
        }));
    }
    for request in requests {
        request.await?;
    }
    let phase = meter.end(work).await?;
    Ok((phase, drain(&started)))
}

async fn open_checks<W: Work>(work: &Arc<W>, shape: Shape, started: VecDeque<W::Started>) -> Result<Phase> {
    let meter = Meter::begin(work).await?;
    let mut requests = Vec::new();
    let mut clock = ticks(shape.rate);
    for next in started {
        let due = clock.tick().await;
        let (work, taken) = (work.clone(), meter.taken.clone());
        requests.push(tokio::spawn(async move {
            let answer = work.check(next).await;
            taken.note(due.elapsed(), answer);
        }));
    }
    for request in requests {
        request.await?;
    }
    meter.end(work).await
}

/// Latencies count from the moment at which a request was due, so that a stall is not left out.
fn ticks(rate: u64) -> tokio::time::Interval {
    let mut clock = interval(Duration::from_secs(1) / u32::try_from(rate.max(1)).unwrap_or(u32::MAX));
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    clock
}

/// Measures one phase.
struct Meter {
    taken: Arc<Taken>,
    begun: Instant,
    cpu: Duration,
    commits: Option<(u64, u64)>,
}

impl Meter {
    async fn begin<W: Work>(work: &Arc<W>) -> Result<Self> {
        Ok(Self {
            taken: Arc::default(),
            commits: work.commits().await?,
            cpu: work.cpu()?,
            begun: Instant::now(),
        })
    }

    async fn end<W: Work>(self, work: &Arc<W>) -> Result<Phase> {
        let took = self.begun.elapsed();
        let cpu = work.cpu()?.saturating_sub(self.cpu);
        let commits = work.commits().await?;
        let mut times = std::mem::take(&mut *self.taken.times.lock().unwrap_or_else(PoisonError::into_inner));
        times.sort_unstable();
        let requests = times.len() as u64;
        let failed = *self.taken.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let per_commit = self.commits.zip(commits).map(|(before, after)| {
            let commits = after.1.saturating_sub(before.1).max(1);
            ratio(after.0.saturating_sub(before.0), commits)
        });
        Ok(Phase {
            requests,
            failed,
            per_second: float(requests) / took.as_secs_f64(),
            p50_ms: percentile(&times, 50),
            p99_ms: percentile(&times, 99),
            cpu_us: cpu.as_secs_f64() * 1e6 / float(requests.max(1)),
            per_commit,
        })
    }
}

fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn ratio(one: u64, other: u64) -> f64 {
    float(one) / float(other)
}

/// The latency in milliseconds that so many per cent were within; 0 where there is none. `times` are sorted.
fn percentile(times: &[Duration], per_cent: usize) -> f64 {
    let place = (times.len() * per_cent).div_ceil(100).saturating_sub(1);
    times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_time_within_which_so_many_were() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert!((percentile(&times, 50) - 100.0).abs() < 1e-9);
        assert!((percentile(&times, 99) - 198.0).abs() < 1e-9);
        assert!((percentile(&times[..1], 99) - 1.0).abs() < 1e-9);
        assert!(percentile(&[], 99).abs() < 1e-9);
    }
}
