//! Events for a program that embeds the server: each once, after its commit, without a code.

use crate::world::{NUMBER, OTHER_NUMBER, Settings, World, caller, resend, site, start};
use phone_verify::hooks::{Event, Hook, Hooks};
use phone_verify::hosts::NewSession;
use phone_verify::senders::SendOutcome;
use phone_verify::sites::Site;
use phone_verify::store::{Conflict, DeliveryReport, Retention, Store};
use phone_verify_domain::{DeliveryReason, DeliveryState, PhoneNumber, SiteKey, Start, Status, Verifier};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// Remembers what it heard; with a store, also how the verification stood there at that moment.
#[derive(Default)]
struct Ears {
    heard: Mutex<Vec<Event>>,
    wants_numbers: bool,
    stood: Mutex<Vec<Option<Status>>>,
    store: OnceLock<(Arc<dyn Store>, tokio::runtime::Handle)>,
}

impl Hook for Ears {
    fn event(&self, event: &Event) {
        if let Event::VerificationApproved(approved) = event
            && let Some((store, runtime)) = self.store.get()
        {
            let found = runtime.block_on(store.find(approved.verification)).unwrap();
            self.stood
                .lock()
                .unwrap()
                .push(found.map(|record| record.facts.status));
        }
        self.heard.lock().unwrap().push(event.clone());
    }

    fn wants_numbers(&self) -> bool {
        self.wants_numbers
    }
}

struct Heard {
    world: World,
    ears: Arc<Ears>,
    hooks: Hooks,
}

impl Heard {
    async fn with(ears: Ears, site: Site) -> Self {
        let ears = Arc::new(ears);
        let hooks = Hooks::start(ears.clone()).unwrap();
        let settings = Settings {
            sites: vec![site],
            hooks: hooks.clone(),
            ..Settings::default()
        };
        let world = World::with(settings).await;
        let runtime = tokio::runtime::Handle::current();
        assert!(ears.store.set((world.store.clone(), runtime)).is_ok());
        Self { world, ears, hooks }
    }

    async fn new() -> Self {
        Self::with(Ears::default(), site("demo")).await
    }

    async fn events(&self) -> Vec<Event> {
        self.hooks.idle().await;
        std::mem::take(&mut *self.ears.heard.lock().unwrap())
    }

