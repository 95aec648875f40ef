//! What an honest user does.

use crate::browser::{Browser, wrong};
use crate::world::{PASSWORD, World};
use std::time::Duration;

const NUMBER: &str = "+12025550123";
const OTHER: &str = "+12025550145";

#[tokio::test]
async fn who_registers_and_proves_the_number_sees_the_dashboard() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.get("/register").await.says("<h1>Register</h1>");
    browser.register("ada", NUMBER).await.leads_to("/dashboard");
    browser.get("/dashboard").await.leads_to("/verify");
    let page = browser.get("/verify").await;
    page.says("<h1>Verify your phone number</h1>");
    page.says(NUMBER);

    let sent = browser
        .post("/verify", &[("do", "start"), ("phone_number", NUMBER)])
        .await;
    sent.says("+1 ••• ••• ••23");
    let code = world.code(NUMBER).await;
    let refused = browser
        .post("/verify", &[("do", "check"), ("code", &wrong(&code))])
        .await;
    refused.refuses(422, "This PIN is wrong. You can try 4 more times.");
    browser.post("/verify", &[("do", "call")]).await;
    assert_eq!(world.sent(NUMBER).await[0]["channel"], "call");
    browser
        .post("/verify", &[("do", "check"), ("code", &code)])
        .await
        .leads_to("/dashboard");

    let dashboard = browser.get("/dashboard").await;
    for text in [
        "<h1>Dashboard</h1>",
        "Phone number verified",
        "Ada Lovelace",
        "Two-factor is off",
    ] {
        dashboard.says(text);
    }
    browser.get("/verify").await.leads_to("/dashboard");
    browser.post("/logout", &[]).await.leads_to("/login");
    browser.get("/dashboard").await.leads_to("/login");
    browser.log_in("Ada", PASSWORD).await.leads_to("/dashboard");
}

#[tokio::test]
async fn with_two_factor_a_log_in_needs_the_code_by_text_message_or_call() {
    let world = World::start().await;
    let (mut browser, codes) = Browser::join_with_two_factor(&world, "ada", NUMBER).await;
    assert_eq!(codes.len(), 10);
    for channel in ["sms", "call"] {
        browser.log_in("ada", PASSWORD).await.leads_to("/second-step");
        browser.get("/dashboard").await.leads_to("/second-step");
        browser.get("/second-step").await.says("<h1>Second step</h1>");
        browser.get_pin(channel).await.says("name=\"code\"");
        let sent = world.sent(NUMBER).await;
        assert_eq!(sent[0]["channel"], channel);
        let code = world.code(NUMBER).await;
        browser
            .enter_pin(&wrong(&code))
            .await
            .refuses(422, "This PIN is wrong.");
        browser.enter_pin(&code).await.leads_to("/dashboard");
        browser.get("/dashboard").await.says("Two-factor is on");
        browser.post("/logout", &[]).await.leads_to("/login");
    }
}

#[tokio::test]
async fn a_code_that_has_expired_is_refused_and_a_new_one_can_be_had() {
    let world = World::start().await;
    let (mut browser, _) = Browser::join_with_two_factor(&world, "ada", NUMBER).await;
    browser.log_in("ada", PASSWORD).await;
    browser.get_pin("sms").await;
    let code = world.code(NUMBER).await;
    // The code lives as long as the first step does: the log-in begins anew.
    world.clock.advance(Duration::from_secs(601));
    browser.enter_pin(&code).await.leads_to("/login");

    let world = World::with(&[("PHONE_VERIFY__CODE__TTL", "1m")]).await;
    let (mut browser, _) = Browser::join_with_two_factor(&world, "ada", NUMBER).await;
    browser.log_in("ada", PASSWORD).await;
    browser.get_pin("sms").await;
    let code = world.code(NUMBER).await;
    world.clock.advance(Duration::from_secs(61));
    let expired = browser.enter_pin(&code).await;
    expired.refuses(410, "expired");
    expired.says("Get PIN");
    browser.get_pin("sms").await;
    let code = world.code(NUMBER).await;
    browser.enter_pin(&code).await.leads_to("/dashboard");
}

