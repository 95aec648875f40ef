//! Each refusal, and each send that is dropped without a word, is explained by one line that names the rule and says what it saw; what
//! is allowed leaves none.

use crate::world::{
    NUMBER, OTHER_NUMBER, Settings, World, caller, caller_from, check, key, resend, site, start, window,
};
use phone_verify::blocks::Blocks;
use phone_verify::decisions::{Decision, Operation, Outcome, Rule, Saw};
use phone_verify::limits::{ConversionRule, Limits, Threshold};
use phone_verify::senders::SendOutcome;
use phone_verify::sites::Countries;
use phone_verify::store::BreakerName;
use phone_verify::verification::{ServiceName, ServiceStart};
use phone_verify_domain::{
    Channel, ClientSecret, Country, DeliveryReason, ErrorCode, LimitWindows, PhoneNumber, Resend, SiteKey,
    Start, VerificationId, Verifier,
};
use std::collections::BTreeSet;
use std::time::Duration;

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
const ONCE: LimitWindows = [Some(window(1, HOUR)), None, None];

async fn limited(limits: &Limits) -> World {
    World::with(Settings {
        limits: *limits,
        ..Settings::default()
    })
    .await
}

/// What a limit saw that allows one an hour and has allowed it.
fn one_of_one() -> Saw {
    Saw {
        counted: Some(1),
        allowed: Some(1),
        window: Some(HOUR),
        retry_in: Some(HOUR),
        ..Saw::default()
    }
}

impl World {
    /// The one decision since somebody asked last.
    #[track_caller]
    fn one_decision(&self, rule: Rule, operation: Operation, outcome: Outcome) -> Decision {
        let decided = self.decided();
        assert_eq!(decided.len(), 1, "{decided:#?}");
        let decision = decided.into_iter().next().unwrap();
        assert_eq!(
            (decision.rule, decision.asked.operation, decision.outcome),
            (Some(rule), operation, outcome)
        );
        assert_eq!((decision.at, decision.times), (self.now(), 1));
        decision
    }

    #[track_caller]
    fn refused_by(&self, rule: Rule, operation: Operation) -> Decision {
        self.one_decision(rule, operation, Outcome::Refused)
    }
}

#[tokio::test]
async fn what_is_allowed_leaves_no_line() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    started.resend(resend(NUMBER)).await.unwrap();
    started.approve().await;
    started.view().await;
    assert_eq!(world.decided(), []);
}

#[tokio::test]
async fn each_limit_of_a_start_is_named_with_what_it_had_counted_and_whom_it_was_about() {
    type Set = fn(&mut Limits);
    let cases: [(Rule, Set); 6] = [
        (Rule::Number, |limits| limits.number = ONCE),
        (Rule::Address, |limits| limits.address = ONCE),
        (Rule::Prefix, |limits| limits.prefix = ONCE),
        (Rule::Country, |limits| limits.country = ONCE),
        (Rule::Site, |limits| limits.site = ONCE),
        (Rule::Deployment, |limits| limits.deployment = ONCE),
    ];
    for (rule, set) in cases {
        let mut limits = Limits::default();
        set(&mut limits);
        let world = limited(&limits).await;
        world.started(NUMBER).await;
        world.engine.start(&caller(), start(NUMBER)).await.unwrap_err();
        let decision = world.refused_by(rule, Operation::Start);
        assert_eq!(decision.saw, one_of_one(), "{rule:?}");
        let asked = decision.asked;
        assert_eq!(asked.site, SiteKey::parse("demo"));
        assert_eq!(
            (asked.channel, asked.country, asked.verification),
            (Some(Channel::Sms), Country::parse("US"), None)
        );
        let number = PhoneNumber::new(1, "2025550134").unwrap();
        let index = world.keys.number_index(&SiteKey::parse("demo").unwrap(), &number);
        assert_eq!(asked.number, Some(index));
    }
}

#[tokio::test]
async fn the_window_that_keeps_the_longest_is_the_one_that_is_told() {
    let world = limited(&Limits {
        number: [
            Some(window(1, MINUTE)),
            Some(window(2, HOUR)),
            Some(window(10, DAY)),
        ],
        ..Limits::default()
    })
    .await;
    world.started(NUMBER).await;
    world.advance(MINUTE);
    world.started(NUMBER).await;
    world.engine.start(&caller(), start(NUMBER)).await.unwrap_err();
    let saw = world.refused_by(Rule::Number, Operation::Start).saw;
    assert_eq!(
        (saw.counted, saw.allowed, saw.window),
        (Some(2), Some(2), Some(HOUR))
    );
    assert_eq!(saw.retry_in, Some(MINUTE * 29));
}

