use super::checkpoints::Checkpoints;
use super::grouping::{BATCH, Grouping};
use super::{Connection, one_core, open};
use crate::store::{Patience, StoreError};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::Connection as _;
use sqlx::error::ErrorKind;
use sqlx::sqlite::SqliteConnectOptions;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{mpsc, oneshot};

/// Operations that wait at most; further ones are denied at once.
const QUEUE: usize = 1024;

/// The one task that writes. It commits all that waits at once: a commit costs far more than what it commits.
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn Operation>>,
    patience: Patience,
    counters: Arc<Counters>,
}

/// What a writer has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriterStatistics {
    /// Transactions committed.
    pub commits: u64,
    /// Operations in them.
    pub operations: u64,
    /// The most operations that shared a commit.
    pub largest_batch: u64,
}

#[derive(Default)]
struct Counters {
    commits: AtomicU64,
    operations: AtomicU64,
    largest_batch: AtomicU64,
}

impl Writer {
    /// Starts the task, on a thread of its own. It ends when the writer is dropped and all that waited is done.
    ///
    /// # Errors
    /// The file cannot be opened, or there is no thread to be had.
    pub(super) async fn spawn(options: SqliteConnectOptions, patience: Patience) -> Result<Self, StoreError> {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let counters = Arc::new(Counters::default());
        let counts = counters.clone();
        // Copies beside the writer, on whatever core is free.
        let checkpoints = Checkpoints::spawn(options.clone(), patience);
        // What an operation's savepoint may have to undo is some pages: not worth a file (<https://sqlite.org/tempfiles.html>, 2.3).
        let options = options.pragma("temp_store", "MEMORY");
        one_core::run("writer", async move || {
            let connection = open::connect(&options, patience).await;
            connection.map(|connection| {
                let task = Task {
                    connection: Some(connection),
                    checkpoints,
                    options,
                    patience,
                    counters: counts,
                };
                task.run(waiting)
            })
        })
        .await?;
        Ok(Self {
            queue,
            patience,
            counters,
        })
    }

    /// Runs `body` in a transaction, and answers once it is committed.
    pub(super) async fn run<T, B>(&self, body: B) -> Result<T, StoreError>
    where
        T: Send + 'static,
        B: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let queued = Queued {
            body: Some(body),
            outcome: None,
            reply,
        };
        self.queue
            .try_send(Box::new(queued))
            .map_err(|_| StoreError::new("too many operations wait for the writer"))?;
        match tokio::time::timeout(self.patience.time(), answer).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(StoreError::new("the writer gave up")),
            Err(_) => Err(StoreError::new("no answer in time")),
        }
    }

    pub(super) fn statistics(&self) -> WriterStatistics {
        WriterStatistics {
            commits: self.counters.commits.load(Ordering::Relaxed),
            operations: self.counters.operations.load(Ordering::Relaxed),
            largest_batch: self.counters.largest_batch.load(Ordering::Relaxed),
        }
    }
}

/// One operation that waits, whatever its outcome is.
trait Operation: Send {
    /// Whether anybody still waits for the answer.
    fn is_awaited(&self) -> bool;

    /// Runs it in its own savepoint and keeps the outcome. An error is one after which the transaction cannot go on.
    fn run<'c>(&'c mut self, connection: &'c mut Connection) -> BoxFuture<'c, Result<(), sqlx::Error>>;

    /// Hands out the outcome, or `failure` where there is one.
    fn answer(self: Box<Self>, failure: Option<&StoreError>);
}

