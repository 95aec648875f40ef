//! A process that stands still while it sends, as on a machine that is moved or has no memory left (fault F19).

use crate::cluster::fresh_database;
use crate::real::{Api, Program, Proof, Reply, Result, Started, token_id};
use crate::{number, settings};
use fake_twilio::{Behaviour, FakeTwilio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// The name by which both servers are called.
const PUBLIC_HOST: &str = "verify.localhost:4999";

/// How long the other server may take to see that the lease (30 s) is over.
const MOST: Duration = Duration::from_secs(90);

/// The same start again, until the one that it repeats is no longer under way.
async fn repeated(api: &Api, number: &str, key: &str) -> Result<Reply> {
    let begun = Instant::now();
    loop {
        let reply = api.start(number, Some(key)).await?;
        if reply.word() != "409 request_in_progress" {
            return Ok(reply);
        }
        assert!(begun.elapsed() < MOST, "still in progress: {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stands_still_while_it_sends_is_waited_for_no_longer_than_its_lease() -> Result {
    let proof =
        Proof::begin("a_server_that_stands_still_while_it_sends_is_waited_for_no_longer_than_its_lease");
    let (folder, fake) = (TempDir::new()?, FakeTwilio::start().await?);
    let mut settings = settings(&fake);
    settings.push(("PHONE_VERIFY__DATABASE__URL", fresh_database().await?));
    settings.push(("PHONE_VERIFY__HTTP__PUBLIC_URL", format!("http://{PUBLIC_HOST}")));
    let still = Program::start(folder.path(), &settings)?;
    let other = Program::start(folder.path(), &settings)?;
    let (of_still, of_other) = (
        Api::behind(&still.url, PUBLIC_HOST)?,
        Api::behind(&other.url, PUBLIC_HOST)?,
    );
    let (number, key) = (number(0), "standing-still-while-sending");
    fake.behave(Behaviour {
        delay_ms: 3_000,
        ..Behaviour::default()
    });
    let asked = {
        let (api, number) = (of_still.clone(), number.clone());
        tokio::spawn(async move { api.start(&number, Some(key)).await })
    };
    while fake.sent().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    still.signal("STOP")?;
    let stood_still = Instant::now();

    let reply = repeated(&of_other, &number, key).await?;
    assert_eq!(reply.status, 201, "{reply:?}");
    assert_eq!(reply.body["delivery"]["state"], "unknown", "{reply:?}");
    let started = Started::of(&reply);
    let sent = fake.sent_to(&number);
    let code = sent[0].code.clone().ok_or("a message without a code")?;
    let approved = of_other.check(&started, &code).await?;
    let token = token_id(&approved)?;
    let seconds = stood_still.elapsed().as_secs();

    still.signal("CONT")?;
    let late = asked.await??;
    assert_eq!(
        (late.status, Started::of(&late)),
        (201, started.clone()),
        "{late:?}"
    );
    let view = of_still.view(&started).await?;
    assert_eq!(view.text("status"), "approved", "{view:?}");
    let state = view.body["delivery"]["state"].as_str();
    assert!(matches!(state, Some("unknown" | "accepted")), "{view:?}");
    assert_eq!(token_id(&of_still.check(&started, &code).await?)?, token);
    assert_eq!(fake.sent().len(), 1, "nothing was sent again");
    proof.held(
        &format!("a process stopped for {seconds} s"),
        "1 message, its code approved once by the other process, nothing undone by the late answer",
    )
}
