//! Messages and calls speak the page's language, and a message binds its code to the page's host where the site wants that.

use crate::harness::{NUMBER, Reply, Started};
use crate::world::World;
use phone_verify::senders::languages::LANGUAGES;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn every_language_is_one_segment_and_spoken_as_itself() {
    let number = |index: usize| format!("+120255501{index:02}");
    let world = World::new().await;
    for (index, language) in LANGUAGES.iter().enumerate() {
        let mut started = None;
        for (channel, number) in [("sms", number(index)), ("call", number(index + 50))] {
            let body = json!({
                "site_key": "demo", "phone_number": number, "channel": channel, "locale": language.tag,
            });
            let reply = world.server.post("/v1/verifications", &body).await;
            assert_eq!(reply.status, 201, "{reply:?}");
            let sent = world.only_sent_to(&number);
            match channel {
                "sms" => {
                    let text = sent.body.as_deref().unwrap();
                    assert_eq!(fake_twilio::segments(text), 1, "{text}");
                    assert!(text.ends_with(language.advice), "{text}");
                }
                _ => assert!(sent.twiml.as_deref().unwrap().contains(language.spoken)),
            }
            started = Some((Started::of(&reply), sent));
        }
        let (started, call) = started.unwrap();
        world.approve(&started, &call).await;
    }
    assert_eq!(world.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn the_last_line_binds_the_code_to_the_host_of_the_page() {
    let page = "http://shop.localhost:8080";
    let world = World::with(None, &site(true)).await;
    for (origin, line) in [(Some(page), Some("@shop.localhost #")), (None, None)] {
        let mut request = world.server.request(Method::POST, "/v1/verifications");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let body = json!({ "site_key": "shop", "phone_number": NUMBER, "channel": "sms" });
        let reply = Reply::of(request.json(&body)).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        let sent = &world.fake.sent_to(NUMBER)[0];
        let (text, code) = (sent.body.as_deref().unwrap(), sent.code.as_deref().unwrap());
        let last = text.lines().last().unwrap();
        match line {
            Some(line) => assert_eq!(last, format!("{line}{code}")),
            None => assert!(!text.contains('@'), "{text}"),
        }
        assert_eq!(fake_twilio::segments(text), 1);
    }
}

#[tokio::test]
async fn a_site_that_does_not_want_it_has_no_such_line() {
    let world = World::with(None, &site(false)).await;
    let request = world
        .server
        .request(Method::POST, "/v1/verifications")
        .header("origin", "http://shop.localhost:8080");
    let body = json!({ "site_key": "shop", "phone_number": NUMBER, "channel": "sms" });
    assert_eq!(Reply::of(request.json(&body)).await.status, 201);
    assert!(!world.only_sent_to(NUMBER).body.unwrap().contains('@'));
}

fn site(origin_bound: bool) -> [(&'static str, &'static str); 4] {
    [
        ("SITES__0__KEY", "shop"),
        ("SITES__0__COUNTRIES", "US"),
        ("SITES__0__ORIGINS", "loopback"),
        (
            "SITES__0__ORIGIN_BOUND",
            if origin_bound { "true" } else { "false" },
        ),
    ]
}
