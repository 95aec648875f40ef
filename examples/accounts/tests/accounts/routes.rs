//! Every route, by every request that must not act.

use crate::browser::{Browser, Page, client};
use crate::world::{PASSWORD, World};
use accounts::server::PATHS;
use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_TYPE, ORIGIN};
use std::collections::BTreeSet;

const NUMBER: &str = "+12025550123";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Routes that act, and a body that they act on.
const ACTING: [(&str, &str, &str); 9] = [
    (
        "/register",
        FORM,
        "user_name=eve&full_name=Eve&password=long+enough&phone_number=%2B12025550145",
    ),
    ("/login", FORM, "user_name=ada&password=correct+horse+battery"),
    ("/logout", FORM, ""),
    ("/verify", FORM, "do=start&phone_number=%2B12025550145"),
    ("/second-step", FORM, "do=start&channel=sms"),
    ("/recovery", FORM, "recovery_code=0"),
    ("/two-factor", FORM, "turn=on"),
    ("/number", FORM, "phone_number=%2B12025550145"),
    ("/api/finish_proof", JSON, "{}"),
];

/// Routes that show something.
const SHOWING: [&str; 9] = [
    "/",
    "/register",
    "/login",
    "/verify",
    "/second-step",
    "/dashboard",
    "/app/accounts.css",
    "/app/accounts.js",
    "/app/accounts.wasm",
];

/// phone-verify's server functions, which the component calls from the same origin.
const FUNCTIONS: [&str; 5] = [
    "/api/start_verification",
    "/api/resend_code",
    "/api/check_code",
    "/api/view_verification",
    "/api/cancel_verification",
];

#[test]
fn every_route_is_in_the_table() {
    let tested: BTreeSet<_> = ACTING.iter().map(|(path, ..)| *path).chain(SHOWING).collect();
    let there: BTreeSet<_> = PATHS.iter().copied().collect();
    assert_eq!(tested, there);
}

fn refused(request: &str, path: &str, page: &Page, statuses: &[u16]) {
    assert!(
        statuses.contains(&page.status.as_u16()),
        "{request} {path}: {} {}",
        page.status,
        page.html
    );
}

#[tokio::test]
async fn only_a_post_by_this_origin_of_the_right_type_acts() {
    let world = World::start().await;
    let mut ada = Browser::join(&world, "ada", NUMBER).await;
    let before = ada.cookie.clone();
    let url = world.url.clone();
    let at = |path: &str| client().post(format!("{url}{path}"));
    let functions = FUNCTIONS.map(|path| (path, JSON, "{}"));
    for (path, content_type, body) in ACTING.into_iter().chain(functions) {
        let right = |request: RequestBuilder| request.header(CONTENT_TYPE, content_type).body(body);
        // GET shows a page or is not allowed.
        let got = ada.get(path).await;
        if SHOWING.contains(&path) {
            assert!(got.status.is_success() || got.status.as_u16() == 303);
        } else {
            refused("GET", path, &got, &[405]);
        }
        let query = ada.get(&format!("{path}?{body}")).await;
        assert!(query.status.as_u16() != 422, "{path} reads its query");
        for method in ["PUT", "PATCH", "DELETE"] {
            let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
            let other = client()
                .request(method, format!("{url}{path}"))
                .header(ORIGIN, &url);
            refused("another method", path, &ada.send(right(other)).await, &[405]);
        }
        let type_ = if content_type == FORM { JSON } else { FORM };
        for wrong in [type_, "text/plain", "multipart/form-data; boundary=x"] {
            let request = at(path)
                .header(ORIGIN, &url)
                .header(CONTENT_TYPE, wrong)
                .body(body);
            refused(wrong, path, &ada.send(request).await, &[415]);
        }
        refused("no Origin", path, &ada.send(right(at(path))).await, &[403]);
        for origin in ["null", "https://evil.example", "http://localhost", ""] {
            let request = right(at(path)).header(ORIGIN, origin);
            refused(origin, path, &ada.send(request).await, &[403]);
        }
        for site in ["cross-site", "same-site", "none"] {
            let request = right(at(path)).header("sec-fetch-site", site);
            refused(site, path, &ada.send(request).await, &[403]);
        }
    }
    // None of it has done anything.
    assert_eq!(ada.cookie, before);
    ada.get("/dashboard").await.says("Two-factor is off");
    assert!(world.sent("+12025550145").await.is_empty());
    let mut nobody = Browser::new(&world);
    nobody.log_in("eve", "long enough").await.refuses(422, "wrong");

    // By Sec-Fetch-Site alone, as old forms are sent, the allowed one acts.
    let form = at("/two-factor").header("sec-fetch-site", "same-origin");
    let on = form.header(CONTENT_TYPE, FORM).body("turn=on");
    ada.send(on).await.says("Recovery codes");
}

#[tokio::test]
async fn pages_are_nobody_elses_to_keep_to_frame_or_to_add_to() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    let page = browser.get("/login").await;
    let policy = page.policy.clone().unwrap();
    for part in [
        "default-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    assert_eq!(page.referrer_policy.as_deref(), Some("same-origin"));
    let answer = browser.register("ada", NUMBER).await;
    let cookie = answer.set_cookie.unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    // Only whoever logs in has a session at all.
    assert!(page.set_cookie.is_none());
    assert_eq!(browser.log_in("ada", PASSWORD).await.status.as_u16(), 303);
}

#[tokio::test]
async fn behind_https_the_cookie_is_secure_and_this_hosts_alone() {
    let world = World::with(&[
        ("PHONE_VERIFY__HTTP__PUBLIC_URL", "https://accounts.example"),
        ("PHONE_VERIFY__HTTP__TRUSTED_PROXIES", "1"),
        ("PHONE_VERIFY__SITES__0__ORIGINS", "https://accounts.example"),
        ("PHONE_VERIFY__SITES__0__KEY", "accounts"),
        ("PHONE_VERIFY__SITES__0__COUNTRIES", "*"),
        ("PHONE_VERIFY__SITES__0__NUMBER_STORAGE", "encrypted"),
    ])
    .await;
    let form = client()
        .post(format!("{}/register", world.url))
        .header("host", "accounts.example")
        .header(ORIGIN, "https://accounts.example")
        .header(CONTENT_TYPE, FORM)
        .body("user_name=eve&full_name=Eve&password=long+enough&phone_number=%2B12025550145");
    let answer = Browser::new(&world).send(form).await;
    let cookie = answer.set_cookie.unwrap();
    assert!(
        cookie.starts_with("__Host-session=") && cookie.contains("Secure"),
        "{cookie}"
    );
}
