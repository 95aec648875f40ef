//! Budgets: what may be spent is never exceeded by the caps, and what is refused is spent nowhere else either.

use crate::world::{
    NOON, NUMBER, OTHER_NUMBER, Settings, World, caller, code_of, key, resend, start, window,
};
use phone_verify::blocks::Blocks;
use phone_verify::budget::{Account, Budget, BudgetState, Budgets, Caps, Money, Shares};
use phone_verify::hooks::{Event, Hook, Hooks};
use phone_verify::limits::Limits;
use phone_verify::numbers::TestNumbers;
use phone_verify::senders::SendOutcome;
use phone_verify::store::Spent;
use phone_verify_domain::{
    ApiError, Channel, Code, ErrorCode, PhoneNumber, Resend, SiteKey, Start, Verifier, View,
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

fn cents(cents: i64) -> Money {
    Money::from_millionths(cents * 10_000)
}

/// Ten cents a message, twenty a call.
fn budgets(all: Budget, sites: HashMap<SiteKey, Budget>) -> Budgets {
    let caps = |amount| Caps {
        anywhere: cents(amount),
        countries: HashMap::new(),
    };
    Budgets {
        currency: "USD".to_owned(),
        sms: caps(10),
        call: caps(20),
        shares: Shares {
            warn: 70,
            voice_off: 80,
            known_only: 90,
        },
        all,
        sites,
    }
}

fn a_day(amount: i64) -> Budget {
    Budget {
        per_day: Some(cents(amount)),
        per_month: None,
    }
}

async fn with(settings: Settings, budgets: Budgets) -> World {
    World::with(Settings {
        budgets: Some(Arc::new(budgets)),
        ..settings
    })
    .await
}

/// A world in which so many cents may be spent in a day.
async fn world(amount: i64) -> World {
    with(Settings::default(), budgets(a_day(amount), HashMap::new())).await
}

fn stranger(index: usize) -> String {
    format!("+1212{:03}{index:04}", 220 + index % 300)
}

fn call(number: &str) -> Start {
    Start {
        channel: Channel::Call,
        ..start(number)
    }
}

impl World {
    async fn begin(&self, start: Start) -> Result<View, ApiError> {
        self.engine.start(&caller(), start).await
    }

    async fn strangers(&self, from: usize, count: usize) {
        for index in from..from + count {
            self.started(&stranger(index)).await;
        }
    }

    /// What all sites spent today.
    async fn spent(&self) -> Spent {
        let [_, _, day, _] = Account::of_send(&SiteKey::parse("demo").unwrap(), self.now());
        self.store.spent(&[day]).await.unwrap()[0]
    }
}

/// Remembers which budgets reached which state.
#[derive(Default)]
struct Ears(Mutex<Vec<(String, BudgetState)>>);

impl Hook for Ears {
    fn event(&self, event: &Event) {
        if let Event::BudgetWarning(warning) = event {
            assert!(warning.spent <= warning.limit && warning.currency == "USD");
            let whose = warning.site.as_ref().map_or("all", SiteKey::as_str);
            let name = format!("{whose} {}", warning.period);
            self.0.lock().unwrap().push((name, warning.state));
        }
    }
}

#[tokio::test]
async fn from_a_warning_over_no_calls_and_known_numbers_only_to_a_stop_and_each_is_told_once() {
    let ears = Arc::new(Ears::default());
    let hooks = Hooks::start(ears.clone()).unwrap();
    let settings = Settings {
        hooks: hooks.clone(),
        ..Settings::default()
    };
    let world = with(settings, budgets(a_day(100), HashMap::new())).await;
    world.started(NUMBER).await.approve().await;
    world.strangers(0, 6).await;
    assert_eq!(world.spent().await.counted, cents(70));
    hooks.idle().await;
    assert_eq!(ears.0.lock().unwrap().len(), 1);

    let last = world.started(&stranger(6)).await;
    let refused = world.begin(call(NUMBER)).await;
    assert_eq!(code_of(refused), ErrorCode::ChannelUnavailable);
    let view = last.view().await;
    assert_eq!((view.next_sms_in, view.next_call_in), (Some(0), None));
    let by_call = Resend {
        channel: Channel::Call,
        ..resend(&stranger(6))
    };
    assert_eq!(code_of(last.resend(by_call).await), ErrorCode::ChannelUnavailable);

    world.started(&stranger(7)).await;
    let refused = world.begin(start(&stranger(8))).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::TooManyRequests);
    assert_eq!(refused.retry_in, Some(12 * 3_600), "until midnight");
    assert_eq!(
        code_of(last.resend(resend(&stranger(6))).await),
        ErrorCode::TooManyRequests
    );
    assert_eq!(last.view().await.next_sms_in, None, "not while the code is good");

    let known = world.started(NUMBER).await;
    assert_eq!(known.code.len(), 6);
    assert_eq!(
        code_of(world.begin(start(NUMBER)).await),
        ErrorCode::TooManyRequests
    );
    assert_eq!(world.spent().await.counted, cents(100));
    assert_eq!(world.sms.count(), 10);
    assert_eq!(world.call.count(), 0);
    hooks.idle().await;
    let told: Vec<_> = ears.0.lock().unwrap().clone();
    let each = [
        BudgetState::Warn,
        BudgetState::VoiceOff,
        BudgetState::KnownOnly,
        BudgetState::Stop,
    ];
    assert_eq!(told, each.map(|state| ("all 2026-01-01".to_owned(), state)));
}

