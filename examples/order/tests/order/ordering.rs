//! An honest customer.

use crate::browser::{Browser, OpenShop};
use crate::issuer::Issuer;
use reqwest::StatusCode;

#[tokio::test]
async fn an_order_with_a_verified_number_is_taken_and_its_token_redeemed() {
    let issuer = Issuer::start().await;
    let shop = OpenShop::start(&issuer).await;
    let mut browser = Browser::new(&shop);
    let form = browser.open().await;

    let answer = browser.order(&form, &issuer.token(&form)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.html);
    assert_eq!(answer.location.as_deref(), Some("/receipt"));
    assert_eq!(issuer.redeemed(), 1);
    let receipt = browser.get("/receipt").await.html;
    for shown in [
        "Order received",
        "Ada Lovelace",
        "1 kg of coffee",
        "Springfield",
        "verified (US)",
    ] {
        assert!(receipt.contains(shown), "{shown} in {receipt}");
    }
}

#[tokio::test]
async fn the_number_is_shown_where_the_site_has_it_in_the_token() {
    let issuer = Issuer::start().await;
    let shop = OpenShop::start(&issuer).await;
    let mut browser = Browser::new(&shop);
    let form = browser.open().await;
    let mut claims = issuer.claims(&form);
    claims.phone_number = Some("+12125550123".into());
    browser.order(&form, &issuer.sign(&claims)).await;
    assert!(
        browser
            .get("/receipt")
            .await
            .html
            .contains("+12125550123 (verified)")
    );
}

#[tokio::test]
async fn other_fields_that_are_wrong_leave_the_number_verified() {
    let issuer = Issuer::start().await;
    let shop = OpenShop::start(&issuer).await;
    let mut browser = Browser::new(&shop);
    let form = browser.open().await;
    let token = issuer.token(&form);

    let fields = [
        ("form-token", form.form_token.as_str()),
        ("name", "Ada"),
        ("phone-token", &token),
    ];
    let answer = browser.post(&fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attribute("token"), Some(token.as_str()));
    assert_eq!(answer.problem(), "");
    for shown in [
        "value=\"Ada\"",
        "id=\"item-problem\"",
        "id=\"address-problem\"",
        "role=\"alert\"",
    ] {
        assert!(answer.html.contains(shown), "{shown}");
    }
    assert_eq!(issuer.redeemed(), 0, "not used up by a form with errors");

    let answer = browser.order(&form, &token).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_without_javascript_or_a_verified_number_asks_for_one() {
    let issuer = Issuer::start().await;
    let shop = OpenShop::start(&issuer).await;
    let mut browser = Browser::new(&shop);
    let form = browser.open().await;
    let answer = browser.order(&form, "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.problem(), "Verify your phone number.");
    assert!(answer.html.contains("value=\"Ada Lovelace\""));
}

#[tokio::test]
async fn keys_are_fetched_when_they_are_old_or_a_new_one_is_met() {
    let issuer = Issuer::start().await;
    let shop = OpenShop::start(&issuer).await;
    let order = async || {
        let mut browser = Browser::new(&shop);
        let form = browser.open().await;
        browser.order(&form, &issuer.token(&form)).await.status
    };
    for _ in 0..3 {
        assert_eq!(order().await, StatusCode::SEE_OTHER);
    }
    assert_eq!(issuer.key_fetches(), 1);

    issuer.pass(10);
    issuer.rotate();
    assert_eq!(order().await, StatusCode::SEE_OTHER);
    assert_eq!(issuer.key_fetches(), 2);

    issuer.pass(299);
    assert_eq!(order().await, StatusCode::SEE_OTHER);
    issuer.pass(1);
    assert_eq!(order().await, StatusCode::SEE_OTHER);
    assert_eq!(issuer.key_fetches(), 3);
}

#[tokio::test]
async fn while_the_verify_server_is_down_no_order_is_taken_and_none_is_lost() {
    let issuer = Issuer::start().await;
    let shop = OpenShop::start(&issuer).await;
    let mut browser = Browser::new(&shop);
    let form = browser.open().await;
    let token = issuer.token(&form);

    issuer.go_down(true);
    for _ in ["the keys cannot be had", "again"] {
        let answer = browser.order(&form, &token).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.problem().contains("right now"), "{}", answer.problem());
        assert!(answer.html.contains("value=\"Ada Lovelace\""));
    }
    issuer.go_down(false);
    let answer = browser.order(&form, &token).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);

    issuer.go_down(true);
    let next = browser.open().await;
    let mut claims = issuer.claims(&next);
    claims.jti = "another".into();
    let answer = browser.order(&next, &issuer.sign(&claims)).await;
    assert_eq!(
        answer.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "checked offline, but not redeemed"
    );
}

#[tokio::test]
async fn every_page_has_the_strict_policy_and_the_pages_own_script_stands_in_a_file() {
    let issuer = Issuer::start().await;
    let shop = OpenShop::start(&issuer).await;
    let mut browser = Browser::new(&shop);
    for path in ["/", "/receipt", "/order.js", "/order", "/nothing-here"] {
        let policy = browser.get(path).await.policy.unwrap();
        let script = format!("script-src 'self' {} 'wasm-unsafe-eval';", issuer.url);
        assert!(policy.contains(&script), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }
    let html = browser.get("/").await.html;
    assert!(!html.contains(" style=") && !html.contains(" onclick=") && !html.contains("<script>"));
    let cookie = browser.cookie.clone().unwrap();
    assert!(cookie.starts_with("order-session=") && cookie.len() == 14 + 64);
}