struct Queued<T, B> {
    body: Option<B>,
    outcome: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, B> Operation for Queued<T, B>
where
    T: Send,
    B: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send,
{
    fn is_awaited(&self) -> bool {
        !self.reply.is_closed()
    }

    fn run<'c>(&'c mut self, connection: &'c mut Connection) -> BoxFuture<'c, Result<(), sqlx::Error>> {
        Box::pin(async move {
            let Some(body) = self.body.take() else {
                return Ok(());
            };
            self.outcome = Some(match body(connection).await {
                Ok(outcome) => Ok(outcome),
                Err(error) if is_its_own_fault(&error) => Err(error.into()),
                Err(error) => return Err(error),
            });
            Ok(())
        })
    }

    fn answer(self: Box<Self>, failure: Option<&StoreError>) {
        let outcome = match failure {
            Some(error) => Err(error.clone()),
            None => self.outcome.unwrap_or_else(|| Err(StoreError::new("not run"))),
        };
        // Nobody may be waiting any more.
        let _ = self.reply.send(outcome);
    }
}

/// Whether an operation failed by itself: its savepoint is rolled back and its neighbours go on. After anything else
/// (a full disk, a broken file) SQLite may have rolled back the whole transaction.
fn is_its_own_fault(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => !matches!(error.kind(), ErrorKind::Other),
        sqlx::Error::RowNotFound | sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => true,
        _ => false,
    }
}

struct Task {
    /// None after it broke; the next batch makes another.
    connection: Option<Connection>,
    checkpoints: Checkpoints,
    options: SqliteConnectOptions,
    patience: Patience,
    counters: Arc<Counters>,
}

impl Task {
    async fn run(mut self, mut waiting: mpsc::Receiver<Box<dyn Operation>>) {
        let mut batch = Vec::with_capacity(BATCH);
        let mut grouping = Grouping::new();
        while grouping.next(&mut waiting, &mut batch).await {
            batch.retain(|operation| operation.is_awaited());
            if batch.is_empty() {
                continue;
            }
            let failure = self.commit(&mut batch).await.err();
            if let Some(error) = &failure {
                tracing::error!(target: "phone_verify::store", %error, "nothing was committed");
            }
            for operation in batch.drain(..) {
                operation.answer(failure.as_ref());
            }
            self.go_on().await;
        }
    }

    /// Does what nobody waits for the answer of.
    async fn go_on(&mut self) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        match self.checkpoints.after_commit(&mut connection).await {
            Ok(()) => self.connection = Some(connection),
            Err(error) => {
                tracing::warn!(target: "phone_verify::store", %error, "the log was not copied into the file");
            }
        }
    }

    /// Commits a batch, or says why not; then its connection is not to be used again.
    async fn commit(&mut self, batch: &mut [Box<dyn Operation>]) -> Result<(), StoreError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => open::connect(&self.options, self.patience).await?,
        };
        match AssertUnwindSafe(write(&mut connection, batch))
            .catch_unwind()
            .await
        {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(error.into()),
            Err(_) => return Err(StoreError::new("an operation panicked")),
        }
        self.connection = Some(connection);
        self.counters.count(batch.len() as u64);
        tracing::debug!(target: "phone_verify::store", batch = batch.len(), "committed");
        Ok(())
    }
}

async fn write(connection: &mut Connection, batch: &mut [Box<dyn Operation>]) -> Result<(), sqlx::Error> {
    // IMMEDIATE: a transaction that reads first and then wants to write would not wait for another process.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for operation in batch {
        operation.run(&mut transaction).await?;
    }
    transaction.commit().await
}

