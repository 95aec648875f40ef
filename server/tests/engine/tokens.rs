use crate::world::{
    ISSUER, NUMBER, OTHER_NUMBER, Settings, World, caller, caller_from, check, code_of, refusal, resend,
    site, start,
};
use phone_verify::hosts::authenticate;
use phone_verify::sites::Site;
use phone_verify_domain::{Channel, Check, Country, ErrorCode, Resend, SiteKey, Start, Status, Verifier};
use phone_verify_token::{Claims, Clocks, Expect, Expected, VerifyingKeys, verify};
use std::time::Duration;

/// The claims of a token, as a host's server reads them from the published keys alone.
pub fn claims(world: &World, token: &str) -> Claims {
    let keys = VerifyingKeys::from_jwks(&world.keys.jwks()).unwrap();
    let unverified: serde_json::Value = {
        use base64::Engine as _;
        let body = token.split('.').nth(1).unwrap();
        serde_json::from_slice(
            &base64::engine::general_purpose::URL_SAFE_NO_PAD
                .decode(body)
                .unwrap(),
        )
        .unwrap()
    };
    let expected = Expected {
        issuer: ISSUER,
        audience: unverified["aud"].as_str().unwrap(),
        subject: Expect::Absent,
        nonce: Expect::Any,
        purpose: Expect::Any,
        clocks: Clocks::Same,
    };
    verify(token, &keys, &expected, world.now().as_seconds()).unwrap()
}

#[tokio::test]
async fn the_token_says_what_was_proven_to_whom_and_for_what() {
    let world = World::new().await;
    let from = caller_from("https://shop.example");
    let request = Start {
        nonce: Some("n-1".to_owned()),
        purpose: Some("signup".to_owned()),
        ..start(NUMBER)
    };
    let view = world.engine.start(&from, request).await.unwrap();
    let started = world.held(&view);
    world.advance(Duration::from_millis(1_500));
    let claims = claims(&world, &started.approve().await.token.unwrap());
    let now = world.now().as_seconds();
    assert_eq!((claims.iss.as_str(), claims.aud.as_str()), (ISSUER, "demo"));
    assert_eq!(
        (claims.nonce.as_deref(), claims.purpose.as_deref(), claims.sub),
        (Some("n-1"), Some("signup"), None)
    );
    assert_eq!(
        (claims.iat, claims.exp, claims.phone_verified_at),
        (now, now + 300, now)
    );
    assert_eq!((claims.phone_number, claims.phone_number_index.len()), (None, 64));
    assert!(claims.phone_number_verified);
    assert_eq!(claims.amr, ["sms"]);
    assert_eq!(
        (claims.country.as_str(), claims.origin.as_deref()),
        ("US", Some("https://shop.example"))
    );
    assert_eq!(claims.jti.len(), 32);
}

#[tokio::test]
async fn the_last_delivery_tells_how_the_code_travelled() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let by_call = Resend {
        channel: Channel::Call,
        ..resend(NUMBER)
    };
    started.resend(by_call).await.unwrap();
    assert_eq!(
        claims(&world, &started.approve().await.token.unwrap()).amr,
        ["tel"]
    );
}

#[tokio::test]
async fn the_right_code_shows_the_same_token_for_two_minutes_and_then_no_more() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let first = claims(&world, &started.approve().await.token.unwrap());
    let token = started.approve().await.token.unwrap();
    let desk = world.desk();
    let demo = world.sites.get(&SiteKey::parse("demo").unwrap()).unwrap().clone();
    desk.redeem(&demo, &token).await.unwrap();

    world.advance(Duration::from_millis(119_999));
    let again = started.approve().await;
    assert_eq!(again.status, Status::Approved);
    assert_eq!(
        claims(&world, &again.token.unwrap()),
        first,
        "after it was redeemed, too"
    );
    assert_eq!(
        code_of(started.check(&started.wrong(0)).await),
        ErrorCode::AlreadyApproved
    );
    assert_eq!(code_of(started.check("12").await), ErrorCode::AlreadyApproved);

    world.advance(Duration::from_millis(2));
    let (code, view) = refusal(started.check(&started.code).await);
    assert_eq!(
        (code, view.and_then(|view| view.token)),
        (ErrorCode::AlreadyApproved, None)
    );
}

fn token_number() -> Settings {
    Settings {
        sites: vec![Site {
            token_number: true,
            ..site("demo")
        }],
        ..Settings::default()
    }
}

