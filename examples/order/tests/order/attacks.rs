//! Everything that is not an honest customer.

use crate::browser::{Browser, Form, OpenShop, Page};
use crate::issuer::Issuer;
use phone_verify_token::{Claims, SigningKey};
use reqwest::StatusCode;

/// A shop, its issuer, and a browser that has the form open.
struct Scene {
    issuer: Issuer,
    shop: OpenShop,
    browser: Browser,
    form: Form,
}

impl Scene {
    async fn new() -> Self {
        let issuer = Issuer::start().await;
        let shop = OpenShop::start(&issuer).await;
        let mut browser = Browser::new(&shop);
        let form = browser.open().await;
        Self {
            issuer,
            shop,
            browser,
            form,
        }
    }

    /// Orders with a token that says `change`; expects a refusal with these words, and nothing redeemed.
    async fn refuses(&mut self, words: &str, change: impl FnOnce(&mut Claims)) {
        let mut claims = self.issuer.claims(&self.form);
        change(&mut claims);
        let token = self.issuer.sign(&claims);
        self.refuses_token(words, &token).await;
    }

    async fn refuses_token(&mut self, words: &str, token: &str) {
        let answer = self.browser.order(&self.form, token).await;
        assert_refused(&answer, words);
        assert_eq!(self.issuer.redeemed(), 0);
    }
}

fn assert_refused(answer: &Page, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
    assert!(
        answer.problem().contains(words),
        "{} for {words}",
        answer.problem()
    );
    assert_eq!(answer.attribute("token"), None, "a refused token is not kept");
}

#[tokio::test]
async fn a_forged_callback_places_no_order() {
    let mut scene = Scene::new().await;
    let mut unsigned = scene.issuer.token(&scene.form);
    unsigned.truncate(unsigned.rfind('.').unwrap() + 1);
    let stranger = SigningKey::generate()
        .unwrap()
        .sign(&scene.issuer.claims(&scene.form))
        .unwrap();
    for token in [
        "true",
        "undefined",
        "[object Object]",
        "a.b.c",
        &unsigned,
        &stranger,
        &"x".repeat(9_000),
    ] {
        scene.refuses_token("not valid", token).await;
    }
}

#[tokio::test]
async fn a_token_of_another_site_or_server_places_no_order() {
    let mut scene = Scene::new().await;
    scene
        .refuses("another site", |claims| claims.aud = "other".into())
        .await;
    scene
        .refuses("another site", |claims| {
            claims.iss = "https://elsewhere.example".into();
        })
        .await;
}

#[tokio::test]
async fn a_token_of_another_session_places_no_order() {
    let mut scene = Scene::new().await;
    let mut other = Browser::new(&scene.shop);
    let others_form = other.open().await;
    let others_token = scene.issuer.token(&others_form);
    scene.refuses_token("another session", &others_token).await;
    scene
        .refuses("another session", |claims| claims.nonce = None)
        .await;
    scene
        .refuses("another session", |claims| claims.sub = Some("user-1".into()))
        .await;
}

#[tokio::test]
async fn a_token_for_another_purpose_places_no_order() {
    let mut scene = Scene::new().await;
    scene
        .refuses("something else", |claims| claims.purpose = Some("login".into()))
        .await;
    scene
        .refuses("something else", |claims| claims.purpose = None)
        .await;
}

#[tokio::test]
async fn an_expired_token_places_no_order() {
    let mut scene = Scene::new().await;
    let token = scene.issuer.token(&scene.form);
    // Five minutes of life, and one for clocks that differ.
    scene.issuer.pass(360);
    scene.refuses_token("expired", &token).await;
}

#[tokio::test]
async fn a_used_token_places_no_second_order() {
    let mut scene = Scene::new().await;
    let token = scene.issuer.token(&scene.form);
    let first = scene.browser.order(&scene.form, &token).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let second = scene.browser.order(&scene.form, &token).await;
    assert_refused(&second, "used for another order");
    assert_eq!(scene.issuer.redeemed(), 1);
}

#[tokio::test]
async fn of_many_orders_at_once_with_one_token_one_is_placed() {
    let scene = Scene::new().await;
    let token = scene.issuer.token(&scene.form);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (mut browser, form, token) = (scene.browser.clone(), scene.form.clone(), token.clone());
        tasks.spawn(async move { browser.order(&form, &token).await.status });
    }
    let answers = tasks.join_all().await;
    let placed = answers.iter().filter(|status| **status == StatusCode::SEE_OTHER);
    assert_eq!(placed.count(), 1, "{answers:?}");
}

#[tokio::test]
async fn a_form_that_another_origin_posts_places_no_order_and_takes_no_session() {
    let mut scene = Scene::new().await;
    let token = scene.issuer.token(&scene.form);
    let mut stranger = Browser::new(&scene.shop);
    let strangers_form = stranger.open().await;

    // The browser's cookie, but a form token that its session did not give out.
    for form_token in ["", "guess", &strangers_form.form_token] {
        let form = Form {
            form_token: form_token.to_owned(),
            ..scene.form.clone()
        };
        let answer = scene.browser.order(&form, &token).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.set_cookie, None);
    }
    // No cookie, as SameSite=Lax has it for a post from elsewhere; and a cookie that was made up.
    for cookie in [None, Some("order-session=fixed".to_owned())] {
        let mut browser = Browser::new(&scene.shop);
        browser.cookie = cookie;
        let answer = browser.order(&scene.form, &token).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.set_cookie, None);
    }
    assert_eq!(scene.issuer.redeemed(), 0);
}

#[tokio::test]
async fn what_was_typed_comes_back_as_text() {
    let mut scene = Scene::new().await;
    let hostile = r#""></textarea><script>alert("1")</script><phone-verify token='x'>"#;
    let token = scene.issuer.token(&scene.form);
    let fields = [
        ("form-token", scene.form.form_token.clone()),
        ("name", hostile.into()),
        ("item", hostile.into()),
        ("address", hostile.into()),
        ("phone-token", hostile.into()),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = scene.browser.post(&fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.html.contains("<script>alert"), "{}", answer.html);
    assert_eq!(answer.html.matches("<phone-verify").count(), 1);

    let mut with_token = fields.clone();
    with_token[4] = ("phone-token", &token);
    assert_eq!(
        scene.browser.post(&with_token).await.status,
        StatusCode::SEE_OTHER
    );
    let receipt = scene.browser.get("/receipt").await.html;
    assert!(receipt.contains("&lt;script&gt;") && !receipt.contains("<script>alert"));
}

#[tokio::test]
async fn made_up_key_names_do_not_make_the_shop_fetch_keys_over_and_over() {
    let mut scene = Scene::new().await;
    scene.refuses_token("not valid", "a.b.c").await;
    for _ in 0..20 {
        let stranger = SigningKey::generate().unwrap();
        let token = stranger.sign(&scene.issuer.claims(&scene.form)).unwrap();
        scene.refuses_token("not valid", &token).await;
    }
    assert_eq!(scene.issuer.key_fetches(), 1);
}

#[tokio::test]
async fn bodies_that_are_no_form_or_too_large_are_refused_without_a_5xx() {
    let mut scene = Scene::new().await;
    let large = "x".repeat(100_000);
    for fields in [
        vec![("name", "Ada"), ("name", "Eve")],
        vec![("name", large.as_str())],
        vec![("nothing", "here")],
    ] {
        let status = scene.browser.post(&fields).await.status;
        assert!(status.is_client_error(), "{status}");
    }
}