    async fn names(&self) -> Vec<&'static str> {
        self.events().await.iter().map(Event::name).collect()
    }

    async fn sweep(&self) {
        let day = Duration::from_hours(24);
        let retention = Retention {
            verifications: day,
            tokens: day,
            failures: day,
            decisions: day,
        };
        while self.world.engine.sweep(retention).await.unwrap() > 0 {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verification_is_told_from_its_start_to_its_approval_each_event_once_and_committed() {
    let heard = Heard::new().await;
    let started = heard.world.started(NUMBER).await;
    assert_eq!(heard.names().await, ["verification.started", "delivery.sent"]);
    started.resend(resend(NUMBER)).await.unwrap();
    assert!(started.check(&started.wrong(0)).await.is_err());
    started.approve().await;
    started.approve().await;
    assert_eq!(heard.names().await, ["delivery.sent", "verification.approved"]);
    assert_eq!(*heard.ears.stood.lock().unwrap(), [Some(Status::Approved)]);
}

#[tokio::test]
async fn no_event_has_the_code_and_none_the_number_unless_it_was_asked_for() {
    for wants_numbers in [false, true] {
        let ears = Ears {
            wants_numbers,
            ..Ears::default()
        };
        let kept = Site {
            keeps_numbers: true,
            ..site("demo")
        };
        let heard = Heard::with(ears, kept).await;
        let started = heard.world.started(NUMBER).await;
        let token = started.approve().await.token.unwrap();
        let site = heard.world.sites.iter().next().unwrap().clone();
        let desk = heard.world.desk();
        desk.claim_number(&site, "17", &token).await.unwrap();
        let events = heard.events().await;
        assert_eq!(events.len(), 4, "{events:?}");
        for event in &events {
            let number = match event {
                Event::VerificationStarted(event) | Event::VerificationApproved(event) => &event.phone_number,
                Event::DeliverySent(event) => &event.verification.phone_number,
                Event::NumberClaimed(event) => &event.phone_number,
                other => panic!("{other:?}"),
            };
            assert_eq!(
                number.as_ref().map(PhoneNumber::expose),
                wants_numbers.then_some(NUMBER)
            );
            let printed = format!("{event:?}");
            for secret in [started.code.as_str(), "2025550134", &token] {
                assert!(!printed.contains(secret), "{printed}");
            }
        }
    }
}

#[tokio::test]
async fn the_ends_of_verifications_are_told_once() {
    let heard = Heard::new().await;
    let exhausted = heard.world.started(NUMBER).await;
    let expired = heard.world.started(OTHER_NUMBER).await;
    for number in 0..6 {
        assert!(exhausted.check(&exhausted.wrong(number)).await.is_err());
    }
    heard.events().await.clear();
    let over = heard.world.now() + Duration::from_mins(10);
    heard.world.clock.set(over);
    expired.cancel().await;
    heard.sweep().await;
    heard.sweep().await;
    let events = heard.events().await;
    let [Event::VerificationExpired(told)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!((told.verification, told.at), (expired.id, over));
}

#[tokio::test]
async fn of_64_wrong_codes_at_once_the_end_is_told_once() {
    let heard = Heard::new().await;
    let started = heard.world.started(NUMBER).await;
    let (wrong, _) = (started.wrong(0), heard.events().await);
    let checks = (0..64).map(|_| started.check(&wrong));
    futures::future::join_all(checks).await;
    assert_eq!(heard.names().await, ["verification.exhausted"]);
}

#[tokio::test]
async fn what_became_of_a_sending_is_told_once_whoever_reports_it_first() {
    let heard = Heard::new().await;
    let world = &heard.world;
    world.sms.answer([SendOutcome::NotSent]);
    assert!(world.engine.start(&caller(), start(NUMBER)).await.is_err());
    assert_eq!(heard.names().await, ["verification.started", "delivery.failed"]);

    world.sms.answer([SendOutcome::Unknown]);
    let started = world.started(NUMBER).await;
    assert_eq!(heard.names().await, ["verification.started"], "it may have left");
    let record = world.store.find(started.id).await.unwrap().unwrap();
    let report = |state| DeliveryReport {
        id: started.id,
        delivery_id: record.delivery_id.clone(),
        sender_reference: "SM1".to_owned(),
        state,
        reason: (state == DeliveryState::Undelivered).then_some(DeliveryReason::Unreachable),
        now: world.now(),
    };
    for state in [
        DeliveryState::Accepted,
        DeliveryState::Accepted,
        DeliveryState::Undelivered,
    ] {
        world.engine.take_report(report(state), None).await.unwrap();
    }
    world
        .engine
        .take_report(report(DeliveryState::Undelivered), None)
        .await
        .unwrap();
    let events = heard.events().await;
    let [Event::DeliverySent(_), Event::DeliveryFailed(failed)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(failed.reason, Some(DeliveryReason::Unreachable));
    assert_eq!(failed.delivery, record.delivery_id);
}

#[tokio::test]
async fn claims_changes_moves_and_releases_of_numbers_are_told_once() {
    let moving = Site {
        on_conflict: Conflict::Move,
        ..site("demo")
    };
    let heard = Heard::with(Ears::default(), moving).await;
    let site = heard.world.sites.iter().next().unwrap().clone();
    let desk = heard.world.desk();
    let claim = async |subject: &str, number: &str| {
        let token = heard.world.started(number).await.approve().await.token.unwrap();
        // The answer to the first may have been lost.
        for _ in 0..2 {
            desk.claim_number(&site, subject, &token).await.unwrap();
        }
    };
    claim("a", NUMBER).await;
    claim("a", OTHER_NUMBER).await;
    claim("b", OTHER_NUMBER).await;
    desk.release_number(&site, "b").await.unwrap();
    desk.release_number(&site, "b").await.unwrap();
    let index = |number: &str| {
        let parsed = phone_verify::numbers::parse(number, None).unwrap().number;
        heard.world.keys.number_index(&site.key, &parsed)
    };
    let (one, other) = (index(NUMBER), index(OTHER_NUMBER));
    let told: Vec<_> = heard
        .events()
        .await
        .into_iter()
        .filter_map(|event| match &event {
            Event::NumberClaimed(number) | Event::NumberReleased(number) => {
                Some((event.name(), number.subject.clone(), number.phone_number_index))
            }
            _ => None,
        })
        .collect();
    let [claimed, released] = ["number.claimed", "number.released"];
    let expected = [
        (claimed, "a", one),
        (released, "a", one),
        (claimed, "a", other),
        (released, "a", other),
        (claimed, "b", other),
        (released, "b", other),
    ];
    assert_eq!(
        told,
        expected.map(|(name, subject, index)| (name, subject.to_owned(), index))
    );
}

#[tokio::test]
async fn a_sender_that_goes_down_and_comes_back_is_told() {
    let heard = Heard::new().await;
    heard
        .world
        .sms
        .answer(std::iter::repeat_n(SendOutcome::NotSent, 5));
    for _ in 0..5 {
        assert!(heard.world.engine.start(&caller(), start(NUMBER)).await.is_err());
    }
    assert_eq!(
        heard
            .names()
            .await
            .iter()
            .filter(|name| **name == "breaker.opened")
            .count(),
        1
    );
    heard.world.advance(Duration::from_secs(15));
    heard.world.started(NUMBER).await;
    assert!(heard.names().await.contains(&"breaker.closed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_and_panicking_hook_harms_no_request() {
    struct Bad;
    impl Hook for Bad {
        fn event(&self, event: &Event) {
            std::thread::sleep(Duration::from_millis(300));
            assert!(event.name() == "delivery.sent", "on purpose");
        }
    }
    let settings = Settings {
        hooks: Hooks::start(Arc::new(Bad)).unwrap(),
        ..Settings::default()
    };
    let world = World::with(settings).await;
    let begun = tokio::time::Instant::now();
    for number in 0..20 {
        let number = format!("+120255501{number:02}");
        assert_eq!(
            world.started(&number).await.approve().await.status,
            Status::Approved
        );
    }
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "60 events of 300 ms would take 18 s"
    );
}

#[tokio::test]
async fn a_session_s_subject_is_in_its_events() {
    let heard = Heard::new().await;
    let site = heard.world.sites.iter().next().unwrap().clone();
    let new = NewSession {
        subject: "17".to_owned(),
        purpose: Some("signup".to_owned()),
        ..NewSession::default()
    };
    let session = heard.world.desk().open_session(&site, new).await.unwrap().session;
    let request = Start {
        site_key: SiteKey::parse("demo"),
        session: Some(session.to_string()),
        ..start(NUMBER)
    };
    heard.world.started_by(request).await;
    let events = heard.events().await;
    let Event::VerificationStarted(started) = &events[0] else {
        panic!("{events:?}");
    };
    assert_eq!(
        (
            started.subject.as_deref(),
            started.purpose.as_deref(),
            started.country.as_str()
        ),
        (Some("17"), Some("signup"), "US")
    );
    assert!(!format!("{events:?}").contains(session.as_str()));
}
