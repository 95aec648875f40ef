//! What Twilio does not report is asked for, and calls end with their verifications.

use crate::harness::{NUMBER, OTHER_NUMBER, Started};
use crate::support::{Senders, config};
use crate::world::{World, refusing};
use fake_twilio::{Behaviour, FakeTwilio, ScriptedCallback};
use phone_verify::senders::Sender;
use phone_verify::senders::twilio::Patience;
use std::time::Duration;

/// A message or call takes this status as soon as it was taken.
fn becomes(status: &str, error_code: Option<u32>) -> Behaviour {
    Behaviour {
        callbacks: vec![ScriptedCallback {
            status: status.to_owned(),
            error_code,
            early: true,
            ..ScriptedCallback::default()
        }],
        ..Behaviour::default()
    }
}

/// How often Twilio was asked what became of something.
fn looks(world: &World) -> usize {
    let requests = world.fake.requests();
    requests.iter().filter(|request| request.method == "GET").count()
}

/// Waits until something comes true of itself.
async fn in_the_end(is_so: impl AsyncFn() -> bool) -> bool {
    for _ in 0..100 {
        if is_so().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

/// Long enough for whoever follows deliveries to come round.
async fn a_round() {
    tokio::time::sleep(Duration::from_millis(1_500)).await;
}

#[tokio::test]
async fn where_twilio_cannot_report_it_is_asked_and_the_view_shows_what_became_of_a_message() {
    let world = World::new().await;
    for (number, channel, status, code, expected) in [
        ("+12025550141", "sms", "delivered", None, ("delivered", None)),
        (
            "+12025550142",
            "sms",
            "undelivered",
            Some(30006),
            ("undelivered", Some("not_textable")),
        ),
        (
            "+12025550143",
            "sms",
            "failed",
            Some(21610),
            ("undelivered", Some("opted_out")),
        ),
        (
            "+12025550144",
            "call",
            "busy",
            None,
            ("undelivered", Some("busy")),
        ),
        (
            "+12025550145",
            "call",
            "no-answer",
            None,
            ("undelivered", Some("no_answer")),
        ),
    ] {
        world.fake.behave(becomes(status, code));
        let (started, view) = world.start(number, channel).await;
        world.fake.behave_well();
        assert_eq!(view["delivery"]["state"], "accepted", "{status}");
        world.server.clock.advance(Duration::from_secs(2));
        let expected = (expected.0.to_owned(), expected.1.map(str::to_owned));
        let shown = in_the_end(async || world.delivery(&started).await == expected);
        assert!(shown.await, "{status}: {:?}", world.delivery(&started).await);
    }
    // What came by asking counts as what was reported: the owner has opted out.
    let reply = world.try_start("+12025550143", "sms").await;
    reply.assert_problem(422, "opted_out");
    assert_eq!((looks(&world), world.fake.violations()), (5, Vec::new()));
}

#[tokio::test]
async fn one_that_stays_under_way_is_asked_about_a_few_times_while_its_code_is_good_and_never_after() {
    let world = World::new().await;
    world.fake.behave(becomes("sent", None));
    let (started, _) = world.start(NUMBER, "sms").await;
    for second in 1..=600 {
        world.server.clock.advance(Duration::from_secs(1));
        if [2, 6, 14, 30, 62, 126, 254, 510, 600].contains(&second) {
            a_round().await;
        }
    }
    assert_eq!(looks(&world), 8);
    world.server.clock.advance(Duration::from_hours(1));
    a_round().await;
    assert_eq!(looks(&world), 8);
    assert_eq!(
        world.server.view(&started).await.body["delivery"]["state"],
        "accepted"
    );
    world.only_sent_to(NUMBER);
}

#[tokio::test]
async fn what_was_sent_before_a_restart_is_asked_about_after_it() {
    let mut world = World::new().await;
    world.fake.behave(becomes("delivered", None));
    let (started, _) = world.start(NUMBER, "sms").await;
    world.server.restart().await;
    a_round().await;
    assert_eq!(looks(&world), 0);
    world.server.clock.advance(Duration::from_secs(2));
    let shown = in_the_end(async || world.delivery(&started).await.0 == "delivered");
    assert!(shown.await);
    assert_eq!(looks(&world), 1);
}

#[tokio::test]
async fn where_twilio_reports_by_itself_it_is_asked_only_for_reports_that_have_not_come_after_45_seconds() {
    let fake = FakeTwilio::start().await.unwrap();
    for (public_url, seconds) in [(Some("https://verify.example.com"), 45), (None, 2)] {
        let senders = Senders::new(&config(&fake), public_url, Patience::default());
        let both: [&dyn Sender; 2] = [&senders.messages, &senders.calls];
        for sender in both {
            let first = sender.tracker().unwrap().first_look();
            assert_eq!(first, Duration::from_secs(seconds), "{public_url:?}");
        }
    }
}

#[tokio::test]
async fn a_sender_that_is_down_is_not_asked() {
    let world = World::new().await;
    let (_, _) = world.start(OTHER_NUMBER, "sms").await;
    world.fake.behave(refusing(400, 20003));
    for _ in 0..5 {
        world.try_start(NUMBER, "sms").await;
    }
    world.server.clock.advance(Duration::from_secs(2));
    a_round().await;
    assert_eq!(looks(&world), 0);
    // It is asked once it works again.
    world.fake.behave_well();
    world.server.clock.advance(Duration::from_secs(15));
    world.start(NUMBER, "sms").await;
    assert!(in_the_end(async || looks(&world) == 1).await);
}

/// What the fake's one call to a number has come to.
fn status_of(world: &World, number: &str) -> String {
    world.only_sent_to(number).status
}

async fn calls(world: &World, number: &str) -> Started {
    let (started, _) = world.start(number, "call").await;
    assert_eq!(status_of(world, number), "queued");
    started
}

#[tokio::test]
async fn a_call_that_still_rings_ends_with_its_verification() {
    let settings = [
        ("LIMITS__CHECKS__PER_VERIFICATION", "1"),
        ("LIMITS__NUMBER__PENDING", "1"),
    ];
    let world = World::with(None, &settings).await;

    let approved = calls(&world, "+12025550141").await;
    let sent = world.only_sent_to("+12025550141");
    world.approve(&approved, &sent).await;

    let exhausted = calls(&world, "+12025550142").await;
    let code = world.only_sent_to("+12025550142").code.unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(world.server.check(&exhausted, wrong).await.status, 422);

    let canceled = calls(&world, "+12025550143").await;
    assert_eq!(world.server.cancel(&canceled).await.status, 200);

    // A newer one takes its place.
    calls(&world, "+12025550144").await;
    world.start("+12025550144", "sms").await;

    for number in ["+12025550141", "+12025550142", "+12025550143", "+12025550144"] {
        let call = async || {
            let sent = world.fake.sent_to(number);
            let call = sent.iter().find(|sent| sent.channel == "call");
            call.is_some_and(|call| call.status == "canceled")
        };
        assert!(in_the_end(call).await, "{number}");
    }

    // Its time is over.
    calls(&world, "+12025550145").await;
    world.server.clock.advance(Duration::from_mins(10));
    assert!(in_the_end(async || status_of(&world, "+12025550145") == "canceled").await);
    assert_eq!(world.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn a_call_that_was_taken_goes_on_when_its_code_is_right() {
    let world = World::new().await;
    world.fake.behave(becomes("in-progress", None));
    let (started, _) = world.start(NUMBER, "call").await;
    let sent = world.only_sent_to(NUMBER);
    world.approve(&started, &sent).await;
    let asked = async || {
        let requests = world.fake.requests();
        requests
            .iter()
            .any(|request| request.parameter("Status").is_some())
    };
    assert!(in_the_end(asked).await);
    assert_eq!(status_of(&world, NUMBER), "in-progress");
}
