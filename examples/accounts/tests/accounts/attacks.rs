//! What an attacker does.

use crate::browser::Browser;
use crate::world::{PASSWORD, World};
use std::time::Duration;
use tokio::time::Instant;

const NUMBER: &str = "+12025550123";
const OTHER: &str = "+12025550145";

#[tokio::test]
async fn nobody_finishes_somebody_elses_second_step() {
    let world = World::start().await;
    let (mut ada, _) = Browser::join_with_two_factor(&world, "ada", NUMBER).await;
    let (mut eve, _) = Browser::join_with_two_factor(&world, "eve", OTHER).await;
    ada.log_in("ada", PASSWORD).await.leads_to("/second-step");
    ada.get_pin("sms").await;
    eve.log_in("eve", PASSWORD).await.leads_to("/second-step");
    eve.get_pin("sms").await;
    let (hers, eves) = (world.code(NUMBER).await, world.code(OTHER).await);

    // Her own code in her own session, whatever the form says of whose it is.
    let forged = [
        ("do", "check"),
        ("code", eves.as_str()),
        ("user_name", "ada"),
        ("user", "ada"),
        ("phone_number", NUMBER),
    ];
    eve.post("/second-step", &forged).await.leads_to("/dashboard");
    eve.get("/dashboard").await.says("(eve)");
    // The code of one session is none in another, and none without one.
    if hers != eves {
        let mut again = Browser::new(&world);
        again.log_in("eve", PASSWORD).await;
        again.get_pin("sms").await;
        again.enter_pin(&hers).await.refuses(422, "This PIN is wrong.");
    }
    Browser::new(&world).enter_pin(&hers).await.leads_to("/login");
    // The same user's code of another session is for that session.
    let mut thief = Browser::new(&world);
    thief.log_in("ada", PASSWORD).await.leads_to("/second-step");
    thief.enter_pin(&hers).await.refuses(410, "Get PIN");
    thief.get("/dashboard").await.leads_to("/second-step");
    ada.enter_pin(&hers).await.leads_to("/dashboard");
}

#[tokio::test]
async fn half_a_log_in_opens_nothing() {
    let world = World::start().await;
    let (mut thief, _) = Browser::join_with_two_factor(&world, "ada", NUMBER).await;
    thief.log_in("ada", PASSWORD).await.leads_to("/second-step");
    for path in ["/dashboard", "/verify"] {
        thief.get(path).await.leads_to("/second-step");
    }
    for (path, fields) in [
        ("/two-factor", [("turn", "off")]),
        ("/number", [("phone_number", OTHER)]),
        ("/verify", [("do", "start")]),
    ] {
        thief.post(path, &fields).await.leads_to("/second-step");
    }
    let before = world.sent(OTHER).await.len();
    assert_eq!(before, 0);
    world.clock.advance(Duration::from_secs(601));
    thief.get("/second-step").await.leads_to("/login");
}

