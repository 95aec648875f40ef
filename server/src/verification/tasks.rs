use super::refusal;
use phone_verify_domain::ApiError;
use tokio::sync::watch;
use tracing::Instrument;

/// Work that goes on when the client who asked for it has gone away.
#[derive(Clone)]
pub(super) struct Tasks(watch::Sender<usize>);

impl Default for Tasks {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Tasks {
    /// Runs `work` to its end, from now on; whoever stops waiting does not stop the work.
    ///
    /// What is returned waits and holds nothing else: a future that held the work as well would make every request's as large.
    pub(super) fn detached<T, Work>(
        &self,
        work: Work,
    ) -> impl Future<Output = Result<T, ApiError>> + use<T, Work>
    where
        T: Send + 'static,
        Work: Future<Output = Result<T, ApiError>> + Send + 'static,
    {
        let running = Running::new(self);
        // Boxed: tokio moves what it runs some ten times, into the task and out of it, and this is up to 14 kB.
        let work = Box::pin(work);
        let task = async move {
            let result = work.await;
            drop(running);
            result
        };
        let task = tokio::spawn(task.in_current_span());
        async {
            let result = task.await;
            result.unwrap_or_else(|error| Err(refusal::broken("the request broke off", &error)))
        }
    }

    /// Runs `work` to its end, for nobody to wait for.
    pub(super) fn background(&self, work: impl Future<Output = ()> + Send + 'static) {
        let running = Running::new(self);
        let work = Box::pin(work);
        let task = async move {
            work.await;
            drop(running);
        };
        tokio::spawn(task.in_current_span());
    }

    /// Waits until nothing runs.
    pub(super) async fn idle(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|running| *running == 0).await;
    }
}

/// Counts one task for as long as it lives, also when it panics.
struct Running(watch::Sender<usize>);

impl Running {
    fn new(tasks: &Tasks) -> Self {
        tasks.0.send_modify(|running| *running += 1);
        Self(tasks.0.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}
