//! The breaker: strangers whose codes do not come back get no more of them, and are told what others are told.

use crate::world::{
    NOON, NUMBER, OTHER_NUMBER, Settings, World, caller, caller_at, code_of, resend, site, start, window,
};
use phone_verify::limits::{ConversionRule, Limits, Threshold};
use phone_verify::senders::SendOutcome;
use phone_verify_domain::{ErrorCode, SiteKey, Start, Status, Verifier, View};
use std::time::Duration;

const RULE: ConversionRule = ConversionRule {
    window: Duration::from_hours(1),
    answer_after: Duration::from_mins(5),
    open_for: Duration::from_hours(1),
    prefix: Threshold {
        sends: 10,
        percent: 20,
    },
    country: Threshold {
        sends: 15,
        percent: 30,
    },
};
const MINUTES: Duration = Duration::from_mins(6);
const OTHER_PREFIX: &str = "+12125550134";
const ABROAD: &str = "+442079460123";

async fn watched() -> World {
    watched_with(&Limits::default()).await
}

async fn watched_with(limits: &Limits) -> World {
    World::with(Settings {
        limits: Limits {
            conversion: Some(RULE),
            ..*limits
        },
        ..Settings::default()
    })
    .await
}

/// The `index`th stranger of a prefix.
fn stranger(prefix: &str, index: usize) -> String {
    format!("{prefix}{index:04}")
}

const PREFIX: &str = "+1202555";

impl World {
    /// So many strangers of [`PREFIX`] ask for a code and type none.
    async fn pump(&self, prefix: &str, from: usize, count: usize) {
        for index in from..from + count {
            self.started(&stranger(prefix, index)).await;
        }
    }

    /// Whether a start of this number sends something.
    async fn serves(&self, number: &str) -> bool {
        let before = self.sms.count();
        self.started(number).await;
        self.sms.count() > before
    }
}

/// What does not tell one verification from another.
fn told(view: &View) -> View {
    View {
        id: String::new(),
        client_secret: None,
        to: String::new(),
        ..view.clone()
    }
}

#[tokio::test]
async fn strangers_of_a_pumped_prefix_get_nothing_and_are_told_what_others_are_told() {
    let world = watched().await;
    world.pump(PREFIX, 0, 10).await;
    world.advance(MINUTES);
    let other = world.started(OTHER_PREFIX).await;
    let sent = world.sms.count();
    let stopped = world.started(&stranger(PREFIX, 77)).await;
    assert_eq!(told(&stopped.view().await), told(&other.view().await));
    let again = [
        stopped.resend(resend(&stranger(PREFIX, 77))).await.unwrap(),
        other.resend(resend(OTHER_PREFIX)).await.unwrap(),
    ];
    assert_eq!(told(&again[0]), told(&again[1]));
    assert_eq!(world.sms.count(), sent + 1, "the other's second message");
    let wrong = [stopped.check("000000").await, other.check(&other.wrong(0)).await];
    let [stopped, other] = wrong.map(|refused| refused.unwrap_err());
    assert_eq!(
        (stopped.code, stopped.to_string()),
        (other.code, other.to_string())
    );
}

#[tokio::test]
async fn an_attacked_country_s_prefixes_are_stopped_each_for_its_own_codes_and_others_are_served() {
    let world = watched().await;
    let attacked = ["+1202555", "+1212555", "+1312555"];
    for prefix in attacked {
        world.pump(prefix, 0, 5).await;
    }
    world.advance(MINUTES);
    for prefix in attacked {
        assert!(!world.serves(&stranger(prefix, 77)).await, "{prefix}");
    }
    let other = world.started("+14155550134").await;
    assert!(
        !world.serves("+14155550135").await,
        "one code, until it comes back"
    );
    other.approve().await;
    assert!(world.serves("+14155550136").await);
    assert!(world.serves(ABROAD).await);
}

#[tokio::test]
async fn a_second_message_is_sent_while_the_country_is_attacked() {
    let world = watched().await;
    for index in 0..15 {
        world.pump(&format!("+12025{index:02}"), 0, 1).await;
    }
    world.advance(MINUTES);
    let number = "+14155550134";
    let waiting = world.started(number).await;
    let sent = world.sms.count();
    waiting.resend(resend(number)).await.unwrap();
    assert_eq!(world.sms.count(), sent + 1);
    let stopped = world.started(&stranger("+1202500", 7)).await;
    stopped.resend(resend(&stranger("+1202500", 7))).await.unwrap();
    assert_eq!(world.sms.count(), sent + 1, "nothing was sent to them before");
}

#[tokio::test]
async fn an_attack_that_comes_back_finds_its_prefixes_stopped_although_people_of_others_were_served() {
    let world = watched().await;
    let wave = async |from| {
        let before = world.sms.count();
        for index in 0..60 {
            world.pump(&format!("+12025{index:02}"), from, 1).await;
        }
        world.sms.count() - before
    };
    assert_eq!(wave(0).await, 60, "four times the fifteen that are judged");
    for hour in 1..=8 {
        world.advance(Duration::from_hours(1));
        let person = world.started(&stranger("+1415555", hour)).await;
        person.approve().await;
    }
    assert_eq!(wave(100).await, 3, "what is tried");
}