#[tokio::test]
async fn a_lock_is_told_for_itself() {
    let world = limited(&Limits {
        number: [None, None, Some(window(1, DAY))],
        lock: Some(DAY * 7),
        ..Limits::default()
    })
    .await;
    world.started(NUMBER).await;
    world.engine.start(&caller(), start(NUMBER)).await.unwrap_err();
    let saw = world.refused_by(Rule::LockDays, Operation::Start).saw;
    assert_eq!((saw.window, saw.retry_in), (Some(DAY * 7), Some(DAY * 7)));
}

#[tokio::test]
async fn a_limited_resend_and_one_without_sends_left_name_their_verification() {
    let mut settings = Settings::default();
    settings.limits.number = ONCE;
    settings.policy.sends.per_verification = 1;
    let world = World::with(settings).await;
    let started = world.started(NUMBER).await;
    let by_call = Resend {
        channel: Channel::Call,
        ..resend(NUMBER)
    };
    started.resend(by_call).await.unwrap_err();
    let decision = world.refused_by(Rule::Sends, Operation::Resend);
    assert_eq!(decision.asked.verification, Some(started.id));
    assert_eq!(decision.asked.channel, Some(Channel::Call));
    assert_eq!(
        (decision.saw.counted, decision.saw.allowed, decision.saw.retry_in),
        (Some(1), Some(1), Some(MINUTE * 10))
    );

    let world = limited(&Limits {
        number: ONCE,
        ..Limits::default()
    })
    .await;
    let started = world.started(NUMBER).await;
    started.resend(resend(NUMBER)).await.unwrap_err();
    let decision = world.refused_by(Rule::Number, Operation::Resend);
    assert_eq!(decision.asked.verification, Some(started.id));
    assert_eq!(decision.saw, one_of_one());
}

#[tokio::test]
async fn checks_are_told_with_what_was_spent_and_what_there_is() {
    let mut settings = Settings::default();
    settings.policy.checks.pacing_factor = MINUTE;
    settings.policy.checks.per_number_per_day = 4;
    let world = World::with(settings).await;
    let started = world.started(NUMBER).await;
    for spent in 1..=3 {
        started.check(&started.wrong(spent)).await.unwrap_err();
        let wrong = Rule::Refusal(ErrorCode::WrongCode);
        let decision = world.refused_by(wrong, Operation::Check);
        assert_eq!(
            (decision.saw.counted, decision.saw.allowed),
            (Some(spent), Some(5))
        );
        assert_eq!(decision.asked.verification, Some(started.id));
    }
    started.check(&started.code).await.unwrap_err();
    let saw = world.refused_by(Rule::PacingFactor, Operation::Check).saw;
    assert_eq!((saw.counted, saw.retry_in), (Some(3), Some(MINUTE)));
    started.check("12").await.unwrap_err();
    world.refused_by(Rule::Refusal(ErrorCode::InvalidCode), Operation::Check);

    let other = world.started(NUMBER).await;
    other.check(&other.wrong(0)).await.unwrap_err();
    world.decided();
    other.check(&other.code).await.unwrap_err();
    let saw = world.refused_by(Rule::PerNumberPerDay, Operation::Check).saw;
    assert_eq!((saw.counted, saw.allowed), (Some(4), Some(4)));
    assert_eq!((saw.window, saw.retry_in), (Some(DAY), Some(HOUR * 12)));
}

#[tokio::test]
async fn checks_of_an_address_are_limited_by_a_rule_of_their_own() {
    let world = limited(&Limits {
        checks_per_address: ONCE,
        ..Limits::default()
    })
    .await;
    let started = world.started(NUMBER).await;
    started.check(&started.wrong(0)).await.unwrap_err();
    world.decided();
    started.check(&started.code).await.unwrap_err();
    let decision = world.refused_by(Rule::ChecksPerAddress, Operation::Check);
    assert_eq!(decision.saw, one_of_one());
}