#[tokio::test]
async fn a_session_that_was_known_before_a_step_is_worth_nothing_after_it() {
    let world = World::start().await;
    let (mut browser, _) = Browser::join_with_two_factor(&world, "ada", NUMBER).await;
    let mut known = Vec::new();
    // A cookie that the attacker has put there.
    browser.cookie = Some("session=AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    known.push(browser.clone());
    browser.log_in("ada", PASSWORD).await;
    known.push(browser.clone());
    browser.get_pin("sms").await;
    let code = world.code(NUMBER).await;
    browser.enter_pin(&code).await.leads_to("/dashboard");
    assert!(browser.get("/dashboard").await.status.is_success());
    // The same code again, by the session that it was for, finds no session.
    for mut old in known {
        assert_ne!(old.cookie, browser.cookie);
        old.get("/dashboard").await.leads_to("/login");
        old.enter_pin(&code).await.leads_to("/login");
    }
    let kept = browser.clone();
    browser.post("/logout", &[]).await.leads_to("/login");
    let mut kept = kept;
    kept.get("/dashboard").await.leads_to("/login");
}

#[tokio::test]
async fn a_number_is_one_accounts_also_for_whoever_proves_it() {
    let world = World::start().await;
    let mut ada = Browser::join(&world, "ada", NUMBER).await;
    let mut eve = Browser::new(&world);
    eve.register("eve", NUMBER).await.leads_to("/dashboard");
    let refused = eve.prove(&world, NUMBER).await;
    refused.refuses(409, "This number is already in use.");
    eve.get("/dashboard").await.leads_to("/verify");
    ada.get("/dashboard").await.says("Phone number verified");
    eve.prove(&world, OTHER).await.leads_to("/dashboard");
}

#[tokio::test]
async fn what_one_user_has_proved_is_nobody_elses() {
    let world = World::start().await;
    let mut eve = Browser::new(&world);
    eve.register("eve", NUMBER).await;
    let mut ada = Browser::new(&world);
    ada.register("ada", OTHER).await;
    // Eve proves in a session of phone-verify that is Ada's: it is Ada who gets the number, or nobody.
    ada.get("/verify").await;
    eve.get("/verify").await;
    let finish = |browser: &Browser| {
        crate::browser::client()
            .post(format!("{}/api/finish_proof", browser.url))
            .header("origin", &browser.url)
            .header("content-type", "application/json")
            .body("{\"token\":\"x\",\"session\":\"y\"}")
    };
    let request = finish(&eve);
    eve.send(request).await.says("Refused");
    eve.get("/dashboard").await.leads_to("/verify");
    let request = finish(&eve);
    let nobody = Browser::new(&world).send(request).await;
    assert!(nobody.status.is_server_error() || nobody.status.is_client_error());
}

#[tokio::test]
async fn a_log_in_answers_the_same_whether_there_is_such_a_user_or_not() {
    let world = World::start().await;
    Browser::join(&world, "ada", NUMBER).await;
    let once = |html: &str| {
        let (before, rest) = html.split_once("once").unwrap();
        before.len() + rest.len()
    };
    let mut browser = Browser::new(&world);
    let mut took = Vec::new();
    let mut answers = Vec::new();
    for name in ["ada", "eve"] {
        let begun = Instant::now();
        let page = browser.log_in(name, "something else").await;
        took.push(begun.elapsed());
        page.refuses(422, "User name or password is wrong.");
        answers.push((once(&page.html), page.set_cookie));
    }
    assert_eq!(answers[0], answers[1]);
    // Argon2 is most of it, and computed for both: without it the one would be some fifty times the other.
    let (known, unknown) = (took[0].as_secs_f64(), took[1].as_secs_f64());
    assert!(
        known / unknown < 8.0 && unknown / known < 8.0,
        "{known} {unknown}"
    );
}

#[tokio::test]
async fn log_ins_by_a_name_are_limited_whether_there_is_such_a_user_or_not() {
    let world = World::start().await;
    Browser::join(&world, "ada", NUMBER).await;
    for name in ["ada", "eve"] {
        let mut browser = Browser::new(&world);
        for _ in 0..10 {
            browser.log_in(name, "something else").await.refuses(422, "wrong");
        }
        let right = browser.log_in(name, PASSWORD).await;
        right.refuses(429, "Too many tries. Try again in 15 min");
    }
    world.clock.advance(Duration::from_secs(901));
    Browser::new(&world)
        .log_in("ADA ", PASSWORD)
        .await
        .leads_to("/dashboard");
}

#[tokio::test]
async fn recovery_codes_are_not_guessed_without_end() {
    let world = World::start().await;
    let (mut thief, codes) = Browser::join_with_two_factor(&world, "ada", NUMBER).await;
    thief.log_in("ada", PASSWORD).await;
    for _ in 0..10 {
        thief
            .post("/recovery", &[("recovery_code", "0000-0000-0000-0000")])
            .await
            .refuses(422, "wrong");
    }
    let right = thief.post("/recovery", &[("recovery_code", &codes[0])]).await;
    right.refuses(429, "Too many tries");
}

#[tokio::test]
async fn of_one_recovery_code_used_by_eight_sessions_at_once_one_opens() {
    let world = World::start().await;
    let (mut browser, codes) = Browser::join_with_two_factor(&world, "ada", NUMBER).await;
    let mut tries = Vec::new();
    for _ in 0..8 {
        browser.log_in("ada", PASSWORD).await.leads_to("/second-step");
        let (mut browser, code) = (browser.clone(), codes[0].clone());
        tries.push(tokio::spawn(async move {
            let page = browser.post("/recovery", &[("recovery_code", &code)]).await;
            page.location.as_deref() == Some("/dashboard")
        }));
    }
    let mut opened = 0;
    for tried in tries {
        opened += usize::from(tried.await.unwrap());
    }
    assert_eq!(opened, 1);
}

#[tokio::test]
async fn a_form_that_is_not_in_order_is_refused_and_makes_no_account() {
    let world = World::start().await;
    let good = [
        ("user_name", "ada"),
        ("full_name", "Ada Lovelace"),
        ("password", PASSWORD),
        ("phone_number", NUMBER),
    ];
    let with = |name: &str, value: &'static str| {
        good.map(|(field, kept)| (field, if field == name { value } else { kept }))
    };
    let mut browser = Browser::new(&world);
    for (form, said) in [
        (with("user_name", ""), "A user name has"),
        (with("user_name", "a b"), "A user name has"),
        (with("full_name", " "), "A full name has"),
        (with("password", "short"), "at least 8"),
        (with("phone_number", "12"), "not a valid phone number"),
        (with("phone_number", "<script>"), "not a valid phone number"),
    ] {
        let page = browser.post("/register", &form).await;
        page.refuses(422, said);
        assert!(
            !page.html.contains("<script>") && !page.html.contains(PASSWORD),
            "{}",
            page.html
        );
    }
    let missing = browser.post("/register", &good[..2]).await;
    assert_eq!(missing.status.as_u16(), 422);
    browser.post("/register", &good).await.leads_to("/dashboard");
    let taken = Browser::new(&world)
        .post("/register", &with("user_name", "ADA"))
        .await;
    taken.refuses(409, "This user name is taken.");
    assert!(
        !world
            .database()
            .windows(PASSWORD.len())
            .any(|window| window == PASSWORD.as_bytes())
    );
}
