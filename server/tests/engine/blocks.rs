//! Numbers that the operator has blocked: they are told what others are told, and nothing is sent.

use crate::world::{NUMBER, OTHER_NUMBER, Settings, World, caller, code_of, resend, site, start, window};
use phone_verify::blocks::{Blocked, Blocks};
use phone_verify::limits::Limits;
use phone_verify_domain::{DeliveryState, ErrorCode, PhoneNumber, SiteKey, Start, Status, Verifier, View};
use std::time::Duration;

impl World {
    fn blocks(&self) -> Blocks<'_> {
        Blocks {
            store: &*self.store,
            keys: &self.keys,
        }
    }

    async fn block(&self, site: Option<&SiteKey>) -> Blocked {
        let (number, now) = (number(), self.now());
        let added = self.blocks().add(&self.sites, site, &number, now).await;
        added.unwrap()
    }
}

fn number() -> PhoneNumber {
    PhoneNumber::new(1, "2025550134").unwrap()
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
async fn a_blocked_number_is_told_what_another_is_told_and_nothing_is_sent() {
    let world = World::new().await;
    let other = world.started(OTHER_NUMBER).await;
    world.block(None).await;
    let sent = world.sms.count();
    let blocked = world.started(NUMBER).await;
    assert_eq!(told(&blocked.view().await), told(&other.view().await));
    assert_eq!(
        blocked.view().await.delivery.unwrap().state,
        DeliveryState::Accepted
    );
    assert_eq!(world.sms.count(), sent);
    assert_eq!(
        told(&blocked.resend(resend(NUMBER)).await.unwrap()).status,
        Status::Pending
    );
    assert_eq!(world.sms.count(), sent);
    let wrong = [blocked.check("000000").await, other.check(&other.wrong(0)).await];
    let [blocked, other] = wrong.map(|refused| refused.unwrap_err());
    assert_eq!(
        (blocked.code, blocked.to_string()),
        (other.code, other.to_string())
    );
}

#[tokio::test]
async fn no_code_is_right_for_it_not_even_the_one_that_was_drawn() {
    let world = World::new().await;
    world.block(None).await;
    let blocked = world.started(NUMBER).await;
    let record = world.store.find(blocked.id).await.unwrap().unwrap();
    let sealed = world.keys.open(blocked.id, &record.sealed.unwrap()).unwrap();
    let code = std::str::from_utf8(&sealed[sealed.len() - 6..]).unwrap();
    assert!(code.bytes().all(|byte| byte.is_ascii_digit()), "the code");
    assert_eq!(code_of(blocked.check(code).await), ErrorCode::WrongCode);
}

#[tokio::test]
async fn what_it_asks_for_is_spent() {
    let settings = Settings {
        limits: Limits {
            number: [Some(window(1, Duration::from_hours(1))), None, None],
            ..Limits::default()
        },
        ..Settings::default()
    };
    let world = World::with(settings).await;
    world.block(None).await;
    world.started(NUMBER).await;
    let again = world.engine.start(&caller(), start(NUMBER)).await;
    assert_eq!(code_of(again), ErrorCode::TooManyRequests);
}

#[tokio::test]
async fn a_block_ends_what_is_pending_and_leaves_other_sites_and_numbers_alone() {
    let settings = Settings {
        sites: vec![site("demo"), site("other")],
        ..Settings::default()
    };
    let world = World::with(settings).await;
    let on = |site_key: &str, number: &str| Start {
        site_key: SiteKey::parse(site_key),
        ..start(number)
    };
    let pending = world.started(NUMBER).await;
    let elsewhere = world.started_by(on("other", NUMBER)).await;
    let another = world.started(OTHER_NUMBER).await;
    let demo = SiteKey::parse("demo").unwrap();
    let done = world.block(Some(&demo)).await;
    assert_eq!((done.is_new, done.canceled), (true, 1));
    assert_eq!(code_of(pending.check(&pending.code).await), ErrorCode::Canceled);
    for goes_on in [&elsewhere, &another] {
        assert_eq!(goes_on.approve().await.status, Status::Approved);
    }
    let sent = world.sms.count();
    world.started(NUMBER).await;
    assert_eq!(world.sms.count(), sent, "blocked here");
    world.started_by(on("other", NUMBER)).await;
    assert_eq!(world.sms.count(), sent + 1, "and not there");

    let done = world.block(None).await;
    assert_eq!((done.is_new, done.canceled), (true, 2), "on all sites");
    assert!(world.blocks().remove(Some(&demo), &number()).await.unwrap());
    world.started(NUMBER).await;
    assert_eq!(world.sms.count(), sent + 1, "the block of all sites stands");
    assert!(world.blocks().remove(None, &number()).await.unwrap());
    let again = world.started(NUMBER).await;
    assert_eq!(again.approve().await.status, Status::Approved);
}

#[tokio::test]
async fn erasing_the_number_does_not_end_it() {
    let world = World::new().await;
    world.block(None).await;
    world.started(NUMBER).await;
    let site = world.sites.get(&SiteKey::parse("demo").unwrap()).unwrap().clone();
    world.desk().erase_number(&site, NUMBER, None).await.unwrap();
    world.started(NUMBER).await;
    assert_eq!(world.sms.count(), 0);
}
