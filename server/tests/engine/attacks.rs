//! What attacks cost with production's own limits, and whom they keep out: the messages that are sent are counted, as a bill would be.

use crate::world::{Settings, World, caller, caller_at, start};
use phone_verify::compose::limits;
use phone_verify::config::LimitsConfig;
use phone_verify_domain::{ClientSecret, Resend, SiteKey, Start, VerificationId, Verifier, View};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);
const MINUTE: Duration = Duration::from_mins(1);

async fn production(sites: usize) -> World {
    let sites = (0..sites).map(|index| crate::world::site(&format!("site-{index}")));
    World::with(Settings {
        sites: sites.collect(),
        // What production begins with.
        limits: limits(&LimitsConfig::default()),
        ..Settings::default()
    })
    .await
}

fn on(site: usize, number: &str) -> Start {
    Start {
        site_key: SiteKey::parse(&format!("site-{site}")),
        ..start(number)
    }
}

/// A number in the United States; there are 300 prefixes.
fn number(prefix: usize, line: usize) -> String {
    format!("+1202{:03}{line:04}", 220 + prefix)
}

fn address(index: usize) -> String {
    format!("198.{}.{}.7", 18 + index / 256, index % 256)
}

impl World {
    /// A start from the `from`th address; whether it was refused is not the question here.
    async fn asks(&self, from: usize, start: Start) -> Option<View> {
        self.engine.start(&caller_at(&address(from)), start).await.ok()
    }

    /// All of these starts at once.
    async fn ask(&self, starts: impl Iterator<Item = (usize, Start)>) {
        futures::future::join_all(starts.map(|(from, start)| self.asks(from, start))).await;
    }

    /// Whether a code goes out to a number, asked for from an address of its own.
    async fn reaches(&self, number: &str) -> bool {
        let before = self.sms.count();
        self.asks(9_000, on(0, number)).await;
        self.sms.count() > before
    }

    async fn verify(&self, number: &str) {
        let view = self.engine.start(&caller(), on(0, number)).await.unwrap();
        self.held(&view).approve().await;
    }
}

#[tokio::test]
async fn pumping_from_500_addresses_over_200_prefixes_costs_at_most_300_messages_and_known_numbers_are_served()
 {
    let world = production(1).await;
    let known = "+12122345678";
    world.verify(known).await;
    world.advance(HOUR);
    let before = world.sms.count();
    let mut served = 0;
    for wave in 0..2 {
        world
            .ask((0..500).map(|from| (from, on(0, &number(from % 200, wave * 500 + from)))))
            .await;
        served += usize::from(world.reaches(known).await);
        world.advance(HOUR * 3);
    }
    assert_eq!(served, 2, "the known number, each time");
    let messages = world.sms.count() - before - served;
    assert!((200..=300).contains(&messages), "{messages}");
    assert!(world.reaches("+442079460123").await, "other countries go on");
}

#[tokio::test]
async fn pumping_one_prefix_for_a_day_costs_at_most_45_messages_and_other_prefixes_are_served() {
    let world = production(1).await;
    for wave in 0..24 {
        world
            .ask((0..15).map(|from| (from, on(0, &number(7, wave * 15 + from)))))
            .await;
        world.advance(HOUR);
    }
    let messages = world.sms.count();
    // Ten, and three an hour where it is tried again.
    assert!(messages <= 45, "{messages}");
    assert!(world.reaches(&number(8, 1)).await);
}

impl World {
    /// A start and one guess; whether it was right.
    async fn guesses(&self, who: usize) -> bool {
        let Some(view) = self.asks(who % 500, on(0, &number(who % 200, who))).await else {
            return false;
        };
        let id = VerificationId::parse(&view.id).unwrap();
        let secret = ClientSecret::parse(view.client_secret.as_deref().unwrap()).unwrap();
        let from = caller_at(&address(who % 500));
        let guess = crate::world::check("123456");
        self.engine.check(&from, id, &secret, guess).await.is_ok()
    }
}