#[tokio::test]
async fn every_other_refusal_is_told_by_its_word_in_the_api() {
    let mut here = site("demo");
    here.countries = Countries::Only(BTreeSet::from(["US".to_owned()]));
    here.channels = vec![Channel::Sms];
    let world = World::with(Settings {
        sites: vec![here],
        ..Settings::default()
    })
    .await;
    let of = |change: fn(&mut Start)| {
        let mut start = start(NUMBER);
        change(&mut start);
        start
    };
    for (code, asked) in [
        (
            ErrorCode::SiteUnknown,
            of(|s| s.site_key = SiteKey::parse("nobody")),
        ),
        (ErrorCode::InvalidNumber, start("+1 202 555")),
        (ErrorCode::CountryNotServed, start("+447400123456")),
        (ErrorCode::NumberTypeRefused, start("+18005550123")),
        (ErrorCode::ChannelUnavailable, of(|s| s.channel = Channel::Call)),
        (
            ErrorCode::InvalidSession,
            of(|s| s.session = Some("none".to_owned())),
        ),
    ] {
        let refused = world.engine.start(&caller(), asked).await.unwrap_err();
        assert_eq!(refused.code, code);
        let decision = world.refused_by(Rule::Refusal(code), Operation::Start);
        let site = SiteKey::parse("demo").filter(|_| code != ErrorCode::SiteUnknown);
        assert_eq!(decision.asked.site, site, "nothing of a site that there is not");
        assert_eq!(
            decision.asked.number.is_some(),
            !matches!(code, ErrorCode::SiteUnknown | ErrorCode::InvalidNumber)
        );
    }
    let stranger = caller_from("https://evil.example");
    world.engine.start(&stranger, start(NUMBER)).await.unwrap_err();
    world.refused_by(Rule::Refusal(ErrorCode::OriginRefused), Operation::Start);

    let keyed = of(|s| s.idempotency_key = Some(key("first")));
    world.engine.start(&caller(), keyed).await.unwrap();
    let changed = Start {
        idempotency_key: Some(key("first")),
        ..start(OTHER_NUMBER)
    };
    world.engine.start(&caller(), changed).await.unwrap_err();
    let mismatch = Rule::Refusal(ErrorCode::IdempotencyMismatch);
    world.refused_by(mismatch, Operation::Start);

    let started = world.started(NUMBER).await;
    started.resend(resend(OTHER_NUMBER)).await.unwrap_err();
    let mismatch = Rule::Refusal(ErrorCode::NumberMismatch);
    let decision = world.refused_by(mismatch, Operation::Resend);
    assert_eq!(decision.asked.verification, Some(started.id));
    started.cancel().await;
    started.check(&started.code).await.unwrap_err();
    world.refused_by(Rule::Refusal(ErrorCode::Canceled), Operation::Check);

    let (id, secret) = (VerificationId::from_bytes([7; 16]), started.secret.clone());
    let refused = world.engine.check(&caller(), id, &secret, check("123456")).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotFound);
    let decision = world.refused_by(Rule::Refusal(ErrorCode::NotFound), Operation::Check);
    assert_eq!(
        (decision.asked.verification, decision.asked.site),
        (Some(id), None)
    );
    let other = ClientSecret::parse(&"A".repeat(43)).unwrap();
    world
        .engine
        .resend(&caller(), started.id, &other, resend(NUMBER))
        .await
        .unwrap_err();
    world.refused_by(Rule::Refusal(ErrorCode::NotFound), Operation::Resend);
}

#[tokio::test]
async fn a_sender_that_is_down_is_told_with_the_wait() {
    let world = World::new().await;
    world.sms.answer([SendOutcome::NotSent]);
    world.engine.start(&caller(), start(NUMBER)).await.unwrap_err();
    let down = Rule::Refusal(ErrorCode::SenderUnavailable);
    let decision = world.refused_by(down, Operation::Start);
    assert!(decision.saw.retry_in >= Some(Duration::from_secs(5)));
}

#[tokio::test]
async fn what_is_dropped_as_fraud_is_told_to_the_operator_and_to_nobody_else() {
    let world = World::new().await;
    world.sms.answer([SendOutcome::Rejected {
        reason: Some(DeliveryReason::Blocked),
        error: None,
    }]);
    let by_provider = world.started(NUMBER).await;
    let decision = world.one_decision(Rule::Provider, Operation::Start, Outcome::Dropped);
    assert_eq!(decision.asked.verification, Some(by_provider.id));

    let blocks = Blocks {
        store: &*world.store,
        keys: &world.keys,
    };
    let number = PhoneNumber::new(1, "2025550135").unwrap();
    blocks
        .add(&world.sites, None, &number, world.now())
        .await
        .unwrap();
    let blocked = world.started(OTHER_NUMBER).await;
    let decision = world.one_decision(Rule::BlockList, Operation::Start, Outcome::Dropped);
    assert_eq!(decision.asked.verification, Some(blocked.id));
    blocked.resend(resend(OTHER_NUMBER)).await.unwrap();
    world.one_decision(Rule::BlockList, Operation::Resend, Outcome::Dropped);
}

