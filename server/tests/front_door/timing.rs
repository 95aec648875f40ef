//! What the time of an answer tells (threat T24).

use crate::Door;
use crate::real::{Api, Proof, Reply, Result, Started};
use reqwest::Method;
use std::time::Duration;
use tokio::time::Instant;

/// Answers of each kind; they come by turns, so that whatever else the machine does falls on both.
const PAIRS: u32 = 150;

/// What a network hides many times over.
const HIDDEN: Duration = Duration::from_millis(2);

/// How long calls of two kinds take, taken by turns.
#[derive(Default)]
struct Times {
    known: Vec<Duration>,
    unknown: Vec<Duration>,
}

impl Times {
    /// The medians, which must not differ by more than a fourth or what a network hides.
    fn alike(mut self, what: &str) -> Result<String> {
        let [known, unknown] = [&mut self.known, &mut self.unknown].map(|times| {
            times.sort_unstable();
            times[times.len() / 2]
        });
        let (differs, may) = (known.abs_diff(unknown), (unknown / 4).max(HIDDEN));
        if differs > may {
            return Err(format!("{what}: {known:?} where known, {unknown:?} where not").into());
        }
        Ok(format!(
            "{what}: {:.1} ms where known, {:.1} ms where not",
            known.as_secs_f64() * 1e3,
            unknown.as_secs_f64() * 1e3
        ))
    }
}

async fn timed(times: &mut Vec<Duration>, call: impl Future<Output = Result<Reply>>) -> Result<Reply> {
    let begun = Instant::now();
    let reply = call.await?;
    times.push(begun.elapsed());
    Ok(reply)
}

fn number(index: u32) -> String {
    format!("+1202{}", 2_000_000 + index)
}

/// A number of which everything is known: it was proven here.
async fn proven(api: &Api, number: &str) -> Result<Started> {
    let started = api.started(number).await?;
    let path = format!("/dev/outbox?to=%2B{}", &number[1..]);
    let request = api
        .request(Method::GET, &path)
        .header("accept", "application/json");
    let sent = Api::answer(request).await?;
    let code = sent.body[0]["code"].as_str().ok_or("nothing was sent")?;
    let approved = api.check(&started, code).await?;
    assert_eq!(approved.text("status"), "approved", "{approved:?}");
    Ok(started)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_takes_as_long_for_what_is_known_as_for_what_is_not() -> Result {
    let proof = Proof::begin("an_answer_takes_as_long_for_what_is_known_as_for_what_is_not");
    let door = Door::open().await?;
    let mut known = Vec::new();
    for index in 0..PAIRS {
        known.push(proven(&door.api, &number(index)).await?);
    }
    let (mut starts, mut views) = (Times::default(), Times::default());
    for (index, proven) in (0..PAIRS).zip(&known) {
        let (old, new) = (number(index), number(PAIRS + index));
        let one = timed(&mut starts.known, door.api.start(&old, None)).await?;
        let other = timed(&mut starts.unknown, door.api.start(&new, None)).await?;
        assert_eq!((one.status, other.status), (201, 201));

        // Another one's secret, well formed, for a verification that is there and for one that is not.
        let secret = Started::of(&other).secret;
        let guessed = |id: String| Started {
            id,
            secret: secret.clone(),
        };
        let (there, not_there) = (guessed(proven.id.clone()), guessed(format!("{index:032x}")));
        let one = timed(&mut views.known, door.api.view(&there)).await?;
        let other = timed(&mut views.unknown, door.api.view(&not_there)).await?;
        assert_eq!((one.status, other.status), (404, 404));
        assert_eq!(one.body, other.body);
    }
    let (starts, views) = (
        starts.alike("starts of numbers")?,
        views.alike("views by another secret")?,
    );
    proof.held(
        &format!("{PAIRS} pairs of each, medians"),
        &format!("{starts}; {views}"),
    )
}