#[tokio::test]
async fn one_code_sprayed_over_600_numbers_costs_at_most_300_messages_and_is_noticed() {
    let world = production(1).await;
    let (mut right, mut is_noticed) = (0, false);
    for wave in 0..6 {
        let guesses = (0..100).map(|index| world.guesses(wave * 100 + index));
        let guesses = futures::future::join_all(guesses).await;
        right += guesses.into_iter().filter(|right| *right).count();
        is_noticed |= world.engine.is_guessed_at().await.unwrap();
        world.advance(Duration::from_secs(1));
    }
    assert!(is_noticed, "everybody proves work then");
    let messages = world.sms.count();
    assert!(messages <= 300, "{messages}");
    assert_eq!(
        right, 0,
        "of 600 guesses fewer than one in 1,000 such attacks finds a code"
    );
}

#[tokio::test]
async fn one_number_bombed_from_100_addresses_over_10_sites_gets_five_messages_a_day() {
    let world = production(10).await;
    let victim = "+12122345678";
    let mut before = 0;
    for day in 0..2 {
        for wave in 0..12 {
            world
                .ask((0..20).map(|index| {
                    let from = (wave * 20 + index) % 100;
                    (from, on(from % 10, victim))
                }))
                .await;
            world.advance(HOUR * 2);
        }
        let messages = world.sms.count() - before;
        assert_eq!(messages, 5, "day {day}");
        before = world.sms.count();
    }
}

#[tokio::test]
async fn a_slow_drip_costs_at_most_300_messages_a_day_and_other_prefixes_are_served() {
    let world = production(1).await;
    let mut served = 0;
    for send in 0..720 {
        world.asks(send, on(0, &number(send % 200, send))).await;
        if send % 30 == 29 {
            served += usize::from(world.reaches(&number(200 + send / 30, 9_000)).await);
        }
        world.advance(MINUTE * 2);
    }
    assert_eq!(served, 24);
    let messages = world.sms.count() - served;
    assert!(messages <= 300, "{messages} of 720 in a day");
}

#[tokio::test]
async fn two_hundred_people_behind_one_address_are_served_on_one_day_and_one_who_types_no_code_is_not() {
    let world = production(1).await;
    for person in 0..200 {
        let view = world.asks(7, on(0, &number(person, 1))).await;
        let held = world.held(&view.unwrap_or_else(|| panic!("{person} is refused")));
        let check = crate::world::check(&held.code);
        let caller = caller_at(&address(7));
        world
            .engine
            .check(&caller, held.id, &held.secret, check)
            .await
            .unwrap();
        world.advance(MINUTE * 3);
    }
    let mut sent = 0;
    for send in 0..200 {
        sent += usize::from(world.asks(8, on(0, &number(send, 2))).await.is_some());
        world.advance(MINUTE * 3);
    }
    assert!(
        sent < 145,
        "a hundred at once, and what leaks in ten hours: {sent}"
    );
}

#[tokio::test]
async fn an_ordinary_day_refuses_nobody() {
    const PEOPLE: usize = 400;
    let world = production(1).await;
    let mut refused = 0;
    for person in 0..PEOPLE {
        world.advance(Duration::from_secs(216));
        // A fifth sits behind addresses of 200 people each, of whom some 30 verify on one day.
        let from = if person % 5 == 0 {
            1_000 + person / 150
        } else {
            person
        };
        let number = number(person % 300, person);
        let caller = caller_at(&address(from));
        let Ok(view) = world.engine.start(&caller, on(0, &number)).await else {
            refused += 1;
            continue;
        };
        let held = world.held(&view);
        if held.code.is_empty() {
            refused += 1;
            continue;
        }
        if person % 10 == 1 {
            world.advance(MINUTE);
            let again = Resend {
                phone_number: number,
                ..crate::world::resend("")
            };
            let again = world.engine.resend(&caller, held.id, &held.secret, again).await;
            refused += usize::from(again.is_err());
        }
        // Some never come back to the page.
        if person % 12 == 3 {
            continue;
        }
        if person % 100 < 15 {
            held.check(&held.wrong(0)).await.unwrap_err();
        }
        refused += usize::from(held.check(&held.code).await.is_err());
    }
    assert!(refused * 1_000 < PEOPLE, "{refused}");
    assert!(world.sms.count() > PEOPLE);
}
