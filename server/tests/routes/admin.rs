//! The operator's pages, on both databases.

use crate::cluster::fresh_database;
use crate::harness::{NUMBER, OTHER_NUMBER, Reply, TestServer};
use futures::future::join_all;
use phone_verify::admin::PasswordHash;
use reqwest::Method;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// What opens them.
pub const PASSWORD: &str = "correct horse battery staple";

/// A server that has them, in SQLite.
pub async fn server(settings: &[(&str, &str)]) -> TestServer {
    let hash = PasswordHash::of(&PASSWORD.into()).unwrap();
    let own = [("ADMIN__PASSWORD_HASH", hash.expose())];
    TestServer::with(&[&own[..], settings].concat()).await
}

/// Logs in, and returns the cookie as a browser sends it.
pub async fn log_in(server: &TestServer) -> String {
    log_in_from(server, Ipv4Addr::LOCALHOST).await
}

/// An address that nobody has tried to log in from.
pub fn fresh_address() -> Ipv4Addr {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // RFC 2544's networks for benchmarks.
    Ipv4Addr::from_bits(Ipv4Addr::new(198, 18, 0, 0).to_bits() + NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The same through a proxy, where the server believes one.
pub async fn log_in_from(server: &TestServer, address: Ipv4Addr) -> String {
    let request = server
        .request_here(Method::POST, "/admin/login")
        .form(&[("password", PASSWORD)]);
    let request = request
        .header("origin", &server.url)
        .header("x-forwarded-for", address.to_string());
    let reply = Reply::of(request).await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (303, "/admin"),
        "{reply:?}"
    );
    cookie(&reply)
}

fn cookie(reply: &Reply) -> String {
    let cookie = reply.header("set-cookie");
    assert!(cookie.contains("HttpOnly; SameSite=Strict"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

async fn try_log_in(server: &TestServer, password: &str) -> Reply {
    post(server, "", "/admin/login", &[("password", password)]).await
}

async fn post(server: &TestServer, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
    let request = server.request_here(Method::POST, path).form(fields);
    let request = request.header("origin", &server.url).header("cookie", cookie);
    Reply::of(request).await
}

pub async fn get(server: &TestServer, cookie: &str, path: &str) -> Reply {
    let request = server.request_here(Method::GET, path);
    Reply::of(request.header("cookie", cookie)).await
}

/// What a page says, without its tags.
pub fn text(reply: &Reply) -> String {
    let html = String::from_utf8(reply.bytes.clone()).unwrap();
    let body = html.split_once("<body>").map_or("", |(_, body)| body);
    let mut text = String::new();
    for part in body.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        text.push('\n');
    }
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" | ")
}

async fn act(server: &TestServer, cookie: &str, button: &str, more: &[(&str, &str)]) -> String {
    let fields = [&[("do", button), ("phone_number", NUMBER)][..], more].concat();
    let reply = post(server, cookie, "/admin/numbers", &fields).await;
    assert_eq!(reply.status, 200, "{button}: {reply:?}");
    text(&reply)
}

#[tokio::test]
async fn without_a_password_there_are_none() {
    let server = TestServer::start().await;
    for path in [
        "/admin",
        "/admin/login",
        "/admin/numbers",
        "/admin/budget",
        "/admin/breakers",
        "/admin/decisions",
        "/admin/sites",
        "/admin/log",
    ] {
        server.get(path).await.assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn whoever_is_not_logged_in_sees_and_does_nothing() {
    let server = server(&[]).await;
    let inside = log_in(&server).await;
    let over = log_in(&server).await;
    post(&server, &over, "/admin/logout", &[]).await;
    let forged = "phone-verify-admin=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for cookie in ["", forged, &over, "phone-verify-admin=", "phone-verify-admin"] {
        for path in [
            "/admin",
            "/admin/numbers",
            "/admin/budget",
            "/admin/breakers",
            "/admin/decisions",
            "/admin/sites",
            "/admin/log",
        ] {
            let reply = get(&server, cookie, path).await;
            assert_eq!(
                (reply.status, reply.header("location")),
                (303, "/admin/login"),
                "{cookie} {path}"
            );
        }
        for (path, button) in [
            ("/admin/numbers", "block"),
            ("/admin/breakers", "open"),
            ("/admin/logout", ""),
        ] {
            let fields = [("do", button), ("phone_number", NUMBER), ("place", "US")];
            let reply = post(&server, cookie, path, &fields).await;
            assert_eq!(
                (reply.status, reply.header("location")),
                (303, "/admin/login"),
                "{cookie} {path}"
            );
        }
    }
    let log = text(&get(&server, &inside, "/admin/log").await);
    assert!(!log.contains("blocked") && !log.contains("opened"), "{log}");
    server.clock.advance(Duration::from_hours(8));
    assert_eq!(
        get(&server, &inside, "/admin").await.status,
        303,
        "a working day is over"
    );
}

#[tokio::test]
async fn a_guess_is_counted_before_it_is_looked_at() {
    let server = server(&[]).await;
    for _ in 0..5 {
        let reply = try_log_in(&server, "correct horse battery stapler").await;
        assert_eq!(reply.status, 422, "{reply:?}");
        assert_eq!(reply.header("set-cookie"), "");
        assert!(text(&reply).contains("That is not the password."));
    }
    let reply = try_log_in(&server, PASSWORD).await;
    assert_eq!(reply.status, 429, "the right one is not looked at either");
    let wait: u64 = reply.header("retry-after").parse().unwrap();
    assert!((1..=120).contains(&wait), "{wait}");
    server.clock.advance(Duration::from_secs(wait));
    let inside = log_in(&server).await;
    let log = text(&get(&server, &inside, "/admin/log").await);
    assert_eq!(log.matches("A wrong password").count(), 5, "{log}");
}

#[tokio::test]
async fn a_password_that_is_none_and_a_long_session_refuse_to_start() {
    use phone_verify::config::Config;
    for (name, value) in [
        ("PASSWORD_HASH", "correct horse battery staple"),
        ("SESSION", "25h"),
    ] {
        let environment = [(format!("PHONE_VERIFY__ADMIN__{name}"), value.to_owned())];
        let refused = Config::parse(None, &environment.into()).unwrap_err().to_string();
        assert!(
            refused.contains(&format!("admin.{}", name.to_lowercase())),
            "{refused}"
        );
    }
}

async fn every_action_does_what_its_button_says(settings: &[(&str, &str)]) {
    let limits = [("LIMITS__NUMBER__PER_HOUR", "2")];
    let server = server(&[&limits[..], settings].concat()).await;
    let inside = log_in(&server).await;
    let none = act(&server, &inside, "look-up", &[]).await;
    assert!(none.contains("None are known."), "{none}");

    server.approved().await;
    server.started(NUMBER).await;
    assert_eq!(server.try_start(NUMBER).await.status, 429);
    let seen = act(&server, &inside, "look-up", &[]).await;
    for said in [
        "+1 ••• ••• ••34",
        "United States",
        "Text message",
        "approved",
        "pending",
        "1800 seconds",
    ] {
        assert!(seen.contains(said), "{said}: {seen}");
    }
    let unlocked = act(&server, &inside, "unlock", &[]).await;
    assert!(unlocked.contains("Next message possible | Now"), "{unlocked}");
    server.started(NUMBER).await;

    act(&server, &inside, "unlock", &[]).await;
    let blocked = act(&server, &inside, "block", &[("site", "demo")]).await;
    assert!(blocked.contains("Blocked | On demo"), "{blocked}");
    let sent = server.outbox().await.len();
    server.started(NUMBER).await;
    assert_eq!(
        server.outbox().await.len(),
        sent,
        "nothing goes to a blocked number"
    );
    let other = act(&server, &inside, "unblock", &[]).await;
    assert!(
        other.contains("Blocked | On demo"),
        "the block on all sites is another one: {other}"
    );
    act(&server, &inside, "unblock", &[("site", "demo")]).await;
    server.started(NUMBER).await;
    assert_eq!(server.outbox().await.len(), sent + 1);
    let everywhere = act(&server, &inside, "block", &[]).await;
    assert!(everywhere.contains("Blocked | On all sites"), "{everywhere}");

    let unsure = [("do", "erase"), ("phone_number", NUMBER)];
    let reply = post(&server, &inside, "/admin/numbers", &unsure).await;
    reply.assert_problem(400, "invalid_request");
    let erased = act(&server, &inside, "erase", &[("sure", "yes")]).await;
    assert!(erased.contains("None are known."), "{erased}");
    assert!(
        erased.contains("On all sites"),
        "no erasure ends a block: {erased}"
    );
    assert!(erased.contains("A number erased"), "{erased}");

    let log = text(&get(&server, &inside, "/admin/log").await);
    for (said, times) in [
        ("Logged in", 1),
        ("A number looked up", 2),
        ("A number unlocked", 2),
        ("A number blocked", 2),
        ("A block ended", 2),
        ("A number erased", 1),
    ] {
        assert_eq!(log.matches(said).count(), times, "{said}: {log}");
    }
    for digits in ["2025550134", "202 555", "5550134"] {
        assert!(!log.contains(digits), "{log}");
    }
}

async fn turn(server: &TestServer, cookie: &str, button: &str, place: &str) -> Reply {
    let fields = [("do", button), ("place", place)];
    post(server, cookie, "/admin/breakers", &fields).await
}

async fn a_prefix_that_its_country_stops_is_shown_and_let_through_by_hand(settings: &[(&str, &str)]) {
    let breaker = [
        ("LIMITS__CONVERSION__ENABLED", "true"),
        ("LIMITS__CONVERSION__COUNTRY_SENDS", "2"),
    ];
    let server = server(&[&breaker[..], settings].concat()).await;
    let inside = log_in(&server).await;
    for number in [NUMBER, "+12125550134"] {
        server.started(number).await;
    }
    server.clock.advance(Duration::from_mins(6));
    server.started("+12025550177").await;
    assert_eq!(server.outbox().await.len(), 2);
    let seen = text(&get(&server, &inside, "/admin/breakers").await);
    for said in [
        "(US) | Open since 2027-01-15 08:06, each prefix for itself, tries again at 2027-01-15 09:06 | 2 | 0 | 0 % | Close",
        "Stopped while its country is open | 1 | 0 | 0 % | Close",
    ] {
        assert!(seen.contains(said), "{seen}");
    }
    turn(&server, &inside, "close", NUMBER).await;
    server.started("+12025550177").await;
    assert_eq!(server.outbox().await.len(), 3);
}

async fn a_breaker_is_shown_with_its_reason_and_opened_and_closed_by_hand(settings: &[(&str, &str)]) {
    let breaker = [
        ("LIMITS__CONVERSION__ENABLED", "true"),
        ("LIMITS__CONVERSION__PREFIX_SENDS", "2"),
    ];
    let server = server(&[&breaker[..], settings].concat()).await;
    let inside = log_in(&server).await;
    let none = text(&get(&server, &inside, "/admin/breakers").await);
    assert!(none.contains("None has counted anything"), "{none}");
    for number in ["+12025550101", "+12025550102"] {
        server.started(number).await;
    }
    server.clock.advance(Duration::from_mins(6));
    let sent = async || server.outbox().await.len();
    server.started(NUMBER).await;
    assert_eq!(sent().await, 2, "it has opened by itself");
    let seen = text(&get(&server, &inside, "/admin/breakers").await);
    assert!(
        seen.contains("Open since 2027-01-15 08:06, tries again at 2027-01-15 09:06 | 2 | 0 | 0 % | Close"),
        "{seen}"
    );
    assert!(
        seen.contains("United States") && seen.contains("Closed | 2 | 0 | 0 % | Open"),
        "{seen}"
    );
    for digits in ["2025550", "202555"] {
        assert!(!seen.contains(digits), "{seen}");
    }

    let closed = text(&turn(&server, &inside, "close", NUMBER).await);
    assert!(
        closed.contains("It is closed, and begins to count anew."),
        "{closed}"
    );
    server.started(NUMBER).await;
    assert_eq!(sent().await, 3);
    let opened = text(&turn(&server, &inside, "open", "US").await);
    assert!(
        opened.contains("It is open until it is closed by hand."),
        "{opened}"
    );
    assert!(opened.contains("Open by hand since 2027-01-15 08:06"), "{opened}");
    server.started("+12125550134").await;
    assert_eq!(sent().await, 3);
    server.started(OTHER_NUMBER).await;
    assert_eq!(sent().await, 4, "other countries are served");
    let again = text(&turn(&server, &inside, "open", "US").await);
    assert!(again.contains("It was open before"), "{again}");
    let nowhere = turn(&server, &inside, "open", "nowhere").await;
    assert_eq!(nowhere.status, 422, "{nowhere:?}");
    assert!(text(&nowhere).contains("That is neither a country"));
    turn(&server, &inside, "shut", "US")
        .await
        .assert_problem(400, "invalid_request");

    let log = text(&get(&server, &inside, "/admin/log").await);
    assert_eq!(log.matches("A breaker opened | US").count(), 2, "{log}");
    assert_eq!(log.matches("A breaker closed | prefix ").count(), 1, "{log}");
}

/// Waits until the page says so: decisions are written within a second or so.
async fn eventually(server: &TestServer, cookie: &str, path: &str, said: &str) -> String {
    let mut seen = String::new();
    for _ in 0..100 {
        seen = text(&get(server, cookie, path).await);
        if seen.contains(said) {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{path} does not say {said}: {seen}");
}

async fn decisions_are_shown_with_their_rule_and_of_one_verification_whole(settings: &[(&str, &str)]) {
    let limits = [("LIMITS__NUMBER__PER_HOUR", "2")];
    let server = server(&[&limits[..], settings].concat()).await;
    let inside = log_in(&server).await;
    let none = text(&get(&server, &inside, "/admin/decisions").await);
    assert!(none.contains("No rule has decided against anything."), "{none}");
    let started = server.started(NUMBER).await;
    server.started(NUMBER).await;
    assert_eq!(server.try_start(NUMBER).await.status, 429);
    assert_eq!(server.check(&started, "12").await.status, 422);
    act(&server, &inside, "unlock", &[]).await;
    act(&server, &inside, "block", &[]).await;
    server.started(NUMBER).await;
    let dropped = "Dropped, told as sent: start";
    let all = eventually(&server, &inside, "/admin/decisions", dropped).await;
    let limit = "Refused: start | number | 2 of 2 in 1 h, again in 1800 s | demo | Text message";
    assert!(all.contains(limit), "{all}");
    assert!(all.contains("Refused: check | invalid_code"), "{all}");

    let by_rule = text(&get(&server, &inside, "/admin/decisions?rule=number&site=demo").await);
    assert!(
        by_rule.contains(limit) && !by_rule.contains("Refused: check"),
        "{by_rule}"
    );
    let path = format!("/admin/decisions?verification={}", started.id);
    let whole = text(&get(&server, &inside, &path).await);
    assert!(whole.contains("Allowed: start"), "{whole}");
    assert!(whole.contains("Refused: check | invalid_code"), "{whole}");
    assert!(!whole.contains("Dropped"), "of another verification: {whole}");
    for wrong in ["rule=x", "site=%20x%20y", "verification=17"] {
        let reply = get(&server, &inside, &format!("/admin/decisions?{wrong}")).await;
        reply.assert_problem(400, "invalid_request");
    }
    let number = act(&server, &inside, "look-up", &[]).await;
    assert!(number.contains(limit), "{number}");
    assert!(number.contains(dropped), "{number}");
    for page in [&all, &whole, &by_rule] {
        for digits in ["2025550134", "202 555", "5550134"] {
            assert!(!page.contains(digits), "{page}");
        }
    }
    let erased = act(&server, &inside, "erase", &[("sure", "yes")]).await;
    assert!(
        erased.contains("No rule has decided against anything."),
        "{erased}"
    );
}

async fn the_overview_counts_what_was_sent_and_what_came_of_it(settings: &[(&str, &str)]) {
    let server = server(settings).await;
    let inside = log_in(&server).await;
    let nothing = text(&get(&server, &inside, "/admin").await);
    assert!(
        nothing.contains("Sent | 0") && nothing.contains("Conversion | –"),
        "{nothing}"
    );
    server.approved().await;
    for _ in 0..3 {
        server.started(NUMBER).await;
    }
    server.started("+447400123456").await;
    let seen = text(&get(&server, &inside, "/admin?period=day").await);
    assert!(seen.contains("Sent | 5"), "{seen}");
    assert!(seen.contains("Approved | 1 | Conversion | 20 %"), "{seen}");
    assert!(seen.contains("(US) | Text message | 4 |"), "{seen}");
    assert!(seen.contains("(GB) | Text message | 1 |"), "{seen}");
    server.clock.advance(Duration::from_hours(48));
    let later = text(&get(&server, &inside, "/admin?period=day").await);
    assert_eq!(later, "", "the log-in is over");
    let inside = log_in(&server).await;
    let later = text(&get(&server, &inside, "/admin?period=day").await);
    assert!(later.contains("Sent | 0"), "{later}");
    let week = text(&get(&server, &inside, "/admin?period=week&site=demo").await);
    assert!(week.contains("Sent | 5"), "{week}");
}

async fn two_operators_at_once_do_not_disturb_each_other(settings: &[(&str, &str)]) {
    let server = server(settings).await;
    let (one, other) = (log_in(&server).await, log_in(&server).await);
    server.started(NUMBER).await;
    let both = [&one, &other].map(|cookie| act(&server, cookie, "block", &[]));
    for seen in join_all(both).await {
        assert!(seen.contains("On all sites"), "{seen}");
    }
    post(&server, &one, "/admin/logout", &[]).await;
    assert_eq!(get(&server, &one, "/admin").await.status, 303);
    let seen = act(&server, &other, "unblock", &[]).await;
    assert!(seen.contains("Blocked | No"), "{seen}");
    let log = text(&get(&server, &other, "/admin/log").await);
    assert_eq!(log.matches("A number blocked").count(), 2, "{log}");
}

/// One test for each on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(&[]).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                let url = super::fresh_database().await.unwrap();
                super::$name(&[("DATABASE__URL", &url)]).await;
            })*
        }
    };
}

on_both!(
    every_action_does_what_its_button_says,
    the_overview_counts_what_was_sent_and_what_came_of_it,
    two_operators_at_once_do_not_disturb_each_other,
    a_breaker_is_shown_with_its_reason_and_opened_and_closed_by_hand,
    a_prefix_that_its_country_stops_is_shown_and_let_through_by_hand,
    decisions_are_shown_with_their_rule_and_of_one_verification_whole,
);