#[tokio::test]
async fn what_a_budget_refuses_is_spent_in_no_limit_and_its_key_is_free() {
    let settings = Settings {
        limits: Limits {
            number: [Some(window(1, HOUR * 48)), None, None],
            ..Limits::default()
        },
        ..Settings::default()
    };
    let world = with(settings, budgets(a_day(10), HashMap::new())).await;
    world.started(NUMBER).await;
    let again = || Start {
        idempotency_key: Some(key("once")),
        ..start(OTHER_NUMBER)
    };
    for _ in 0..3 {
        assert_eq!(code_of(world.begin(again()).await), ErrorCode::TooManyRequests);
    }
    world.advance(HOUR * 12);
    world.begin(again()).await.unwrap();
    assert_eq!(world.sms.count(), 2);
    assert_eq!(world.spent().await.counted, cents(10));
}

#[tokio::test]
async fn the_next_day_and_the_next_month_begin_anew() {
    let all = Budget {
        per_day: Some(cents(20)),
        per_month: Some(cents(30)),
    };
    let budgets = Budgets {
        shares: Shares {
            warn: 100,
            voice_off: 100,
            known_only: 100,
        },
        ..budgets(all, HashMap::new())
    };
    let world = with(Settings::default(), budgets).await;
    world.strangers(0, 2).await;
    let refused = world.begin(start(NUMBER)).await.unwrap_err();
    assert_eq!(refused.retry_in, Some(12 * 3_600), "until the day is over");
    world.advance(HOUR * 12);
    world.strangers(2, 1).await;
    let refused = world.begin(start(NUMBER)).await.unwrap_err();
    assert_eq!(refused.retry_in, Some(30 * 24 * 3_600), "until the month is over");
    world.advance(HOUR * 24 * 30);
    world.strangers(3, 2).await;
    assert_eq!(
        code_of(world.begin(start(NUMBER)).await),
        ErrorCode::TooManyRequests
    );
    assert_eq!(world.sms.count(), 5);
}

#[tokio::test]
async fn a_site_has_a_budget_of_its_own_and_all_have_one_together() {
    let demo = SiteKey::parse("demo").unwrap();
    let own = HashMap::from([(demo.clone(), a_day(40))]);
    let world = with(Settings::default(), budgets(a_day(100), own)).await;
    let elsewhere = |index| Start {
        site_key: SiteKey::parse("other"),
        ..start(&stranger(index))
    };
    world.strangers(0, 4).await;
    assert_eq!(
        code_of(world.begin(start(&stranger(4))).await),
        ErrorCode::TooManyRequests
    );
    for index in 5..10 {
        world.begin(elsewhere(index)).await.unwrap();
    }
    assert_eq!(
        code_of(world.begin(elsewhere(10)).await),
        ErrorCode::TooManyRequests
    );
    let [day, month, all_day, all_month] = Account::of_send(&demo, NOON);
    let spent = world
        .store
        .spent(&[day, month, all_day, all_month])
        .await
        .unwrap();
    let counted: Vec<_> = spent.iter().map(|spent| (spent.counted, spent.sends)).collect();
    assert_eq!(
        counted,
        [(cents(40), 4), (cents(40), 4), (cents(90), 9), (cents(90), 9)]
    );
}

#[tokio::test]
async fn what_surely_did_not_leave_costs_nothing_and_what_may_have_left_its_cap() {
    let world = world(1_000).await;
    for (outcome, costs) in [
        (SendOutcome::NotSent, 0),
        (SendOutcome::Unusable, 0),
        (
            SendOutcome::Rejected {
                reason: Some(phone_verify_domain::DeliveryReason::Blocked),
                error: None,
            },
            0,
        ),
        (SendOutcome::Unknown, 10),
    ] {
        let before = world.spent().await;
        world.sms.answer([outcome.clone()]);
        let _ = world.begin(start(NUMBER)).await;
        let after = world.spent().await;
        assert_eq!(after.counted.minus(before.counted), cents(costs), "{outcome:?}");
        assert_eq!(after.sends - before.sends, u64::from(costs > 0), "{outcome:?}");
    }
}

#[tokio::test]
async fn nobody_pays_for_test_numbers_and_blocked_ones() {
    let test_numbers = TestNumbers::new([("+12025550134", Code::parse("000000", 6).unwrap())]);
    let settings = Settings {
        test_numbers,
        ..Settings::default()
    };
    let world = with(settings, budgets(a_day(10), HashMap::new())).await;
    for _ in 0..3 {
        world.begin(start(NUMBER)).await.unwrap();
    }
    let blocks = Blocks {
        store: &*world.store,
        keys: &world.keys,
    };
    let blocked = PhoneNumber::new(1, "2025550135").unwrap();
    blocks
        .add(&world.sites, None, &blocked, world.now())
        .await
        .unwrap();
    world.begin(start(OTHER_NUMBER)).await.unwrap();
    assert_eq!(world.spent().await, Spent::default());
    world.strangers(0, 1).await;
    // Whoever is blocked is told what others are told.
    for number in [&stranger(1), OTHER_NUMBER] {
        assert_eq!(
            code_of(world.begin(start(number)).await),
            ErrorCode::TooManyRequests
        );
    }
    world.begin(start(NUMBER)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_starts_at_once_exactly_those_the_budget_pays_for_leave() {
    let all = a_day(130);
    let budgets = Budgets {
        shares: Shares {
            warn: 100,
            voice_off: 100,
            known_only: 100,
        },
        ..budgets(all, HashMap::new())
    };
    let world = with(Settings::default(), budgets).await;
    let numbers: Vec<_> = (0..64).map(stranger).collect();
    let starts = numbers.iter().map(|number| world.begin(start(number)));
    let answers = futures::future::join_all(starts).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 13);
    assert_eq!((world.sms.count(), world.spent().await.counted), (13, cents(130)));
}
