//! Threads that take turns stay on one core.
//!
//! The writer's thread and SQLite's own wait for each other at every statement: only one of them works at a time. Where the kernel puts
//! them on two cores, each statement wakes both once, which costs more than most statements do (`docs/performance.md`).

use std::io;
use tokio::runtime;
use tokio::sync::oneshot;

/// Runs the task that `make` makes, on a thread of its own until the task ends. That thread, and each that it starts, stays on one core
/// where the system lets it. Returns once `make` has.
///
/// # Errors
/// Those of `make`, or there is no thread to be had.
pub(super) async fn run<M, T, E>(name: &str, make: M) -> Result<(), E>
where
    M: AsyncFnOnce() -> Result<T, E> + Send + 'static,
    T: Future<Output = ()>,
    E: From<io::Error> + Send + 'static,
{
    let (begun, has_begun) = oneshot::channel();
    std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        stay_here();
        // Whoever called may not be waiting any more; then nobody waits for the task either.
        let _ = match begin(make) {
            Ok((runtime, task)) => begun.send(Ok(())).map(|()| runtime.block_on(task)),
            Err(error) => begun.send(Err(error)),
        };
    })?;
    has_begun
        .await
        .unwrap_or_else(|_| Err(io::Error::other("the thread panicked").into()))
}

fn begin<M, T, E>(make: M) -> Result<(runtime::Runtime, T), E>
where
    M: AsyncFnOnce() -> Result<T, E>,
    E: From<io::Error>,
{
    let runtime = runtime::Builder::new_current_thread().enable_time().build()?;
    let task = runtime.block_on(make())?;
    Ok((runtime, task))
}

/// Where the system refuses, threads go where the kernel likes: slower, and as right.
#[cfg(target_os = "linux")]
fn stay_here() {
    use rustix::thread::{CpuSet, sched_getcpu, sched_setaffinity};
    let here = sched_getcpu();
    if here < CpuSet::MAX_CPU {
        let mut core = CpuSet::new();
        core.set(here);
        let _ = sched_setaffinity(None, &core);
    }
}

#[cfg(not(target_os = "linux"))]
fn stay_here() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use rustix::thread::sched_getaffinity;

    /// On how many cores the thread may run that calls this.
    fn cores() -> u32 {
        sched_getaffinity(None).map_or(0, |cores| cores.count())
    }

    #[tokio::test]
    async fn a_thread_and_what_it_starts_stay_on_one_core_and_who_asked_does_not() {
        let before = cores();
        let (told, is_told) = oneshot::channel();
        let run = run("one core", async move || {
            let started = std::thread::spawn(cores).join().unwrap_or_default();
            Ok::<_, io::Error>(async move {
                let _ = told.send((cores(), started));
            })
        });
        run.await.unwrap();
        assert_eq!(is_told.await, Ok((1, 1)));
        assert_eq!(cores(), before);
    }

    #[tokio::test]
    async fn what_cannot_begin_says_why() {
        let failed = run("one core", async || {
            Err::<std::future::Ready<()>, _>(io::Error::other("no such file"))
        });
        assert_eq!(failed.await.unwrap_err().to_string(), "no such file");
        let panicked = run(
            "one core",
            async || -> Result<std::future::Ready<()>, io::Error> { panic!("on purpose") },
        );
        assert_eq!(panicked.await.unwrap_err().to_string(), "the thread panicked");
    }
}