#[tokio::test]
async fn numbers_that_were_verified_on_the_site_before_are_served_and_other_sites_do_not_know_them() {
    let world = watched().await;
    world.started(NUMBER).await.approve().await;
    world.pump(PREFIX, 1000, 20).await;
    world.advance(MINUTES);
    assert!(!world.serves(OTHER_NUMBER).await);
    assert!(world.serves(NUMBER).await);
    let elsewhere = Start {
        site_key: SiteKey::parse("other"),
        ..start(NUMBER)
    };
    let sent = world.sms.count();
    world.started_by(elsewhere).await;
    assert_eq!(world.sms.count(), sent);
}

#[tokio::test]
async fn a_known_number_does_not_wait_for_the_strangers_of_its_prefix() {
    let world = watched_with(&Limits {
        prefix: [None, Some(window(2, Duration::from_hours(1))), None],
        ..Limits::default()
    })
    .await;
    world.started(NUMBER).await.approve().await;
    world.started(OTHER_NUMBER).await;
    let third = world.engine.start(&caller(), start("+12025550136")).await;
    assert_eq!(code_of(third), ErrorCode::TooManyRequests);
    assert!(world.serves(NUMBER).await);
}

#[tokio::test]
async fn a_burst_stops_at_once_whichever_process_is_asked() {
    let world = watched().await;
    let engines = ["process-2", "process-3"].map(|name| world.engine_of(name));
    let engines = [&world.engine, &engines[0], &engines[1]];
    let starts = (0..100).map(|index| {
        let number = stranger(PREFIX, index);
        async move { engines[index % 3].start(&caller(), start(&number)).await.unwrap() }
    });
    futures::future::join_all(starts).await;
    assert_eq!(world.sms.count(), 40, "four times the ten that are judged");
}

#[tokio::test]
async fn after_an_hour_three_are_tried_and_two_approvals_end_it() {
    let world = watched().await;
    world.pump(PREFIX, 0, 10).await;
    world.advance(MINUTES);
    assert!(!world.serves(NUMBER).await);
    world.advance(RULE.open_for);
    let mut probes = Vec::new();
    for index in 20..23 {
        probes.push(world.started(&stranger(PREFIX, index)).await);
    }
    assert!(!world.serves(OTHER_NUMBER).await, "three have left");
    for probe in &probes[..2] {
        assert_eq!(probe.approve().await.status, Status::Approved);
    }
    assert!(world.serves(OTHER_NUMBER).await);
}

#[tokio::test]
async fn people_who_type_their_codes_stop_nobody() {
    let world = watched().await;
    for index in 0..100 {
        let started = world.started(&stranger(PREFIX, index)).await;
        if index % 2 == 0 {
            started.resend(resend(&stranger(PREFIX, index))).await.unwrap();
        }
        // A third of them never does.
        if index % 3 != 0 {
            started.approve().await;
        }
        world.advance(Duration::from_secs(20));
    }
    assert_eq!(world.sms.count(), 150);
}

#[tokio::test]
async fn what_never_left_speaks_against_nobody() {
    let world = watched().await;
    for index in 0..10 {
        world.sms.answer([SendOutcome::NotSent]);
        world
            .engine
            .start(&caller(), start(&stranger(PREFIX, index)))
            .await
            .unwrap_err();
        world.advance(Duration::from_mins(1));
    }
    world.advance(MINUTES);
    assert!(world.serves(NUMBER).await);
}

#[tokio::test]
async fn what_is_stopped_uses_up_nothing_that_others_share() {
    let world = watched_with(&Limits {
        site: [None, Some(window(15, Duration::from_hours(1))), None],
        deployment: [None, Some(window(15, Duration::from_hours(1))), None],
        number: [Some(window(1, Duration::from_mins(1))), None, None],
        ..Limits::default()
    })
    .await;
    world.pump(PREFIX, 0, 10).await;
    world.advance(Duration::from_mins(5));
    world.pump(PREFIX, 100, 50).await;
    assert_eq!(world.sms.count(), 10);
    let again = world
        .engine
        .start(&caller_at("198.51.100.1"), start(&stranger(PREFIX, 100)))
        .await;
    assert_eq!(code_of(again), ErrorCode::TooManyRequests, "its own are spent");
    for index in 0..5 {
        assert!(world.serves(&format!("+44207946012{index}")).await);
    }
}

#[tokio::test]
async fn without_the_rule_nothing_is_stopped() {
    let world = World::with(Settings {
        sites: vec![site("demo")],
        ..Settings::default()
    })
    .await;
    world.pump(PREFIX, 0, 100).await;
    world.advance(MINUTES);
    assert!(world.now() > NOON && world.serves(NUMBER).await);
}