#[tokio::test]
async fn a_token_carries_the_number_where_the_site_asks_for_it_and_the_browser_presents_it() {
    let world = World::with(token_number()).await;
    let started = world.started(NUMBER).await;
    let with = |phone_number: Option<&str>| Check {
        phone_number: phone_number.map(str::to_owned),
        ..check(&started.code)
    };
    for (phone_number, code) in [
        (None, ErrorCode::InvalidRequest),
        (Some("hello"), ErrorCode::InvalidNumber),
        (Some(OTHER_NUMBER), ErrorCode::NumberMismatch),
    ] {
        let (refused, view) = refusal(started.check_as(&caller(), with(phone_number)).await);
        assert_eq!((refused, view.unwrap().attempts_left), (code, 5));
    }
    // A national spelling is meant where the verification's number is.
    let view = started
        .check_as(&caller(), with(Some("(202) 555-0134")))
        .await
        .unwrap();
    assert_eq!(
        claims(&world, &view.token.unwrap()).phone_number.as_deref(),
        Some(NUMBER)
    );
    let again = Check {
        country: Country::parse("US"),
        ..with(Some("2025550134"))
    };
    let view = started.check_as(&caller(), again).await.unwrap();
    assert_eq!(
        claims(&world, &view.token.unwrap()).phone_number.as_deref(),
        Some(NUMBER)
    );
}

#[tokio::test]
async fn a_site_that_does_not_ask_for_the_number_ignores_it() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let with = Check {
        phone_number: Some(OTHER_NUMBER.to_owned()),
        ..check(&started.code)
    };
    let view = started.check_as(&caller(), with).await.unwrap();
    assert_eq!(claims(&world, &view.token.unwrap()).phone_number, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_redeemed_once_by_its_own_site_within_its_time() {
    let world = World::new().await;
    let get = |key: &str| world.sites.get(&SiteKey::parse(key).unwrap()).unwrap().clone();
    let (demo, other, desk) = (get("demo"), get("other"), world.desk());
    let started = world.started(NUMBER).await;
    let token = started.approve().await.token.unwrap();

    let code = |result: Result<Claims, phone_verify_domain::ApiError>| result.unwrap_err().code;
    assert_eq!(code(desk.redeem(&other, &token).await), ErrorCode::InvalidToken);
    for forged in [
        "",
        "a.b.c",
        &format!("{token}A"),
        &token[1..],
        &"A".repeat(100_000),
    ] {
        assert_eq!(code(desk.redeem(&demo, forged).await), ErrorCode::InvalidToken);
    }
    let redeems = futures::future::join_all((0..64).map(|_| desk.redeem(&demo, &token))).await;
    let redeemed: Vec<_> = redeems.iter().filter_map(|result| result.as_ref().ok()).collect();
    assert_eq!(redeemed.len(), 1);
    assert_eq!(redeemed[0], &claims(&world, &token));
    assert!(
        redeems
            .iter()
            .filter_map(|result| result.as_ref().err())
            .all(|error| error.code == ErrorCode::AlreadyRedeemed)
    );

    let late = world.started(OTHER_NUMBER).await.approve().await.token.unwrap();
    world.advance(Duration::from_mins(5));
    assert_eq!(code(desk.redeem(&demo, &late).await), ErrorCode::InvalidToken);
}

#[tokio::test]
async fn a_site_is_known_by_its_key_and_any_of_its_secrets() {
    let two = Site {
        secrets: vec!["old".into(), "new".into()],
        ..site("two")
    };
    let world = World::with(Settings {
        sites: vec![site("demo"), two],
        ..Settings::default()
    })
    .await;
    let known = |key: &str, secret: &str| {
        authenticate(&world.sites, key, secret).map(|site| site.key.as_str().to_owned())
    };
    assert_eq!(known("demo", "demo-secret").as_deref(), Some("demo"));
    assert_eq!(known("two", "old").as_deref(), Some("two"));
    assert_eq!(known("two", "new").as_deref(), Some("two"));
    for (key, secret) in [
        ("demo", "old"),
        ("demo", ""),
        ("demo", "demo-secre"),
        ("demo", "demo-secret "),
        ("two", "demo-secret"),
        ("nobody", "demo-secret"),
        ("", ""),
    ] {
        assert_eq!(known(key, secret), None, "{key}:{secret}");
    }
}