impl Counters {
    fn count(&self, batch: u64) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.operations.fetch_add(batch, Ordering::Relaxed);
        self.largest_batch.fetch_max(batch, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::operations;
    use futures::StreamExt as _;
    use futures::stream::FuturesUnordered;
    use std::time::Duration;
    use tokio::task::JoinHandle;

    async fn writer(folder: &tempfile::TempDir) -> Result<Writer, StoreError> {
        let url = format!("sqlite://{}", folder.path().join("phone-verify.db").display());
        let patience = Patience::default();
        open::open(&url, patience).await?;
        Writer::spawn(open::options(&url, patience)?, patience).await
    }

    /// Lets the writer do nothing else until the sender is dropped. Returns once it is at that.
    async fn hold(writer: &Arc<Writer>) -> (oneshot::Sender<()>, JoinHandle<Result<(), StoreError>>) {
        let (held, is_held) = oneshot::channel();
        let (end, is_over) = oneshot::channel::<()>();
        let writer = writer.clone();
        let holding = tokio::spawn(async move {
            writer
                .run(move |_| {
                    Box::pin(async move {
                        let _ = held.send(());
                        let _ = is_over.await;
                        Ok(())
                    })
                })
                .await
        });
        is_held.await.unwrap();
        (end, holding)
    }

    async fn probe(writer: &Writer) -> Result<(), StoreError> {
        writer
            .run(|connection| Box::pin(operations::probe(connection)))
            .await
    }

    /// Leaves a trace, and then does not end well.
    async fn write_and_panic(writer: &Writer) -> Result<(), StoreError> {
        fn panics(connection: &mut Connection) -> BoxFuture<'_, Result<(), sqlx::Error>> {
            Box::pin(async move {
                operations::keys_match(connection, "of the panic").await?;
                panic!("on purpose");
            })
        }
        writer.run(panics).await
    }

    async fn fingerprint_is(writer: &Writer, fingerprint: &'static str) -> Result<bool, StoreError> {
        writer
            .run(move |connection| Box::pin(operations::keys_match(connection, fingerprint)))
            .await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn after_a_panic_nothing_of_it_is_kept_and_the_writer_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await.unwrap();
        for _ in 0..3 {
            assert!(write_and_panic(&writer).await.is_err());
        }
        assert!(fingerprint_is(&writer, "afterwards").await.unwrap());
        assert_eq!(writer.statistics().operations, 1);
    }

    #[tokio::test]
    async fn an_operation_whose_caller_has_left_is_not_run() {
        let folder = tempfile::tempdir().unwrap();
        let writer = Arc::new(writer(&folder).await.unwrap());
        let (end, holding) = hold(&writer).await;
        let left = fingerprint_is(&writer, "of one who left").now_or_never();
        assert!(left.is_none());
        drop(end);
        holding.await.unwrap().unwrap();
        assert!(fingerprint_is(&writer, "of one who stayed").await.unwrap());
        assert_eq!(writer.statistics().operations, 2);
    }

    #[tokio::test]
    async fn beyond_the_queue_callers_are_denied_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let writer = Arc::new(writer(&folder).await.unwrap());
        let (end, holding) = hold(&writer).await;
        let mut waiting: FuturesUnordered<_> = (0..QUEUE + 10).map(|_| probe(&writer)).collect();
        for _ in 0..10 {
            assert!(waiting.next().await.unwrap().is_err());
        }
        drop(end);
        holding.await.unwrap().unwrap();
        let outcomes: Vec<_> = waiting.collect().await;
        assert_eq!(outcomes.len(), QUEUE);
        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!(writer.statistics().largest_batch, BATCH as u64);
    }

    #[tokio::test]
    async fn a_writer_that_is_dropped_ends() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await.unwrap();
        probe(&writer).await.unwrap();
        let counters = writer.counters.clone();
        drop(writer);
        let ended = async {
            while Arc::strong_count(&counters) > 1 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), ended)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn what_may_have_to_be_undone_is_kept_in_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await.unwrap();
        let kept = writer.run(|connection| {
            Box::pin(sqlx::query_scalar::<_, i64>("PRAGMA temp_store").fetch_one(connection))
        });
        // 2: in memory.
        assert_eq!(kept.await.unwrap(), 2);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn operations_run_on_one_core() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await.unwrap();
        let cores = writer.run(|_| {
            Box::pin(async { Ok(rustix::thread::sched_getaffinity(None).map_or(0, |cores| cores.count())) })
        });
        assert_eq!(cores.await.unwrap(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_that_is_gone_is_an_error_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await.unwrap();
        // The connection breaks, and none can be made where the folder was.
        assert!(write_and_panic(&writer).await.is_err());
        drop(folder);
        for _ in 0..2 {
            assert!(probe(&writer).await.is_err());
        }
    }
}
