use crate::world::{
    ISSUER, NUMBER, Settings, World, caller, caller_from, check, code_of, resend, site, start,
};
use phone_verify::sites::{OriginRule, Site};
use phone_verify_domain::{Caller, ErrorCode, SiteKey, Start, Verifier};

const LISTED: &str = "https://shop.example";

#[tokio::test]
async fn only_listed_origins_the_servers_own_and_callers_without_one_may_start() {
    let world = World::new().await;
    for caller in [caller(), caller_from(LISTED), caller_from(ISSUER)] {
        assert!(
            world.engine.start(&caller, start(NUMBER)).await.is_ok(),
            "{caller:?}"
        );
    }
    for origin in [
        "null",
        "",
        "https://evil.example",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.evil.example",
        "https://SHOP.example",
        "http://localhost:3000",
    ] {
        let refused = world.engine.start(&caller_from(origin), start(NUMBER)).await;
        assert_eq!(code_of(refused), ErrorCode::OriginRefused, "{origin}");
    }
    assert_eq!(world.sms.count(), 3);
}

#[tokio::test]
async fn a_listed_null_is_refused_all_the_same() {
    let settings = Settings {
        sites: vec![Site {
            origins: vec![OriginRule::Exact("null".to_owned())],
            ..site("demo")
        }],
        ..Settings::default()
    };
    let world = World::with(settings).await;
    let refused = world.engine.start(&caller_from("null"), start(NUMBER)).await;
    assert_eq!(code_of(refused), ErrorCode::OriginRefused);
}

#[tokio::test]
async fn in_development_every_port_of_this_machine_may() {
    let settings = Settings {
        sites: vec![Site {
            origins: vec![OriginRule::Loopback],
            ..site("demo")
        }],
        ..Settings::default()
    };
    let world = World::with(settings).await;
    for origin in [
        "http://localhost:5173",
        "https://a.localhost",
        "http://127.0.0.1:1",
        "http://[::1]:3000",
    ] {
        assert!(
            world
                .engine
                .start(&caller_from(origin), start(NUMBER))
                .await
                .is_ok(),
            "{origin}"
        );
    }
    let refused = world
        .engine
        .start(&caller_from("http://localhost.evil.example"), start(NUMBER))
        .await;
    assert_eq!(code_of(refused), ErrorCode::OriginRefused);
}

#[tokio::test]
async fn an_unknown_site_comes_before_a_bad_origin_and_a_bad_origin_before_a_bad_number() {
    let world = World::new().await;
    let evil = caller_from("https://evil.example");
    let unknown = Start {
        site_key: SiteKey::parse("nobody"),
        ..start("hello")
    };
    assert_eq!(
        code_of(world.engine.start(&evil, unknown).await),
        ErrorCode::SiteUnknown
    );
    assert_eq!(
        code_of(world.engine.start(&evil, start("hello")).await),
        ErrorCode::OriginRefused
    );
}

#[tokio::test]
async fn the_origin_is_looked_at_on_every_call_and_a_refusal_spends_nothing() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let evil: Caller = caller_from("https://evil.example");
    let (engine, id, secret) = (&world.engine, started.id, &started.secret);
    let refused = [
        engine.check(&evil, id, secret, check(&started.code)).await,
        engine.resend(&evil, id, secret, resend(NUMBER)).await,
        engine.view(&evil, id, secret).await,
        engine.cancel(&evil, id, secret).await,
    ];
    for refused in refused {
        assert_eq!(code_of(refused), ErrorCode::OriginRefused);
    }
    let view = started.view().await;
    assert_eq!(
        (view.attempts_left, view.sends_left, world.sms.count()),
        (5, 4, 1)
    );
}
