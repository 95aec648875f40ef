use crate::real::{Api, Program, Proof, Result, Started};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// Clients that start verifications without a pause.
const CLIENTS: u32 = 32;

/// Fault F20: nothing that was taken is answered with an error or forgotten.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopped_under_load_it_answers_what_it_took_and_ends_with_0() -> Result {
    let proof = Proof::begin("stopped_under_load_it_answers_what_it_took_and_ends_with_0");
    let folder = TempDir::new()?;
    let outbox = folder.path().join("outbox.jsonl");
    let settings = [("PHONE_VERIFY__OUTBOX__FILE", outbox.display().to_string())];
    let program = Program::start(folder.path(), &settings)?;
    let api = Api::new(&program.url)?;
    let next = Arc::new(AtomicU32::new(2_000_000));
    let answered: Arc<Mutex<Vec<Started>>> = Arc::default();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (api, next, answered) = (api.clone(), next.clone(), answered.clone());
            tokio::spawn(async move {
                loop {
                    let number = format!("+1202{}", next.fetch_add(1, Ordering::SeqCst));
                    // Nobody listens any more: then it has stopped.
                    let Ok(reply) = api.start(&number, None).await else {
                        break;
                    };
                    assert_eq!(reply.status, 201, "{reply:?}");
                    answered
                        .lock()
                        .expect("no client panicked")
                        .push(Started::of(&reply));
                }
            })
        })
        .collect();
    while answered.lock().expect("no client panicked").len() < 2 * CLIENTS as usize {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let code = tokio::task::spawn_blocking(|| program.terminate()).await??;
    assert_eq!(code, Some(0));
    for client in clients {
        client.await?;
    }
    let answered = std::mem::take(&mut *answered.lock().expect("no client panicked"));
    let sent: HashSet<String> = std::fs::read_to_string(&outbox)?
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line)
                .map(|entry| entry["verification"].as_str().unwrap_or_default().to_owned())
        })
        .collect::<std::result::Result<_, _>>()?;
    assert_eq!(sent.len(), answered.len(), "what was sent was answered");
    let program = Program::start(folder.path(), &settings)?;
    let api = Api::new(&program.url)?;
    for started in &answered {
        assert!(
            sent.contains(&started.id),
            "{} was answered and not sent",
            started.id
        );
        assert_eq!(api.view(started).await?.text("status"), "pending");
    }
    proof.held(
        &format!("{CLIENTS} clients, {} starts answered", answered.len()),
        "exit 0, no error, none forgotten",
    )
}