#[tokio::test]
async fn what_a_breaker_stops_is_told_with_what_the_breaker_had_counted() {
    const RULE: ConversionRule = ConversionRule {
        window: HOUR,
        answer_after: Duration::from_mins(5),
        open_for: HOUR,
        prefix: Threshold {
            sends: 4,
            percent: 50,
        },
        country: Threshold {
            sends: 1_000,
            percent: 1,
        },
    };
    let world = limited(&Limits {
        conversion: Some(RULE),
        ..Limits::default()
    })
    .await;
    for stranger in 0..4 {
        world.started(&format!("+1202555{stranger:04}")).await;
    }
    world.started("+12025550000").await.approve().await;
    world.advance(MINUTE * 6);
    assert_eq!(world.decided(), []);
    let stopped = world.started(NUMBER).await;
    let decision = world.one_decision(Rule::Conversion, Operation::Start, Outcome::Dropped);
    assert_eq!(decision.asked.verification, Some(stopped.id));
    let saw = decision.saw;
    assert_eq!(
        (saw.counted, saw.out_of, saw.allowed),
        (Some(1), Some(5), Some(50))
    );
    assert_eq!((saw.window, saw.retry_in), (Some(HOUR), Some(HOUR)));
    assert!(matches!(saw.breaker, Some(BreakerName::Prefix(_))));
    stopped.resend(resend(NUMBER)).await.unwrap();
    world.one_decision(Rule::Conversion, Operation::Resend, Outcome::Dropped);
}

#[tokio::test]
async fn what_an_open_country_stops_is_told_with_what_the_prefix_had_to_show() {
    const RULE: ConversionRule = ConversionRule {
        window: HOUR,
        answer_after: Duration::from_mins(5),
        open_for: HOUR,
        prefix: Threshold {
            sends: 1_000,
            percent: 1,
        },
        country: Threshold {
            sends: 4,
            percent: 50,
        },
    };
    let world = limited(&Limits {
        conversion: Some(RULE),
        ..Limits::default()
    })
    .await;
    for prefix in 0..4 {
        world.started(&format!("+120255{prefix}0000")).await;
    }
    world.advance(MINUTE * 6);
    assert_eq!(world.decided(), []);
    world.started("+12025500001").await;
    let decision = world.one_decision(Rule::Conversion, Operation::Start, Outcome::Dropped);
    let saw = decision.saw;
    assert_eq!(
        (saw.counted, saw.out_of, saw.allowed),
        (Some(0), Some(1), Some(50))
    );
    assert_eq!((saw.window, saw.retry_in), (Some(HOUR * 24), Some(HOUR)));
    assert!(matches!(saw.breaker, Some(BreakerName::Prefix(_))), "{saw:?}");
    for prefix in 0..20 {
        world.started(&format!("+1212{}0000", 230 + prefix)).await;
    }
    assert_eq!(world.decided(), []);
    world.started("+13122300000").await;
    let decision = world.one_decision(Rule::Conversion, Operation::Start, Outcome::Dropped);
    let saw = decision.saw;
    assert_eq!((saw.counted, saw.out_of), (Some(0), Some(24)), "{saw:?}");
    assert!(matches!(saw.breaker, Some(BreakerName::Country(_))), "{saw:?}");
}

#[tokio::test]
async fn what_a_site_s_own_server_is_refused_is_explained_too() {
    let world = limited(&Limits {
        number: ONCE,
        ..Limits::default()
    })
    .await;
    let demo = world.sites.get(&SiteKey::parse("demo").unwrap()).unwrap().clone();
    let asked = |number: &str| ServiceStart {
        phone_number: number.to_owned(),
        channel: Channel::Sms,
        locale: None,
        name: None,
        code: None,
        address: None,
    };
    let engine = &world.engine;
    engine
        .start_for_service(&demo, asked("+1 202"))
        .await
        .unwrap_err();
    world.refused_by(Rule::Refusal(ErrorCode::InvalidNumber), Operation::Start);
    let history = engine.start_for_service(&demo, asked(NUMBER)).await.unwrap();
    engine.start_for_service(&demo, asked(NUMBER)).await.unwrap_err();
    let decision = world.refused_by(Rule::Number, Operation::Resend);
    assert_eq!(decision.saw, one_of_one());

    let name = ServiceName::Id(history.record.facts.id);
    engine
        .check_for_service(&demo, &name, "12", None)
        .await
        .unwrap_err();
    let decision = world.refused_by(Rule::Refusal(ErrorCode::InvalidCode), Operation::Check);
    assert_eq!(decision.asked.verification, Some(history.record.facts.id));

    let number = PhoneNumber::new(1, "2025550135").unwrap();
    let blocks = Blocks {
        store: &*world.store,
        keys: &world.keys,
    };
    blocks
        .add(&world.sites, None, &number, world.now())
        .await
        .unwrap();
    engine
        .start_for_service(&demo, asked(OTHER_NUMBER))
        .await
        .unwrap_err();
    world.refused_by(Rule::BlockList, Operation::Start);
}