#[tokio::test]
async fn a_recovery_code_works_once_and_turning_off_voids_the_others() {
    let world = World::start().await;
    let (mut browser, codes) = Browser::join_with_two_factor(&world, "ada", NUMBER).await;
    let use_code = async |browser: &mut Browser, code: &str| {
        browser.log_in("ada", PASSWORD).await.leads_to("/second-step");
        browser.post("/recovery", &[("recovery_code", code)]).await
    };
    let typed = codes[3].to_uppercase().replace('-', " ");
    use_code(&mut browser, &typed).await.leads_to("/dashboard");
    let dashboard = browser.get("/dashboard").await;
    dashboard.says(": 9.");
    assert!(!dashboard.html.contains("Recovery codes") && !dashboard.html.contains(&codes[0]));
    use_code(&mut browser, &codes[3])
        .await
        .refuses(422, "used before");
    use_code(&mut browser, &codes[4]).await.leads_to("/dashboard");

    browser
        .post("/two-factor", &[("turn", "off")])
        .await
        .leads_to("/dashboard");
    browser.get("/dashboard").await.says("Two-factor is off");
    let again = browser.post("/two-factor", &[("turn", "on")]).await;
    assert!(!again.recovery_codes().contains(&codes[5]));
    browser.post("/logout", &[]).await;
    use_code(&mut browser, &codes[5]).await.refuses(422, "is wrong");
    for code in codes {
        assert!(
            !world
                .database()
                .windows(code.len())
                .any(|window| window == code.as_bytes())
        );
    }
}

#[tokio::test]
async fn who_changes_the_number_is_unverified_until_the_new_one_is_proved() {
    let world = World::start().await;
    let (mut browser, _) = Browser::join_with_two_factor(&world, "ada", NUMBER).await;
    browser.log_in("ada", PASSWORD).await;
    browser.get_pin("sms").await;
    let code = world.code(NUMBER).await;
    browser.enter_pin(&code).await.leads_to("/dashboard");

    browser
        .post("/number", &[("phone_number", OTHER)])
        .await
        .leads_to("/verify");
    browser.get("/dashboard").await.leads_to("/verify");
    browser
        .post("/two-factor", &[("turn", "off")])
        .await
        .leads_to("/verify");
    browser.get("/verify").await.says(OTHER);
    // Until then the second factor is the number that was proved last.
    browser.post("/logout", &[]).await;
    browser.log_in("ada", PASSWORD).await.leads_to("/second-step");
    browser.get_pin("sms").await;
    let code = world.code(NUMBER).await;
    browser.enter_pin(&code).await.leads_to("/dashboard");
    browser.get("/dashboard").await.leads_to("/verify");
    browser.prove(&world, OTHER).await.leads_to("/dashboard");
    browser.get("/dashboard").await.says("••45");

    browser.post("/logout", &[]).await;
    browser.log_in("ada", PASSWORD).await;
    browser.get_pin("sms").await;
    let code = world.code(OTHER).await;
    browser.enter_pin(&code).await.leads_to("/dashboard");
    // The old number is free for others.
    Browser::join(&world, "eve", NUMBER).await;
}

#[tokio::test]
async fn a_change_asks_for_the_password_where_the_log_in_lies_back() {
    let world = World::start().await;
    let mut browser = Browser::join(&world, "ada", NUMBER).await;
    assert!(!browser.get("/dashboard").await.html.contains("name=\"password\""));
    world.clock.advance(Duration::from_secs(901));
    browser.get("/dashboard").await.says("name=\"password\"");
    let turn = async |browser: &mut Browser, password: &str| {
        let fields = [("turn", "on"), ("password", password)];
        browser.post("/two-factor", &fields).await
    };
    turn(&mut browser, "")
        .await
        .refuses(422, "The password is wrong.");
    turn(&mut browser, "something else")
        .await
        .refuses(422, "Two-factor is off");
    let number = browser.post("/number", &[("phone_number", OTHER)]).await;
    number.refuses(422, "The password is wrong.");
    turn(&mut browser, PASSWORD).await.refuses(200, "Recovery codes");
}
